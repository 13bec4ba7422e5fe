package postgres

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/knowledge/gaps"
)

func packSense(c *gaps.Centre) []byte {
	packed := make([]byte, 0, 4*gaps.Size)
	for _, x := range c.Sense {
		packed = binary.LittleEndian.AppendUint32(packed, math.Float32bits(x))
	}
	return packed
}

func unpackSense(c *gaps.Centre, packed []byte) error {
	if len(packed) != 4*gaps.Size {
		return fmt.Errorf("its sense has %d bytes, want %d", len(packed), 4*gaps.Size)
	}
	for i := range c.Sense {
		c.Sense[i] = math.Float32frombits(binary.LittleEndian.Uint32(packed[4*i:]))
	}
	return nil
}

// gapValues are the columns of a gap after its id and brand.
func gapValues(g *gaps.Gap) ([]any, error) {
	langs, err := json.Marshal(g.Langs)
	if err != nil {
		return nil, fmt.Errorf("gap %d: %w", g.ID, err)
	}
	var changed *time.Time
	if !g.At.IsZero() {
		changed = &g.At
	}
	return []any{
		string(g.State), packSense(&g.Centre), g.Centre.Terms, g.Centre.Weights, g.Asked, g.Contacts, float64(g.Heat),
		g.FirstAt, g.LastAt, langs, g.Communities, g.By, changed, g.Why, g.Entry, g.Since, g.Bar,
	}, nil
}

const updateGapSQL = `UPDATE gaps SET state = $2, sense = $3, terms = $4, weights = $5, asked = $6, contacts = $7, heat = $8,
	first_at = $9, last_at = $10, langs = $11, communities = $12, changed_by = $13, changed_at = $14, why = $15, entry = $16,
	since = $17, bar = $18 WHERE id = $1`

func updateGap(ctx context.Context, tx pgx.Tx, g *gaps.Gap) error {
	values, err := gapValues(g)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateGapSQL, append([]any{g.ID}, values...)...); err != nil {
		return fmt.Errorf("save gap %d: %w", g.ID, err)
	}
	return nil
}

func insertGap(ctx context.Context, tx pgx.Tx, g *gaps.Gap) error {
	values, err := gapValues(g)
	if err != nil {
		return err
	}
	err = tx.QueryRow(ctx, `INSERT INTO gaps (brand, state, sense, terms, weights, asked, contacts, heat, first_at, last_at,
		langs, communities, changed_by, changed_at, why, entry, since, bar)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id`,
		append([]any{g.Brand}, values...)...).Scan(&g.ID)
	if err != nil {
		return fmt.Errorf("open a gap: %w", err)
	}
	return nil
}
