package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"gorm.io/gorm"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/knowledge"
)

// Library is the knowledge of all brands. It is safe for concurrent use.
type Library struct {
	db      *database.DB
	log     *slog.Logger
	options knowledge.Options

	building sync.Mutex // one rebuild at a time; held without mu
	mu       sync.RWMutex
	shelf    map[string]shelved
}

type shelved struct {
	version int64
	book    *knowledge.Book
}

// NewLibrary works on a migrated database and reads nothing yet: a brand's book
// is built by the first question to it.
func NewLibrary(db *database.DB, log *slog.Logger) *Library {
	return &Library{db: db, log: log, shelf: map[string]shelved{}}
}

// Decide says what to do with a question to a brand. A brand without entries
// hands everything off.
func (l *Library) Decide(ctx context.Context, brand string, q knowledge.Question) (knowledge.Decision, error) {
	book, err := l.book(ctx, brand)
	if err != nil {
		return knowledge.Decision{}, err
	}
	return book.Decide(q), nil
}

// Entry returns one entry of a brand; false when there is none.
func (l *Library) Entry(ctx context.Context, brand, id string) (knowledge.Entry, bool, error) {
	book, err := l.book(ctx, brand)
	if err != nil {
		return knowledge.Entry{}, false, err
	}
	e, ok := book.Entry(id)
	return e, ok, nil
}

// Entries reads a brand's entries in the order of their file; none for an
// unknown brand.
func (l *Library) Entries(ctx context.Context, brand string) ([]knowledge.Entry, error) {
	entries, err := entriesOf(l.db.Gorm.WithContext(ctx), brand)
	if err != nil {
		return nil, fmt.Errorf("read knowledge of %s: %w", brand, err)
	}
	return entries, nil
}

func entriesOf(g *gorm.DB, brand string) ([]knowledge.Entry, error) {
	var rows []entryRow
	if err := g.Where("brand = ?", brand).Order("position, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	var entries []knowledge.Entry
	for _, r := range rows {
		entries = append(entries, r.entry())
	}
	return entries, nil
}

// Refresh rebuilds the books whose version changed since they were read, after
// one query when none did. A book that cannot be rebuilt stays as it was, and
// the error says so; the other books are rebuilt all the same.
func (l *Library) Refresh(ctx context.Context) error {
	var rows []bookRow
	if err := l.db.Gorm.WithContext(ctx).Select("brand", "version").Find(&rows).Error; err != nil {
		return fmt.Errorf("refresh knowledge: %w", err)
	}
	version := map[string]int64{} // 0 for a brand whose row is gone
	for _, r := range rows {
		version[r.Brand] = r.Version
	}
	l.mu.RLock()
	var stale []string
	for brand, s := range l.shelf {
		if version[brand] != s.version {
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

// build reads a brand's rows and its version as of one moment and shelves the
// book made of them. The caller holds l.building.
func (l *Library) build(ctx context.Context, brand string) (*knowledge.Book, error) {
	var row bookRow
	var entries []knowledge.Entry
	err := l.db.InTx(ctx, func(_ context.Context, tx database.Tx) error {
		if err := tx.Gorm.Exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").Error; err != nil {
			return err
		}
		err := tx.Gorm.Where("brand = ?", brand).Take(&row).Error
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		entries, err = entriesOf(tx.Gorm, brand)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read knowledge of %s: %w", brand, err)
	}
	book, err := knowledge.NewBook(entries, l.options)
	if err != nil {
		return nil, fmt.Errorf("build knowledge of %s: %w", brand, err)
	}
	l.mu.Lock()
	l.shelf[brand] = shelved{row.Version, book}
	l.mu.Unlock()
	l.log.Debug("built knowledge", "brand", brand, "entries", book.Len(), "version", row.Version, "threshold", book.Threshold())
	return book, nil
}
