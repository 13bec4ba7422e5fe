package embeddings

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"
)

// The breaker opens after so many failures in a row, and lets one question try
// again after a while.
const (
	failuresToOpen = 5
	openFor        = 30 * time.Second
)

// errSkipped is a question that was not asked: the breaker is open, or the
// endpoint wants to be left alone.
var errSkipped = errors.New("the embeddings endpoint is left alone for now")

// breaker guards questions against an endpoint that fails.
type breaker struct {
	circuit *gobreaker.CircuitBreaker[[]float32]

	mu    sync.Mutex
	until time.Time // the endpoint asked not to be asked before
	cause error     // the last failure
}

func newBreaker(log *slog.Logger, observe Observer) *breaker {
	b := &breaker{}
	b.circuit = gobreaker.NewCircuitBreaker[[]float32](gobreaker.Settings{
		Timeout:     openFor,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= failuresToOpen },
		// A caller who went away says nothing about the endpoint.
		IsExcluded: func(err error) bool { return errors.Is(err, context.Canceled) },
		OnStateChange: func(_ string, from, to gobreaker.State) {
			observe.BreakerMoved(to.String())
			switch {
			case to == gobreaker.StateOpen && from == gobreaker.StateClosed:
				log.Warn("the embeddings endpoint fails; questions are decided by words alone until it works again", "err", b.lastCause())
			case to == gobreaker.StateClosed:
				log.Info("the embeddings endpoint works again")
			}
		},
	})
	return b
}

// do asks, or says errSkipped.
func (b *breaker) do(ask func() ([]float32, error)) ([]float32, error) {
	if time.Now().Before(b.leftAlone()) {
		return nil, errSkipped
	}
	v, err := b.circuit.Execute(func() ([]float32, error) {
		v, err := ask()
		b.failed(err)
		return v, err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return nil, errSkipped
	}
	return v, err
}

// failed remembers a failure; nil is none.
func (b *breaker) failed(err error) {
	if err == nil {
		return
	}
	b.pause(err)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cause = err
}

// pause obeys Retry-After.
func (b *breaker) pause(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if wait := retryIn(err); wait > 0 {
		b.until = time.Now().Add(wait)
	}
}

// retryIn is what the endpoint said about when to come again; 0 when it did not.
func retryIn(err error) time.Duration {
	var status *StatusError
	if errors.As(err, &status) {
		return status.RetryAfter
	}
	return 0
}

func (b *breaker) leftAlone() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.until
}

func (b *breaker) lastCause() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.cause
}
