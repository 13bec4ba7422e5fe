package embeddings

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// Limit is how long a question waits for its vector at most, the cache included.
const Limit = 300 * time.Millisecond

// What became of texts, for an Observer.
const (
	Asked   = "asked"   // the endpoint gave a vector
	Cached  = "cached"  // the cache did
	Failed  = "failed"  // the endpoint did not, or too late
	Skipped = "skipped" // it was not asked: the breaker is open, or it wants to be left alone
)

// Observer counts. Its methods must not block.
type Observer interface {
	// Embedded says what became of texts: questions of customers, or a book's.
	Embedded(outcome string, questions bool, texts int)
	// BreakerMoved says that questions' breaker is closed, open or half-open now.
	BreakerMoved(state string)
}

type nobody struct{}

func (nobody) Embedded(string, bool, int) {}
func (nobody) BreakerMoved(string)        {}

// Config makes an Embedder.
type Config struct {
	Client  *Client
	Cache   Cache         // nil: NoCache
	Limit   time.Duration // 0: Limit
	Log     *slog.Logger
	Observe Observer // nil: nobody counts
}

// Embedder gives texts their vectors. It is safe for concurrent use.
type Embedder struct {
	Config
	breaker *breaker
	size    atomic.Int64 // of the book's vectors; 0: not known yet
}

// NewEmbedder asks nothing yet.
func NewEmbedder(c Config) *Embedder {
	if c.Cache == nil {
		c.Cache = NoCache{}
	}
	if c.Limit == 0 {
		c.Limit = Limit
	}
	if c.Observe == nil {
		c.Observe = nobody{}
	}
	return &Embedder{Config: c, breaker: newBreaker(c.Log, c.Observe)}
}

// Question returns the vector of a customer's words, or nil if there is none
// within the limit, for whatever reason. The words leave for the endpoint unless
// the cache knows them.
func (e *Embedder) Question(ctx context.Context, text string) []float32 {
	text = tidy(text)
	if text == "" {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, e.Limit)
	defer cancel()
	hash := e.Client.hash(text)
	known, err := e.Cache.Vectors(limited, []Hash{hash}, true)
	if err != nil {
		e.Log.Debug("the cache of vectors cannot be read", "err", err)
	}
	if v := known[hash]; e.fits(v) {
		e.Observe.Embedded(Cached, true, 1)
		return v
	}
	if limited.Err() != nil { // the cache took it all, which the endpoint is not to blame for
		e.Observe.Embedded(Failed, true, 1)
		return nil
	}
	v, err := e.breaker.do(func() ([]float32, error) { return e.ask(ctx, limited, text) })
	switch {
	case errors.Is(err, errSkipped):
		e.Observe.Embedded(Skipped, true, 1)
		return nil
	case err != nil:
		e.Observe.Embedded(Failed, true, 1)
		e.Log.Debug("a question has no vector", "err", err)
		return nil
	}
	e.Observe.Embedded(Asked, true, 1)
	if err := e.Cache.Keep(limited, map[Hash][]float32{hash: v}, true); err != nil {
		e.Log.Debug("a vector was not kept", "err", err)
	}
	return v
}

// ask is one request for one question. The end of the caller's ctx is told
// apart from that of the limit, which is the endpoint's failure.
func (e *Embedder) ask(ctx, limited context.Context, text string) ([]float32, error) {
	vectors, err := e.Client.Embed(limited, []string{text})
	if ctx.Err() != nil {
		return nil, context.Canceled
	}
	if err != nil {
		return nil, err
	}
	if !e.fits(vectors[0]) {
		return nil, fmt.Errorf("%w: a vector of %d numbers, where the book's have %d", ErrAnswer, len(vectors[0]), e.size.Load())
	}
	return vectors[0], nil
}

// fits says whether a vector is of the size that the book's have.
func (e *Embedder) fits(v []float32) bool {
	size := e.size.Load()
	return len(v) > 0 && (size == 0 || int64(len(v)) == size)
}

// Health is what Check found.
type Health struct {
	Dimensions int
	Took       time.Duration
}

// Check asks for one vector, past cache and breaker, of a word that is nobody's.
func (e *Embedder) Check(ctx context.Context) (Health, error) {
	began := time.Now()
	vectors, err := e.Client.Embed(ctx, []string{"poruch"})
	if err != nil {
		return Health{}, err
	}
	return Health{len(vectors[0]), time.Since(began)}, nil
}

// Close lets go of idle connections.
func (e *Embedder) Close() { e.Client.Close() }
