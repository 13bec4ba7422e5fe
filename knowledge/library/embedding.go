package library

import (
	"context"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// Embedder gives texts their vectors.
type Embedder interface {
	// Question returns the vector of a customer's words, or nil if there is none
	// soon. The words may leave the machine.
	Question(ctx context.Context, text string) []float32
	// Texts returns the vectors of a book's texts, in order. It may take as long
	// as ctx lives.
	Texts(ctx context.Context, texts []string) ([][]float32, error)
}

// decide asks for a question's vector only if that can change the decision:
// what rules settle, and what is a phrasing word for word, goes nowhere.
func (l *Library) decide(ctx context.Context, book *knowledge.Book, q knowledge.Question) knowledge.Decision {
	d := book.Decide(q)
	if l.Embed == nil || !book.Embedded() || d.Final() {
		return d
	}
	if q.Vector = l.Embed.Question(ctx, q.Text); q.Vector == nil {
		return d
	}
	return book.Decide(q)
}

// announceBuilt tells LearnVectors that a book was built.
func (l *Library) announceBuilt() {
	select {
	case l.newlyBuilt() <- struct{}{}:
	default: // nobody embeds, or the news is out already
	}
}

// newlyBuilt holds a word when a book was built that LearnVectors has not seen.
func (l *Library) newlyBuilt() chan struct{} {
	l.news.Do(func() { l.built = make(chan struct{}, 1) })
	return l.built
}

// learnAgain is how long a book that could not learn its vectors waits.
const learnAgain = 10 * time.Minute

// LearnVectors gives each book its vectors as soon as it is built, until ctx
// ends. Meanwhile the book decides by words alone. It returns nil.
func (l *Library) LearnVectors(ctx context.Context) error {
	if l.Embed == nil {
		return nil
	}
	learnt := map[string]*knowledge.Book{} // as this loop left them, by brand
	for {
		var again <-chan time.Time
		for brand, s := range l.unlearnt(learnt) {
			book, err := l.withVectors(ctx, brand, s)
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				l.Log.Warn("knowledge cannot use its vectors; questions are decided by words alone", "brand", brand, "err", err)
				again = time.After(learnAgain)
				continue
			}
			learnt[brand] = book
		}
		select {
		case <-ctx.Done():
			return nil
		case <-l.newlyBuilt():
		case <-again:
		}
	}
}

// unlearnt copies what the loop has not seen.
func (l *Library) unlearnt(learnt map[string]*knowledge.Book) map[string]shelved {
	l.mu.RLock()
	defer l.mu.RUnlock()
	fresh := map[string]shelved{}
	for brand, s := range l.shelf {
		if s.book != learnt[brand] {
			fresh[brand] = s
		}
	}
	return fresh
}

// withVectors puts a book with vectors in the place of one without, unless that
// was replaced meanwhile; then the newer one has its turn.
func (l *Library) withVectors(ctx context.Context, brand string, s shelved) (*knowledge.Book, error) {
	texts := s.book.Texts()
	if len(texts) == 0 {
		return s.book, nil
	}
	if err := knowledge.CheckTexts(len(texts)); err != nil {
		l.Log.Warn("knowledge gets no vectors", "brand", brand, "err", err)
		return s.book, nil
	}
	vectors, err := l.Embed.Texts(ctx, texts)
	if err != nil {
		return nil, err
	}
	book, err := s.book.WithVectors(ctx, vectors)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	if l.shelf[brand].book == s.book {
		l.shelf[brand] = shelved{s.version, book, s.options}
	}
	l.mu.Unlock()
	r, _ := book.Rehearsal()
	l.Log.Info("knowledge has its vectors", "brand", brand, "texts", len(texts), "dimensions", r.Dimensions, "used", r.Used,
		"rehearsed", r.Questions, "right_by_words", r.Local, "right_with_vectors", r.Joint, "wrong_with_vectors", r.Wrong)
	return book, nil
}
