package redis

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
)

// Leases let one replica at a time do a thing, such as polling a bot. They save
// work and vendor errors; whatever is done under one must also be right twice.
type Leases struct {
	Client *redis.Client
	Owner  string        // unique per process
	TTL    time.Duration // how soon another replica takes over from a dead one
	Log    *slog.Logger
}

var renew = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`)

var release = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`)

// Hold runs do while this process holds the lease, and waits for the lease
// before it and after losing it. It returns what do returns once do ends by
// itself, or nil when ctx ends. With Redis away, do runs without a lease.
func (l *Leases) Hold(ctx context.Context, name string, do func(ctx context.Context) error) error {
	key := "poruch:lease:" + name
	for {
		if !l.acquire(ctx, key, name) {
			return nil
		}
		held, lose := context.WithCancelCause(ctx)
		kept := make(chan struct{})
		go func() {
			defer close(kept)
			l.keep(held, key, func() { lose(errLeaseLost) })
		}()
		err := do(held)
		lost := context.Cause(held) == errLeaseLost
		lose(nil)
		<-kept
		l.giveBack(key)
		if ctx.Err() != nil {
			return nil
		}
		if !lost {
			return err
		}
		l.Log.WarnContext(ctx, "another replica took the lease over", "lease", name)
	}
}

var errLeaseLost = errors.New("lease was lost")

// acquire waits for the lease; false: ctx ended.
func (l *Leases) acquire(ctx context.Context, key, name string) bool {
	waiting := false
	for ctx.Err() == nil {
		ok, err := l.Client.SetNX(ctx, key, l.Owner, l.TTL).Result()
		if err != nil && ctx.Err() == nil {
			l.Log.WarnContext(ctx, "redis does not answer; going on without the lease", "lease", name, "err", err)
			return true
		}
		if ok {
			return true
		}
		if !waiting {
			waiting = true
			l.Log.InfoContext(ctx, "another replica holds the lease; standing by", "lease", name)
		}
		pause(ctx, l.TTL/5)
	}
	return false
}

// keep renews the lease until ctx ends, and calls lost when another has it.
// While Redis is away the lease counts as kept: the other replicas cannot take
// it either.
func (l *Leases) keep(ctx context.Context, key string, lost func()) {
	for {
		pause(ctx, l.TTL/3)
		if ctx.Err() != nil {
			return
		}
		n, err := renew.Run(ctx, l.Client, []string{key}, l.Owner, l.TTL.Milliseconds()).Int64()
		if err != nil || n == 1 {
			continue
		}
		// It ran out (Redis was away or emptied): take it again, or lose it.
		if ok, err := l.Client.SetNX(ctx, key, l.Owner, l.TTL).Result(); err == nil && !ok {
			lost()
			return
		}
	}
}

func (l *Leases) giveBack(key string) {
	ctx, cancel := context.WithTimeout(context.Background(), redisPatience)
	defer cancel()
	_ = release.Run(ctx, l.Client, []string{key}, l.Owner).Err() // else it runs out
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
