package embeddings

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sethvargo/go-retry"
)

// How a book's texts are asked for, in the background.
const (
	batchLimit  = 30 * time.Second // one request
	batchBytes  = 96 << 10         // of texts in one request
	firstWait   = time.Second      // after a failure, then doubled
	longestWait = 5 * time.Minute
	lookUp      = 500 // hashes in one look into the cache
)

// Texts returns the vectors of a book's texts, in order and all of one size.
// What the cache lacks is asked for in batches, again and again with growing
// pauses, until all are there or ctx ends. Texts that are blank, and an endpoint
// that gives vectors of different sizes, are errors.
func (e *Embedder) Texts(ctx context.Context, texts []string) ([][]float32, error) {
	hashes := make([]Hash, len(texts))
	wanted := make(map[Hash]string, len(texts))
	for i, text := range texts {
		if text = tidy(text); text == "" {
			return nil, fmt.Errorf("text %d of %d is blank and has no vector", i+1, len(texts))
		}
		hashes[i] = e.Client.hash(text)
		wanted[hashes[i]] = text
	}
	known, err := e.known(ctx, hashes)
	if err != nil {
		return nil, err
	}
	e.Observe.Embedded(Cached, false, len(known))
	for _, old := range []bool{true, false} {
		if err := e.fill(ctx, hashes, wanted, known); err != nil {
			return nil, err
		}
		vectors := make([][]float32, len(hashes))
		for i, h := range hashes {
			vectors[i] = known[h]
		}
		if alike(vectors) {
			if len(vectors) > 0 {
				e.size.Store(int64(len(vectors[0])))
			}
			return vectors, nil
		}
		if old { // the model was changed behind its name since some were kept
			clear(known)
		}
	}
	return nil, fmt.Errorf("%w: the vectors of one book are of different sizes", ErrAnswer)
}

// known reads the cache. If it cannot be read, all will be asked for.
func (e *Embedder) known(ctx context.Context, hashes []Hash) (map[Hash][]float32, error) {
	known := make(map[Hash][]float32, len(hashes))
	for from := 0; from < len(hashes); from += lookUp {
		some, err := e.Cache.Vectors(ctx, hashes[from:min(from+lookUp, len(hashes))], false)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			e.Log.Warn("the cache of vectors cannot be read", "err", err)
		}
		for h, v := range some {
			if sound(v) {
				known[h] = v
			}
		}
	}
	return known, nil
}

// fill asks for what is not known, batch by batch.
func (e *Embedder) fill(ctx context.Context, hashes []Hash, wanted map[Hash]string, known map[Hash][]float32) error {
	for from := 0; from < len(hashes); {
		var batch []Hash
		var texts []string
		asked := map[Hash]bool{}
		size := 0
		for ; from < len(hashes) && len(batch) < MaxBatch; from++ {
			h := hashes[from]
			if known[h] != nil || asked[h] {
				continue
			}
			if size += len(wanted[h]); size > batchBytes && len(batch) > 0 {
				break
			}
			asked[h] = true
			batch, texts = append(batch, h), append(texts, wanted[h])
		}
		if len(batch) == 0 {
			continue
		}
		vectors, err := e.insist(ctx, texts)
		if err != nil {
			return err
		}
		fresh := make(map[Hash][]float32, len(batch))
		for i, h := range batch {
			known[h], fresh[h] = vectors[i], vectors[i]
		}
		e.Observe.Embedded(Asked, false, len(batch))
		if err := e.Cache.Keep(ctx, fresh, false); err != nil && ctx.Err() == nil {
			e.Log.Warn("vectors were not kept; they will be asked for again", "err", err)
		}
	}
	return nil
}

// insist asks for one batch until it comes or ctx ends.
func (e *Embedder) insist(ctx context.Context, texts []string) ([][]float32, error) {
	var last error
	growing := retry.WithJitterPercent(20, retry.WithCappedDuration(longestWait, retry.NewExponential(firstWait)))
	waits := retry.BackoffFunc(func() (time.Duration, bool) {
		wait, stop := growing.Next()
		return max(wait, retryIn(last)), stop
	})
	return retry.DoValue(ctx, waits, func(ctx context.Context) ([][]float32, error) {
		limited, cancel := context.WithTimeout(ctx, batchLimit)
		defer cancel()
		vectors, err := e.Client.Embed(limited, texts)
		switch {
		case err == nil:
			return vectors, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		}
		last = err
		e.breaker.pause(err)
		e.Observe.Embedded(Failed, false, len(texts))
		if !errors.Is(err, context.Canceled) {
			e.Log.Warn("knowledge has no vectors yet; questions are decided by words alone, trying again", "err", err)
		}
		return nil, retry.RetryableError(err)
	})
}
