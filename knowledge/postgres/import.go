package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/knowledge"
)

// ImportResult counts what an import did with the entries.
type ImportResult struct {
	Added, Changed, Removed, Unchanged int
}

// batch is how many rows one INSERT carries.
const batch = 500

// Import makes entries the whole knowledge of a brand, all or nothing; source
// names the file for people. Entries that are not among them are removed. An
// import that changes nothing leaves the version alone. This replica answers
// from the new entries at once, others after their Refresh.
func (l *Library) Import(ctx context.Context, brand string, entries []knowledge.Entry, source string) (ImportResult, error) {
	if brand == "" {
		return ImportResult{}, errors.New("import knowledge: the brand has no id")
	}
	if err := knowledge.Sound(entries); err != nil {
		return ImportResult{}, fmt.Errorf("import knowledge of %s: %w", brand, err)
	}
	var result ImportResult
	err := l.db.InTx(ctx, func(_ context.Context, tx database.Tx) error {
		var err error
		result, err = replace(tx.Gorm, brand, entries, source)
		return err
	})
	if err != nil {
		return ImportResult{}, fmt.Errorf("import knowledge of %s: %w", brand, err)
	}
	if err := l.reload(ctx, brand); err != nil {
		return result, err
	}
	return result, nil
}

func replace(g *gorm.DB, brand string, entries []knowledge.Entry, source string) (ImportResult, error) {
	now := time.Now()
	book := bookRow{Brand: brand, Version: 0, Source: source, ImportedAt: now}
	if err := g.Clauses(clause.OnConflict{DoNothing: true}).Create(&book).Error; err != nil {
		return ImportResult{}, err
	}
	// The lock puts imports of one brand in a row.
	if err := g.Clauses(clause.Locking{Strength: "UPDATE"}).Where("brand = ?", brand).Take(&book).Error; err != nil {
		return ImportResult{}, err
	}
	var old []entryRow
	if err := g.Where("brand = ?", brand).Find(&old).Error; err != nil {
		return ImportResult{}, err
	}
	have := make(map[string]entryRow, len(old))
	for _, r := range old {
		have[r.ID] = r
	}
	var result ImportResult
	var write []entryRow
	moved := false
	for i, e := range entries {
		row := rowOf(brand, i, e, now)
		before, ok := have[e.ID]
		delete(have, e.ID)
		switch {
		case !ok:
			result.Added++
		case before.says(row):
			result.Unchanged++
			if before.Position == i {
				continue
			}
			moved = true
			row.UpdatedAt = before.UpdatedAt
		default:
			result.Changed++
		}
		write = append(write, row)
	}
	result.Removed = len(have)
	if err := remove(g, brand, have); err != nil {
		return ImportResult{}, err
	}
	if err := upsert(g, write); err != nil {
		return ImportResult{}, err
	}
	book.Source, book.ImportedAt = source, now
	if result.Added+result.Changed+result.Removed > 0 || moved || book.Version == 0 {
		book.Version++
	}
	return result, g.Model(&bookRow{}).Where("brand = ?", brand).
		Select("version", "source", "imported_at").Updates(&book).Error
}

func remove(g *gorm.DB, brand string, gone map[string]entryRow) error {
	ids := make([]string, 0, len(gone))
	for id := range gone {
		ids = append(ids, id)
	}
	for len(ids) > 0 {
		n := min(len(ids), batch)
		if err := g.Where("brand = ? AND id IN ?", brand, ids[:n]).Delete(&entryRow{}).Error; err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

func upsert(g *gorm.DB, rows []entryRow) error {
	if len(rows) == 0 {
		return nil
	}
	return g.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "brand"}, {Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{"title", "phrasings", "answers", "tags", "lang", "position", "updated_at"}),
	}).CreateInBatches(&rows, batch).Error
}
