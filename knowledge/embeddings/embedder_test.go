package embeddings_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poruch/poruch/knowledge/embeddings"
	"github.com/poruch/poruch/knowledge/embeddings/embeddingstest"
)

// memory is a Cache that can fail.
type memory struct {
	mu       sync.Mutex
	vectors  map[embeddings.Hash][]float32
	question map[embeddings.Hash]bool
	broken   bool // errors
	hangs    bool // answers only when ctx ends
}

var errBroken = errors.New("the cache is broken")

func (m *memory) state(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	if m.broken {
		return errBroken
	}
	return nil
}

func (m *memory) Vectors(ctx context.Context, hashes []embeddings.Hash, _ bool) (map[embeddings.Hash][]float32, error) {
	if err := m.state(ctx); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[embeddings.Hash][]float32{}
	for _, h := range hashes {
		if v, ok := m.vectors[h]; ok {
			found[h] = v
		}
	}
	return found, nil
}

func (m *memory) Keep(ctx context.Context, vectors map[embeddings.Hash][]float32, question bool) error {
	if err := m.state(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.vectors == nil {
		m.vectors, m.question = map[embeddings.Hash][]float32{}, map[embeddings.Hash]bool{}
	}
	maps.Copy(m.vectors, vectors)
	for h := range vectors {
		m.question[h] = question
	}
	return nil
}

// tally is an Observer.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
	states []string
}

func (o *tally) Embedded(outcome string, questions bool, texts int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if questions {
		outcome = "question " + outcome
	}
	if o.counts == nil {
		o.counts = map[string]int{}
	}
	o.counts[outcome] += texts
}

func (o *tally) BreakerMoved(state string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.states = append(o.states, state)
}

// rig is an Embedder with all that stands around it.
type rig struct {
	*embeddings.Embedder
	server *embeddingstest.Server
	cache  *memory
	tally  *tally
	log    *strings.Builder
}

func newRig(t *testing.T) rig {
	t.Helper()
	r := rig{server: &embeddingstest.Server{}, cache: &memory{}, tally: &tally{}, log: &strings.Builder{}}
	r.Embedder = embeddings.NewEmbedder(embeddings.Config{
		Client: client(t, endpoint(t, r.server)), Cache: r.cache, Observe: r.tally,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	return r
}

var book = []string{"Скільки триває доставка?", "Як скасувати замовлення", "Де чек"}

// learn gives the book its vectors.
func (r rig) learn(t *testing.T) [][]float32 {
	t.Helper()
	vectors, err := r.Texts(t.Context(), book)
	if err != nil {
		t.Fatal(err)
	}
	r.server.Asked()
	return vectors
}

// Whatever the endpoint does, a question has no vector within the limit, and
// the next one has its own as soon as the endpoint works.
func TestQuestionsOutliveEveryFault(t *testing.T) {
	for _, fault := range embeddingstest.Faults() {
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				r.learn(t)
				r.server.Fail(fault)
				began := time.Now()
				if v := r.Question(t.Context(), question); v != nil {
					t.Errorf("a vector of %d numbers", len(v))
				}
				if took := time.Since(began); took > embeddings.Limit || took > 0 && fault != embeddingstest.Slow {
					t.Errorf("it took %v", took)
				}
				r.server.Fail(embeddingstest.Working)
				if fault == embeddingstest.TooMany {
					if v := r.Question(t.Context(), question); v != nil {
						t.Error("asked before Retry-After")
					}
					time.Sleep(embeddingstest.RetryAfter * time.Second)
				}
				if v := r.Question(t.Context(), question); len(v) != embeddingstest.Dimensions {
					t.Errorf("a vector of %d numbers from the endpoint that works again", len(v))
				}
				if r.tally.counts["question "+embeddings.Failed] != 1 || r.tally.counts["question "+embeddings.Asked] != 1 {
					t.Errorf("counted %v", r.tally.counts)
				}
				discreet(t, "the log", r.log.String())
			})
		})
	}
}

func TestBreakerOpensAndCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.learn(t)
		ask := func(want int) {
			t.Helper()
			r.server.Asked()
			r.Question(t.Context(), question)
			if got := len(r.server.Asked()); got != want {
				t.Fatalf("the endpoint was asked %d times, want %d", got, want)
			}
		}
		r.server.Fail(embeddingstest.Slow)
		for range 5 {
			ask(1)
		}
		ask(0) // open
		if !strings.Contains(r.log.String(), "level=WARN") || !strings.Contains(r.log.String(), "deadline exceeded") {
			t.Errorf("the log does not say why: %s", r.log)
		}
		time.Sleep(30*time.Second + 1)
		ask(1) // one may try
		ask(0)
		r.server.Fail(embeddingstest.Working)
		time.Sleep(30*time.Second + 1)
		ask(1)
		ask(0) // from the cache
		if want := []string{"open", "half-open", "open", "half-open", "closed"}; !slices.Equal(r.tally.states, want) {
			t.Errorf("states %v, want %v", r.tally.states, want)
		}
		for outcome, want := range map[string]int{embeddings.Failed: 6, embeddings.Skipped: 2, embeddings.Asked: 1, embeddings.Cached: 1} {
			if got := r.tally.counts["question "+outcome]; got != want {
				t.Errorf("%s: %d, want %d", outcome, got, want)
			}
		}
	})
}

// Callers who go away say nothing about the endpoint.
func TestBreakerIgnoresCallersWhoGoAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.server.Fail(embeddingstest.Slow)
		for range 20 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			r.Question(ctx, question)
			cancel()
		}
		r.server.Fail(embeddingstest.Working)
		if v := r.Question(t.Context(), question); v == nil || len(r.tally.states) > 0 {
			t.Errorf("no vector; the breaker moved to %v", r.tally.states)
		}
	})
}

func TestBrokenCacheEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.cache.broken = true
		r.learn(t)
		if v := r.Question(t.Context(), question); v == nil {
			t.Error("no vector without the cache")
		}
		r.cache.broken, r.cache.hangs = false, true
		began := time.Now()
		for range 10 {
			if v := r.Question(t.Context(), question); v != nil {
				t.Error("a vector after the limit")
			}
		}
		if took := time.Since(began); took != 10*embeddings.Limit {
			t.Errorf("10 questions took %v", took)
		}
		r.cache.hangs = false
		if v := r.Question(t.Context(), question); v == nil {
			t.Errorf("the cache's slowness opened the endpoint's breaker: %v", r.tally.states)
		}
		discreet(t, "the log", r.log.String())
	})
}

// A question is sent as the matcher reads it, and one that says the same but
// for white space is not asked again.
func TestQuestionsAreTidiedAndCached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		first := r.Question(t.Context(), " де   моя\n\tпосилка ")
		again := r.Question(t.Context(), "де моя посилка")
		if asked := r.server.Asked(); !slices.Equal(asked, []string{"де моя посилка"}) || !slices.Equal(first, again) || first == nil {
			t.Errorf("asked %q", asked)
		}
		r.Question(t.Context(), strings.Repeat("ї", 100_000))
		if asked := r.server.Asked(); len(asked) != 1 || len(asked[0]) > 2*4096 {
			t.Error("a long message is not cut")
		}
		for _, blank := range []string{"", " \n\t "} {
			if v := r.Question(t.Context(), blank); v != nil || len(r.server.Asked()) > 0 {
				t.Errorf("%q was asked", blank)
			}
		}
		if v := r.Question(t.Context(), "bro\xff\xfeken \x00"); v == nil {
			t.Error("broken bytes have no vector")
		}
		for h, question := range r.cache.question {
			if !question {
				t.Errorf("%x is kept as a book's text", h)
			}
		}
	})
}

// What points to a person stays here.
func TestPersonalDataIsMasked(t *testing.T) {
	for text, want := range map[string]string{
		"мій номер +38 (067) 123-45-67, передзвоніть":   "мій номер number, передзвоніть",
		"замовлення №1234567 від 12.05 на 950 грн":      "замовлення №number від 12.05 на 950 грн",
		"картка 5168 7420 0000 1111":                    "картка number",
		"пишіть olena.k@example.com.ua або @olena_k":    "пишіть mail або name",
		"ось https://t.me/x?start=1 і t.me/y, www.z.ua": "ось link і link link",
		"v60 на 2 чашки, 250 г":                         "v60 на 2 чашки, 250 г",
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			r.Question(t.Context(), text)
			if asked := r.server.Asked(); !slices.Equal(asked, []string{want}) {
				t.Errorf("%q was sent as %q, want %q", text, asked, want)
			}
		})
	}
}

func TestTextsComeInBatchesAndOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		var texts []string
		for i := range 150 {
			text := fmt.Sprintf("питання %d", i)
			texts = append(texts, text, text)
		}
		texts = append(texts, strings.Repeat("слово ", 4000), strings.Repeat("друге ", 4000))
		vectors, err := r.Texts(t.Context(), texts)
		if err != nil || len(vectors) != len(texts) || len(r.server.Asked()) != 152 {
			t.Fatalf("%d vectors, %v", len(vectors), err)
		}
		again, err := r.Texts(t.Context(), texts)
		if err != nil || !slices.EqualFunc(vectors, again, slices.Equal) || len(r.server.Asked()) != 0 {
			t.Errorf("asked again, %v", err)
		}
		if _, err := r.Texts(t.Context(), []string{"а", " "}); err == nil || !strings.Contains(err.Error(), "2 of 2") {
			t.Errorf("a blank text: %v", err)
		}
		if none, err := r.Texts(t.Context(), nil); err != nil || len(none) != 0 {
			t.Errorf("no texts: %v, %v", none, err)
		}
	})
}

// Texts is asked again until the endpoint works, not before it allows, and
// leaves questions alone meanwhile.
func TestTextsWaitForTheEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.server.Fail(embeddingstest.TooMany)
		began := time.Now()
		done := make(chan error)
		go func() {
			_, err := r.Texts(t.Context(), book)
			done <- err
		}()
		synctest.Wait()
		r.server.Asked()
		time.Sleep((embeddingstest.RetryAfter - 1) * time.Second)
		if asked := r.server.Asked(); len(asked) > 0 {
			t.Errorf("asked before Retry-After: %q", asked)
		}
		if v := r.Question(t.Context(), question); v != nil || len(r.server.Asked()) > 0 {
			t.Error("a question was asked before Retry-After")
		}
		r.server.Fail(embeddingstest.ServerError)
		time.Sleep(time.Hour)
		if n := len(r.server.Asked()) / len(book); n < 12 || n > 30 {
			t.Errorf("%d tries in an hour", n)
		}
		r.server.Fail(embeddingstest.Working)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > time.Hour+10*time.Minute {
			t.Errorf("it took %v", took)
		}
		discreet(t, "the log", r.log.String())
	})
}

func TestTextsEndWithTheContext(t *testing.T) {
	for _, fault := range []embeddingstest.Fault{embeddingstest.Slow, embeddingstest.ServerError} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			r.server.Fail(fault)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			began := time.Now()
			if _, err := r.Texts(ctx, book); err == nil || time.Since(began) != 10*time.Second {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		})
	}
}

// A model that changed behind its name makes all vectors anew; those of
// questions with the old size do not count.
func TestChangedModelIsAskedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.learn(t)
		old := r.Question(t.Context(), question)
		r.server.Resize(48)
		vectors, err := r.Texts(t.Context(), append([]string{"Новий текст"}, book...))
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range vectors {
			if len(v) != 48 {
				t.Errorf("vector %d has %d numbers", i, len(v))
			}
		}
		if v := r.Question(t.Context(), question); len(v) != 48 || len(old) == 48 {
			t.Errorf("the question's vector has %d numbers", len(v))
		}
		if h, err := r.Check(t.Context()); err != nil || h.Dimensions != 48 {
			t.Errorf("Check = %+v, %v", h, err)
		}
	})
}
