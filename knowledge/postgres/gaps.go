package postgres

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/knowledge/gaps"
)

// Gaps is the gaps' Store. It is safe for concurrent use.
type Gaps struct{ db *database.DB }

var (
	_ gaps.Store = (*Gaps)(nil)
	_ gaps.Tx    = (*gapTx)(nil)
)

// NewGaps works on a migrated database.
func NewGaps(db *database.DB) *Gaps { return &Gaps{db} }

// gapTx is the transaction of a brand's writer.
type gapTx struct {
	pgx    pgx.Tx
	brand  string
	cursor cursor
}

type cursor struct {
	secret          []byte
	decided, judged time.Time
	questions       int
}

// lockCursor makes the transaction the brand's only writer, or says that
// another one is.
func lockCursor(ctx context.Context, tx pgx.Tx, brand string, wait bool) (c cursor, ours bool, err error) {
	how := "SKIP LOCKED"
	if wait {
		how = ""
	}
	err = tx.QueryRow(ctx, `SELECT secret, decided, judged, questions FROM gap_cursors WHERE brand = $1 FOR UPDATE `+how, brand).
		Scan(&c.secret, &c.decided, &c.judged, &c.questions)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	return c, err == nil, err
}

// Collect runs do as the brand's only writer.
func (g *Gaps) Collect(ctx context.Context, brand string, do func(ctx context.Context, tx gaps.Tx) error) (ours bool, err error) {
	secret := make([]byte, 16)
	if _, err := rand.Read(secret); err != nil {
		return false, err
	}
	begin := time.Unix(0, 0)
	if _, err := g.db.Pool.Exec(ctx, `INSERT INTO gap_cursors (brand, secret, decided, judged) VALUES ($1, $2, $3, $3)
		ON CONFLICT DO NOTHING`, brand, secret, begin); err != nil {
		return false, fmt.Errorf("begin the cursor: %w", err)
	}
	err = g.db.InTx(ctx, func(ctx context.Context, tx database.Tx) error {
		c, locked, err := lockCursor(ctx, tx.Pgx, brand, false)
		if err != nil || !locked {
			return err
		}
		// A plan made for tables that are small yet is kept while they grow.
		if _, err := tx.Pgx.Exec(ctx, `SET LOCAL enable_seqscan = off`); err != nil {
			return fmt.Errorf("plan for large tables: %w", err)
		}
		ours = true
		return do(ctx, &gapTx{tx.Pgx, brand, c})
	})
	return ours, err
}

// Change runs do on one gap and saves it.
func (g *Gaps) Change(ctx context.Context, id int64, do func(*gaps.Gap) error) error {
	return g.db.InTx(ctx, func(ctx context.Context, tx database.Tx) error {
		gap, err := gapOf(ctx, tx.Pgx, id)
		if err != nil {
			return err
		}
		if _, _, err := lockCursor(ctx, tx.Pgx, gap.Brand, true); err != nil {
			return fmt.Errorf("wait for the collector: %w", err)
		}
		if gap, err = gapOf(ctx, tx.Pgx, id); err != nil { // as it is under the lock
			return err
		}
		if err := do(&gap); err != nil {
			return err
		}
		return updateGap(ctx, tx.Pgx, &gap)
	})
}

// Ranked returns a brand's gaps, the hottest first.
func (g *Gaps) Ranked(ctx context.Context, brand string, f gaps.Filter) ([]gaps.Gap, error) {
	where := `AND (state = 'open' OR state = 'answered' AND since >= 3)` // as the index gaps_ranked has it
	if f.All {
		where = ""
	}
	rows, err := g.db.Pool.Query(ctx, `SELECT `+gapColumns+` FROM gaps WHERE brand = $1 `+where+`
		ORDER BY heat DESC, id LIMIT $2`, brand, f.Limit)
	if err != nil {
		return nil, fmt.Errorf("read gaps of %s: %w", brand, err)
	}
	list, err := pgx.CollectRows(rows, scanGap)
	if err != nil {
		return nil, fmt.Errorf("read gaps of %s: %w", brand, err)
	}
	return list, nil
}

// Gap returns one gap, or gaps.ErrNotFound.
func (g *Gaps) Gap(ctx context.Context, id int64) (gaps.Gap, error) {
	return gapOf(ctx, g.db.Pool, id)
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func gapOf(ctx context.Context, q querier, id int64) (gaps.Gap, error) {
	rows, err := q.Query(ctx, `SELECT `+gapColumns+` FROM gaps WHERE id = $1`, id)
	if err != nil {
		return gaps.Gap{}, fmt.Errorf("read gap %d: %w", id, err)
	}
	gap, err := pgx.CollectExactlyOneRow(rows, scanGap)
	if errors.Is(err, pgx.ErrNoRows) {
		return gaps.Gap{}, fmt.Errorf("gap %d: %w", id, gaps.ErrNotFound)
	}
	if err != nil {
		return gaps.Gap{}, fmt.Errorf("read gap %d: %w", id, err)
	}
	return gap, nil
}

const gapColumns = `id, brand, state, centre, asked, contacts, heat, first_at, last_at, langs, communities,
	changed_by, changed_at, why, entry, since, bar`

func scanGap(row pgx.CollectableRow) (g gaps.Gap, err error) {
	var centre, langs []byte
	var changed *time.Time
	err = row.Scan(&g.ID, &g.Brand, &g.State, &centre, &g.Asked, &g.Contacts, &g.Heat,
		&g.FirstAt, &g.LastAt, &langs, &g.Communities, &g.By, &changed, &g.Why, &g.Entry, &g.Since, &g.Bar)
	if err != nil {
		return g, err
	}
	if changed != nil {
		g.At = *changed
	}
	if g.Centre, err = unpackCentre(centre); err != nil {
		return g, fmt.Errorf("gap %d: %w", g.ID, err)
	}
	return g, json.Unmarshal(langs, &g.Langs)
}
