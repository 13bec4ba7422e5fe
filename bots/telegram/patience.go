package telegram

import (
	"context"
	"errors"
	"time"

	"github.com/poruch/poruch/bots"
)

// Waits between failed attempts of intake.
const (
	firstWait = 250 * time.Millisecond
	maxWait   = 10 * time.Second
)

// persist tries until it succeeds, ctx ends, or the token turns out to be
// wrong: only that is returned.
func (b *Bot) persist(ctx context.Context, what string, do func(context.Context) error) error {
	for wait := firstWait; ; wait = min(wait*2, maxWait) {
		err := do(ctx)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, errToken) {
			return errToken
		}
		var retry *bots.RetryError
		long := wait
		if errors.As(err, &retry) {
			long = max(long, retry.After)
		}
		b.cfg.Log.WarnContext(ctx, "telegram intake waits and tries again", "bot", b.cfg.Name, "step", what, "wait", long, "err", err)
		if !pause(ctx, long) {
			return nil
		}
	}
}

// pause waits; false means that ctx ended first.
func pause(ctx context.Context, long time.Duration) bool {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
