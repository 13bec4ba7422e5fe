package redis

import (
	"context"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
)

// wakeChannel carries "there is work" between replicas.
const wakeChannel = "poruch:wake"

// Signals wakes this process's workers at once and the other replicas' through
// Redis. A lost signal costs a worker's poll interval, never a job.
type Signals struct {
	client *redis.Client
	log    *slog.Logger
	woken  chan struct{}
	tell   chan struct{}
}

// NewSignals needs Run to reach other replicas.
func NewSignals(client *redis.Client, log *slog.Logger) *Signals {
	return &Signals{client: client, log: log, woken: make(chan struct{}, 1), tell: make(chan struct{}, 1)}
}

// Wake says that there is work. It never blocks; many calls become one.
func (s *Signals) Wake() {
	nudge(s.woken)
	nudge(s.tell)
}

// Woken ticks when there may be work.
func (s *Signals) Woken() <-chan struct{} { return s.woken }

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run carries signals until ctx ends.
func (s *Signals) Run(ctx context.Context) {
	sub := s.client.Subscribe(ctx, wakeChannel)
	defer sub.Close()
	heard := sub.Channel()
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-heard:
			if !ok {
				return
			}
			nudge(s.woken)
		case <-s.tell:
			tell, cancel := context.WithTimeout(ctx, redisPatience)
			if err := s.client.Publish(tell, wakeChannel, 1).Err(); err != nil && ctx.Err() == nil {
				s.log.Debug("other replicas were not woken; they look by the clock", "err", err)
			}
			cancel()
			// Other replicas need no more than a nudge now and then.
			pause := time.NewTimer(20 * time.Millisecond)
			select {
			case <-ctx.Done():
			case <-pause.C:
			}
			pause.Stop()
		}
	}
}
