package redis

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Open connects to a Redis by URL. It does not wait for an answer: Redis makes
// things fast, and Poruch starts without it.
func Open(url string, log *slog.Logger) (*redis.Client, error) {
	opts, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL is not a Redis address like redis://host:6379/0: %w", err)
	}
	quiet(log)
	return redis.NewClient(opts), nil
}

// Embedded is a Redis within this process, for an installation of one.
type Embedded struct {
	Client *redis.Client
	server *miniredis.Miniredis
	stop   context.CancelFunc
	clock  sync.WaitGroup
}

// tick is how often the embedded server's clock moves: it expires keys only
// when it is told that time has passed.
const tick = 100 * time.Millisecond

// StartEmbedded starts the in-process server on a loopback port.
func StartEmbedded(log *slog.Logger) (*Embedded, error) {
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the in-process redis: %w", err)
	}
	quiet(log)
	ctx, stop := context.WithCancel(context.Background())
	e := &Embedded{Client: redis.NewClient(&redis.Options{Addr: server.Addr()}), server: server, stop: stop}
	e.clock.Go(func() {
		last := time.Now()
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-ticker.C:
				server.FastForward(now.Sub(last))
				last = now
			}
		}
	})
	return e, nil
}

// Close stops the server and its clock.
func (e *Embedded) Close() error {
	e.stop()
	e.clock.Wait()
	err := e.Client.Close()
	e.server.Close()
	return err
}

// quiet sends go-redis' own log lines (dial failures) where ours go.
func quiet(log *slog.Logger) { redis.SetLogger(logger{log}) }

type logger struct{ log *slog.Logger }

func (l logger) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "redis: "+fmt.Sprintf(format, v...))
}
