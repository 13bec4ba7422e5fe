package redis

import (
	"context"
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// newsChannel carries the brands whose knowledge changed.
const newsChannel = "poruch:knowledge"

// News tells replicas at once that a brand's knowledge changed. A word that is
// lost costs them their poll interval.
type News struct {
	Client *redis.Client
	Log    *slog.Logger
}

// Announce says so. It waits for Redis a moment only, and fails quietly.
func (n *News) Announce(brand string) {
	ctx, cancel := context.WithTimeout(context.Background(), redisPatience)
	defer cancel()
	if err := n.Client.Publish(ctx, newsChannel, brand).Err(); err != nil {
		n.Log.Debug("other replicas were not told of new knowledge; they look by the clock", "brand", brand, "err", err)
	}
}

// Listen calls changed for each announcement, its own included, until ctx ends.
func (n *News) Listen(ctx context.Context, changed func(brand string)) {
	sub := n.Client.Subscribe(ctx, newsChannel)
	defer sub.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case m, ok := <-sub.Channel():
			if !ok {
				return
			}
			changed(m.Payload)
		}
	}
}
