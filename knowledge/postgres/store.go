package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/library"
)

// Store is library.Store on a migrated database.
type Store struct {
	db  *database.DB
	now func() time.Time
}

// NewStore takes the clock that rows are dated by.
func NewStore(db *database.DB, now func() time.Time) *Store { return &Store{db, now} }

var _ library.Store = (*Store)(nil)

func (s *Store) gorm(ctx context.Context) *gorm.DB { return s.db.Gorm.WithContext(ctx) }

// Versions implements library.Store.
func (s *Store) Versions(ctx context.Context) (map[string]int64, error) {
	var rows []bookRow
	if err := s.gorm(ctx).Find(&rows).Error; err != nil {
		return nil, err
	}
	versions := make(map[string]int64, len(rows))
	for _, r := range rows {
		versions[r.Brand] = r.Version
	}
	return versions, nil
}

// Answering implements library.Store.
func (s *Store) Answering(ctx context.Context, brand string) (now library.Answering, err error) {
	err = s.atOneMoment(ctx, func(g *gorm.DB) error {
		var book bookRow
		err := g.Where("brand = ?", brand).Take(&book).Error
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		now.Version, now.Threshold = book.Version, library.Threshold{Value: book.Threshold, Target: book.Target}
		var rows []struct {
			Revision revisionRow `gorm:"embedded"`
			Trust    string
		}
		err = g.Table("knowledge_revisions AS r").Select("r.*, e.trust").
			Joins("JOIN knowledge_entries AS e ON e.brand = r.brand AND e.id = r.entry AND e.live = r.number").
			Where("e.brand = ?", brand).Order("e.position, e.id").Find(&rows).Error
		for _, r := range rows {
			e := r.Revision.Content.entry(r.Revision.Entry)
			e.Trust = knowledge.Trust(r.Trust)
			now.Entries = append(now.Entries, e)
		}
		return err
	})
	return now, err
}

// atOneMoment reads with one view of all tables.
func (s *Store) atOneMoment(ctx context.Context, read func(g *gorm.DB) error) error {
	return s.db.InTx(ctx, func(_ context.Context, tx database.Tx) error {
		if err := tx.Gorm.Exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").Error; err != nil {
			return err
		}
		return read(tx.Gorm)
	})
}

// Records implements library.Store.
func (s *Store) Records(ctx context.Context, brand string) (records []library.Record, err error) {
	err = s.atOneMoment(ctx, func(g *gorm.DB) error {
		records, err = recordsOf(g, brand)
		return err
	})
	return records, err
}

func recordsOf(g *gorm.DB, brand string) ([]library.Record, error) {
	var rows []entryRow
	if err := g.Where("brand = ?", brand).Order("position, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	var heads []revisionRow
	err := g.Table("knowledge_revisions AS r").Select("r.*").
		Joins("JOIN knowledge_entries AS e ON e.brand = r.brand AND e.id = r.entry AND e.head = r.number").
		Where("e.brand = ?", brand).Find(&heads).Error
	if err != nil {
		return nil, err
	}
	byEntry := make(map[string]library.Revision, len(heads))
	for _, h := range heads {
		byEntry[h.Entry] = h.revision()
	}
	var records []library.Record
	for _, r := range rows {
		records = append(records, r.record(byEntry[r.ID]))
	}
	return records, nil
}

// History implements library.Store.
func (s *Store) History(ctx context.Context, brand, entry string) (revisions []library.Revision, events []library.Event, err error) {
	err = s.atOneMoment(ctx, func(g *gorm.DB) error {
		var rs []revisionRow
		if err := g.Where("brand = ? AND entry = ?", brand, entry).Order("number").Find(&rs).Error; err != nil {
			return err
		}
		if len(rs) == 0 {
			return fmt.Errorf("entry %q: %w", entry, library.ErrNotFound)
		}
		for _, r := range rs {
			revisions = append(revisions, r.revision())
		}
		var es []eventRow
		err := g.Where("brand = ? AND entry = ?", brand, entry).Order("id").Find(&es).Error
		for _, e := range es {
			events = append(events, e.event())
		}
		return err
	})
	return revisions, events, err
}

// Proposals implements library.Store.
func (s *Store) Proposals(ctx context.Context, brand string, state library.ProposalState, limit int) (list []library.Proposal, err error) {
	var rows []proposalRow
	err = s.gorm(ctx).Where("brand = ? AND state = ?", brand, string(state)).Order("id DESC").Limit(limit).Find(&rows).Error
	for _, r := range rows {
		list = append(list, r.proposal())
	}
	return list, err
}

// OpenFile implements library.Store. The content, at most a few megabytes, is
// read at once.
func (s *Store) OpenFile(ctx context.Context, brand, sum string) (io.ReadCloser, error) {
	var row fileRow
	err := s.gorm(ctx).Where("brand = ? AND sum = ?", brand, sum).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fmt.Errorf("attachment %s: %w", sum, library.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(row.Data)), nil
}

// InTx implements library.Store.
func (s *Store) InTx(ctx context.Context, brand string, do func(ctx context.Context, tx library.Tx) error) error {
	return s.db.InTx(ctx, func(ctx context.Context, t database.Tx) error {
		book := bookRow{Brand: brand}
		if err := t.Gorm.Clauses(clause.OnConflict{DoNothing: true}).Create(&book).Error; err != nil {
			return err
		}
		if err := t.Gorm.Clauses(clause.Locking{Strength: "UPDATE"}).Where("brand = ?", brand).Take(&book).Error; err != nil {
			return err
		}
		return do(ctx, &tx{g: t.Gorm, book: book, now: s.now})
	})
}
