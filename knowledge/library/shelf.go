package library

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// Library is the knowledge of all brands. It is safe for concurrent use. The
// fields are set before its first use and not changed later.
type Library struct {
	Store    Store
	Announce Announcer                            // nil: other replicas look by the clock alone
	Options  func(brand string) knowledge.Options // nil: the defaults
	Now      func() time.Time
	Log      *slog.Logger

	// Embed is one more scorer of all books; LearnVectors must run besides. nil:
	// words alone.
	Embed Embedder

	news     sync.Once
	built    chan struct{} // to LearnVectors; see newlyBuilt
	building sync.Mutex    // one rebuild at a time; held without mu
	mu       sync.RWMutex
	shelf    map[string]shelved
}

type shelved struct {
	version int64
	book    *knowledge.Book
	options knowledge.Options // that it was built with
}

// Decide says what to do with a question to a brand. A brand without entries
// hands everything off.
func (l *Library) Decide(ctx context.Context, brand string, q knowledge.Question) (knowledge.Decision, error) {
	book, err := l.book(ctx, brand)
	if err != nil {
		return knowledge.Decision{}, err
	}
	return l.decide(ctx, book, q), nil
}

// Entry returns an entry that answers; false when there is none.
func (l *Library) Entry(ctx context.Context, brand, id string) (knowledge.Entry, bool, error) {
	book, err := l.book(ctx, brand)
	if err != nil {
		return knowledge.Entry{}, false, err
	}
	e, ok := book.Entry(id)
	return e, ok, nil
}

// OpenFile opens an attachment of an entry by its sum; fs.ErrNotExist when there
// is none. The caller closes it.
func (l *Library) OpenFile(ctx context.Context, brand, sum string) (io.ReadCloser, error) {
	r, err := l.Store.OpenFile(ctx, brand, sum)
	if errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("open attachment %s: %w", sum, fs.ErrNotExist)
	}
	return r, err
}

// Refresh rebuilds the books whose version changed since they were read, after
// one query when none did. A book that cannot be rebuilt stays as it was, and
// the error says so; the other books are rebuilt all the same.
func (l *Library) Refresh(ctx context.Context) error {
	versions, err := l.Store.Versions(ctx)
	if err != nil {
		return fmt.Errorf("refresh knowledge: %w", err)
	}
	l.mu.RLock()
	var stale []string
	for brand, s := range l.shelf {
		if versions[brand] != s.version {
			stale = append(stale, brand)
		}
	}
	l.mu.RUnlock()
	var failed error
	for _, brand := range stale {
		failed = errors.Join(failed, l.reload(ctx, brand))
	}
	return failed
}

func (l *Library) options(brand string) knowledge.Options {
	if l.Options == nil {
		return knowledge.Options{}
	}
	return l.Options(brand)
}

// target is the share of answers that a brand wants to be right.
func (l *Library) target(brand string) float64 {
	return cmp.Or(l.options(brand).Precision, knowledge.DefaultPrecision)
}

// optionsWith are the brand's options with the threshold that verdicts found,
// if it is for the precision that the brand wants today.
func (l *Library) optionsWith(brand string, t Threshold) knowledge.Options {
	o := l.options(brand)
	if o.Threshold == 0 && t.Target == l.target(brand) {
		o.Threshold = t.Value
	}
	return o
}

func (l *Library) book(ctx context.Context, brand string) (*knowledge.Book, error) {
	if book := l.shelved(brand); book != nil {
		return book, nil
	}
	l.building.Lock()
	defer l.building.Unlock()
	if book := l.shelved(brand); book != nil { // built while we waited
		return book, nil
	}
	return l.build(ctx, brand)
}

func (l *Library) shelved(brand string) *knowledge.Book {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.shelf[brand].book
}

func (l *Library) reload(ctx context.Context, brand string) error {
	l.building.Lock()
	defer l.building.Unlock()
	_, err := l.build(ctx, brand)
	return err
}

// build shelves the book of a brand's entries. The caller holds l.building.
func (l *Library) build(ctx context.Context, brand string) (*knowledge.Book, error) {
	now, err := l.Store.Answering(ctx, brand)
	if err != nil {
		return nil, fmt.Errorf("read knowledge of %s: %w", brand, err)
	}
	var book *knowledge.Book
	options := l.optionsWith(brand, now.Threshold)
	l.mu.RLock()
	old := l.shelf[brand]
	l.mu.RUnlock()
	if old.book != nil && old.options == options {
		book, err = old.book.Update(now.Entries)
	} else {
		book, err = knowledge.NewBook(now.Entries, options)
	}
	if err != nil {
		return nil, fmt.Errorf("build knowledge of %s: %w", brand, err)
	}
	l.mu.Lock()
	if l.shelf == nil {
		l.shelf = map[string]shelved{}
	}
	l.shelf[brand] = shelved{now.Version, book, options}
	l.mu.Unlock()
	l.announceBuilt()
	l.Log.Debug("built knowledge", "brand", brand, "entries", book.Len(), "version", now.Version, "threshold", book.Threshold())
	return book, nil
}

// changed brings a change of what answers to this replica and the others. The
// change stands even if this fails; Refresh will bring it.
func (l *Library) changed(ctx context.Context, brand string) {
	if l.Announce != nil {
		l.Announce.Announce(brand)
	}
	if err := l.reload(ctx, brand); err != nil {
		l.Log.Warn("knowledge was not refreshed; the old one answers until it is", "brand", brand, "err", err)
	}
}
