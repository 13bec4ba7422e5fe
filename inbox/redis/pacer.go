package redis

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/poruch/poruch/inbox"
)

// Pacer keeps every bot below its rate across replicas, and honours the pauses
// that platforms ask for.
type Pacer struct {
	client *redis.Client
	log    *slog.Logger
	now    func() time.Time
	rates  map[string]Rate

	mu     sync.Mutex
	local  map[inbox.PaceKey]time.Time // pauses as this process knows them
	next   map[string]time.Time        // theoretical arrival per bot, while Redis is away
	lost   bool
	looked time.Time // when the map of pauses was last swept
}

// Rate is how fast a bot may send.
type Rate struct {
	PerSecond float64 // 0: not paced
	Burst     int     // sends that may go at once after a quiet time
}

// NewPacer paces the named bots; others are only paused when they ask for it.
func NewPacer(client *redis.Client, rates map[string]Rate, now func() time.Time, log *slog.Logger) *Pacer {
	return &Pacer{
		client: client, rates: rates, now: now, log: log,
		local: map[inbox.PaceKey]time.Time{}, next: map[string]time.Time{},
	}
}

// take is a generic cell rate limiter: KEYS are the bucket, the bot's pause and
// the chat's pause; ARGV are now, interval and burst window in microseconds
// (0 interval: only the pauses count). It returns the wait in microseconds and
// takes a send when that is 0.
var take = redis.NewScript(`
local wait = 0
for i = 2, 3 do
  local left = redis.call('PTTL', KEYS[i])
  if left > 0 and left * 1000 > wait then wait = left * 1000 end
end
local interval = tonumber(ARGV[2])
if wait > 0 or interval == 0 then return wait end
local now, window = tonumber(ARGV[1]), tonumber(ARGV[3])
local due = tonumber(redis.call('GET', KEYS[1]) or '0')
if due < now then due = now end
if due - now > window then return due - now - window end
due = due + interval
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000) + 1000)
return 0`)

// redisPatience is how long a send waits for Redis before it goes on without.
const redisPatience = 250 * time.Millisecond

// Take asks for one send. 0: go ahead.
func (p *Pacer) Take(ctx context.Context, key inbox.PaceKey) time.Duration {
	if wait := p.pausedFor(key); wait > 0 {
		return wait
	}
	rate := p.rates[key.Bot]
	interval, window := rate.steps()
	ask, cancel := context.WithTimeout(ctx, redisPatience)
	defer cancel()
	us, err := take.Run(ask, p.client,
		[]string{"poruch:pace:" + key.Bot, pauseKey(inbox.PaceKey{Bot: key.Bot}), pauseKey(key)},
		p.now().UnixMicro(), interval.Microseconds(), window.Microseconds()).Int64()
	if err != nil {
		p.note(err)
		return p.takeAlone(key.Bot, interval, window)
	}
	p.note(nil)
	return time.Duration(us) * time.Microsecond
}

func (r Rate) steps() (interval, window time.Duration) {
	if r.PerSecond <= 0 {
		return 0, 0
	}
	interval = time.Duration(float64(time.Second) / r.PerSecond)
	return interval, interval * time.Duration(max(r.Burst-1, 0))
}

// takeAlone is the same limiter within this process.
func (p *Pacer) takeAlone(bot string, interval, window time.Duration) time.Duration {
	if interval == 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	due := p.next[bot]
	if due.Before(now) {
		due = now
	}
	if wait := due.Sub(now) - window; wait > 0 {
		return wait
	}
	p.next[bot] = due.Add(interval)
	return 0
}

// note logs once that Redis went away, and once that it is back.
func (p *Pacer) note(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if lost := err != nil; lost != p.lost {
		p.lost = lost
		if lost {
			p.log.Warn("redis does not answer; this process paces its sends alone", "err", err)
		} else {
			p.log.Info("redis answers again")
		}
	}
}

func pauseKey(k inbox.PaceKey) string { return "poruch:pause:" + k.Bot + ":" + k.Chat }

// Pause stops a chat, or with an empty Chat the whole bot.
func (p *Pacer) Pause(ctx context.Context, key inbox.PaceKey, d time.Duration) {
	p.mu.Lock()
	p.local[key] = p.now().Add(d)
	p.mu.Unlock()
	tell, cancel := context.WithTimeout(ctx, redisPatience)
	defer cancel()
	p.note(p.client.Set(tell, pauseKey(key), 1, d).Err())
}

// pausedFor is the pause as this process knows it.
func (p *Pacer) pausedFor(key inbox.PaceKey) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.looked) > time.Minute {
		p.looked = now
		for k, until := range p.local {
			if !until.After(now) {
				delete(p.local, k)
			}
		}
	}
	var wait time.Duration
	for _, k := range []inbox.PaceKey{key, {Bot: key.Bot}} {
		wait = max(wait, p.local[k].Sub(now))
	}
	return max(wait, 0)
}
