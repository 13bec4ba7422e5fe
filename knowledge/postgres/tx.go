package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/poruch/poruch/knowledge/library"
)

// batch is how many rows one INSERT carries.
const batch = 500

// tx is library.Tx: a transaction that holds a brand's lock.
type tx struct {
	g    *gorm.DB
	book bookRow
	now  func() time.Time
}

// Version implements library.Tx.
func (t *tx) Version() int64 { return t.book.Version }

// Answered implements library.Tx.
func (t *tx) Answered(context.Context) error {
	t.book.Version++
	return t.g.Model(&bookRow{}).Where("brand = ?", t.book.Brand).Update("version", t.book.Version).Error
}

// Threshold implements library.Tx.
func (t *tx) Threshold() library.Threshold {
	return library.Threshold{Value: t.book.Threshold, Target: t.book.Target}
}

// SetThreshold implements library.Tx.
func (t *tx) SetThreshold(ctx context.Context, to library.Threshold) error {
	t.book.Threshold, t.book.Target = to.Value, to.Target
	err := t.g.Model(&bookRow{}).Where("brand = ?", t.book.Brand).Select("threshold", "target").Updates(&t.book).Error
	if err != nil {
		return err
	}
	return t.Answered(ctx)
}

// Records implements library.Tx.
func (t *tx) Records(context.Context) ([]library.Record, error) { return recordsOf(t.g, t.book.Brand) }

// Revision implements library.Tx.
func (t *tx) Revision(_ context.Context, entry string, number int) (library.Revision, error) {
	var row revisionRow
	err := t.g.Where("brand = ? AND entry = ? AND number = ?", t.book.Brand, entry, number).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return library.Revision{}, fmt.Errorf("revision %d: %w", number, library.ErrNotFound)
	}
	return row.revision(), err
}

// SaveRecords implements library.Tx.
func (t *tx) SaveRecords(_ context.Context, records []library.Record) error {
	if len(records) == 0 {
		return nil
	}
	var rows []entryRow
	var heads []revisionRow
	var files []fileRow
	now := t.now()
	for _, r := range records {
		rows = append(rows, rowOf(t.book.Brand, r, now))
		heads = append(heads, revisionRow{
			Brand: t.book.Brand, Entry: r.ID, Number: r.Head.Number, Content: contentOf(r.Head.Entry),
			Author: r.Head.Author, Reason: r.Head.Reason, CreatedAt: r.Head.At,
		})
		for _, f := range r.Head.Entry.Files {
			if f.Data != nil {
				files = append(files, fileRow{t.book.Brand, f.Sum, f.Data, now})
			}
		}
	}
	err := t.g.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "brand"}, {Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{"position", "head", "live", "archived", "trust", "earned", "judged_since", "updated_at"}),
	}).CreateInBatches(&rows, batch).Error
	if err != nil {
		return err
	}
	keep := t.g.Clauses(clause.OnConflict{DoNothing: true})
	if err := keep.CreateInBatches(&heads, batch).Error; err != nil || len(files) == 0 {
		return err
	}
	return t.g.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&files, 1).Error
}

// AddEvents implements library.Tx.
func (t *tx) AddEvents(_ context.Context, events []library.Event) error {
	if len(events) == 0 {
		return nil
	}
	var rows []eventRow
	for _, e := range events {
		rows = append(rows, eventRow{
			Brand: t.book.Brand, Entry: e.Entry, Kind: string(e.Kind), Revision: e.Revision, Detail: e.Detail,
			Author: e.Author, Reason: e.Reason, CreatedAt: e.At,
		})
	}
	return t.g.CreateInBatches(&rows, batch).Error
}

// AddProposal implements library.Tx.
func (t *tx) AddProposal(_ context.Context, p *library.Proposal) (bool, error) {
	row := proposalRowOf(t.book.Brand, *p)
	done := t.g.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	p.ID = row.ID
	return done.RowsAffected == 1, done.Error
}

// Proposal implements library.Tx.
func (t *tx) Proposal(_ context.Context, id int64) (library.Proposal, error) {
	var row proposalRow
	err := t.g.Where("brand = ? AND id = ?", t.book.Brand, id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return library.Proposal{}, library.ErrNotFound
	}
	return row.proposal(), err
}

// SaveProposal implements library.Tx.
func (t *tx) SaveProposal(_ context.Context, p library.Proposal) error {
	row := proposalRowOf(t.book.Brand, p)
	return t.g.Save(&row).Error
}
