package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/internal/database"
)

// Store is the inbox's Store and Queue on one database.
type Store struct {
	db     *database.DB
	now    func() time.Time
	timers *river.Client[pgx.Tx] // inserts only
}

var (
	_ inbox.Store = (*Store)(nil)
	_ inbox.Queue = (*Store)(nil)
	_ inbox.Tx    = (*tx)(nil)
)

// NewStore works on a migrated database. now is the clock of created_at and of
// the queue; every replica's should be close to the others'.
func NewStore(db *database.DB, now func() time.Time) (*Store, error) {
	timers, err := river.NewClient(riverpgxv5.New(db.Pool), &river.Config{})
	if err != nil {
		return nil, fmt.Errorf("prepare timers: %w", err)
	}
	return &Store{db: db, now: now, timers: timers}, nil
}

// Cursor returns where a bot's intake continues; "" at first.
func (s *Store) Cursor(ctx context.Context, bot string) (string, error) {
	var row cursorRow
	err := s.db.Gorm.WithContext(ctx).Where("bot = ?", bot).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read cursor of %s: %w", bot, err)
	}
	return row.Cursor, nil
}

// InTx runs do in one transaction. A failure that lies in the data comes back
// as inbox.ErrInvalid.
func (s *Store) InTx(ctx context.Context, do func(ctx context.Context, tx inbox.Tx) error) error {
	err := s.db.InTx(ctx, func(ctx context.Context, t database.Tx) error {
		return do(ctx, &tx{Store: s, g: t.Gorm, pgx: t.Pgx})
	})
	if err != nil && database.IsData(err) {
		return fmt.Errorf("%w: %w", inbox.ErrInvalid, err)
	}
	return err
}

// tx is one transaction.
type tx struct {
	*Store
	g   *gorm.DB
	pgx pgx.Tx
}

func (t *tx) db(ctx context.Context) *gorm.DB { return t.g.WithContext(ctx) }

// take reads one row, or returns inbox.ErrNotFound.
func take(q *gorm.DB, row any, what string) error {
	err := q.Take(row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fmt.Errorf("%s: %w", what, inbox.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// Receive stores payloads in one statement and tells which are new.
func (t *tx) Receive(ctx context.Context, source string, rs []inbox.Receipt) ([]bool, error) {
	fresh := make([]bool, len(rs))
	if len(rs) == 0 {
		return fresh, nil
	}
	ids := make([]string, len(rs))
	raws := make([][]byte, len(rs))
	states := make([]string, len(rs))
	whys := make([]string, len(rs))
	for i, r := range rs {
		ids[i], raws[i], whys[i], states[i] = r.EventID, r.Raw, r.Why, "handled"
		switch {
		case r.Failed:
			states[i] = "failed"
		case r.Unread:
			states[i] = "unread"
		}
		if raws[i] == nil {
			raws[i] = []byte{}
		}
	}
	rows, err := t.pgx.Query(ctx, `
		INSERT INTO inbound (source, event_id, raw, state, why, received_at)
		SELECT $1, e.id, e.raw, e.state, e.why, $2
		FROM unnest($3::text[], $4::bytea[], $5::text[], $6::text[]) AS e(id, raw, state, why)
		ON CONFLICT DO NOTHING RETURNING event_id`, source, t.now(), ids, raws, states, whys)
	if err != nil {
		return nil, fmt.Errorf("store payloads: %w", err)
	}
	stored, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("store payloads: %w", err)
	}
	isNew := make(map[string]bool, len(stored))
	for _, id := range stored {
		isNew[id] = true
	}
	for i, r := range rs {
		// Within one batch the first of two equal ids is the new one.
		fresh[i] = isNew[r.EventID]
		delete(isNew, r.EventID)
	}
	return fresh, nil
}

// SetCursor moves a bot's intake on.
func (t *tx) SetCursor(ctx context.Context, bot, cursor string) error {
	row := cursorRow{Bot: bot, Cursor: cursor, UpdatedAt: t.now()}
	err := t.db(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "bot"}},
		DoUpdates: clause.AssignmentColumns([]string{"cursor", "updated_at"}),
	}).Create(&row).Error
	if err != nil {
		return fmt.Errorf("store cursor of %s: %w", bot, err)
	}
	return nil
}

// PurgeRaw deletes payloads that were received before a time, in small bites,
// and returns how many.
func (s *Store) PurgeRaw(ctx context.Context, before time.Time) (int64, error) {
	var total int64
	for {
		done := s.db.Gorm.WithContext(ctx).Exec(`
			DELETE FROM inbound WHERE (source, event_id) IN (
				SELECT source, event_id FROM inbound WHERE received_at < ? AND state <> 'failed' LIMIT 5000)`, before)
		if done.Error != nil {
			return total, fmt.Errorf("purge payloads: %w", done.Error)
		}
		total += done.RowsAffected
		if done.RowsAffected < 5000 {
			return total, nil
		}
	}
}

// Clear forgets every conversation, ticket, payload and job; knowledge stays.
// It is for the demo, whose pretended platforms forget everything too.
func (s *Store) Clear(ctx context.Context) error {
	_, err := s.db.Pool.Exec(ctx, `TRUNCATE inbound, cursors, contacts, conversations, tickets, messages,
		album_parts, message_edits, ticket_events, early_replies, jobs, river_job,
		decisions, gap_cursors, gaps, gap_terms, gap_postings, gap_questions, knowledge_proposals RESTART IDENTITY`)
	return wrapped("clear the inbox", err)
}
