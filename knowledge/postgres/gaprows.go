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

// The layout of a centre, little-endian and of 4 bytes each: how many
// questions, the numbers of the sense, and pairs of a term and its weight.
const (
	number   = 4
	pairsAt  = number * (1 + gaps.Size)
	pairSize = 2 * number
)

func packCentre(c gaps.Centre) []byte {
	b := make([]byte, 0, pairsAt+pairSize*len(c.Terms))
	b = binary.LittleEndian.AppendUint32(b, uint32(c.Questions))
	for _, x := range c.Sense {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	for i, t := range c.Terms {
		b = binary.LittleEndian.AppendUint32(b, uint32(t))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(c.Weights[i]))
	}
	return b
}

func unpackCentre(b []byte) (c gaps.Centre, err error) {
	if len(b) < pairsAt || (len(b)-pairsAt)%pairSize != 0 {
		return c, fmt.Errorf("its centre has %d bytes, which is no centre", len(b))
	}
	at := func(i int) uint32 { return binary.LittleEndian.Uint32(b[i:]) }
	c.Questions = int(at(0))
	for i := range c.Sense {
		c.Sense[i] = math.Float32frombits(at(number * (1 + i)))
	}
	n := (len(b) - pairsAt) / pairSize
	c.Terms, c.Weights = make([]int32, n), make([]float32, n)
	for i := range n {
		c.Terms[i] = int32(at(pairsAt + pairSize*i))
		c.Weights[i] = math.Float32frombits(at(pairsAt + pairSize*i + number))
	}
	return c, nil
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
		string(g.State), packCentre(g.Centre), g.Asked, g.Contacts, float64(g.Heat),
		g.FirstAt, g.LastAt, langs, g.Communities, g.By, changed, g.Why, g.Entry, g.Since, g.Bar,
	}, nil
}

const updateGapSQL = `UPDATE gaps SET state = $2, centre = $3, asked = $4, contacts = $5, heat = $6, first_at = $7, last_at = $8,
	langs = $9, communities = $10, changed_by = $11, changed_at = $12, why = $13, entry = $14, since = $15, bar = $16 WHERE id = $1`

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

const insertGapSQL = `INSERT INTO gaps (brand, state, centre, asked, contacts, heat, first_at, last_at, langs, communities,
	changed_by, changed_at, why, entry, since, bar)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id`
