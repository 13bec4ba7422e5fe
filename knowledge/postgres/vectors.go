package postgres

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/poruch/poruch/internal/database"
)

// Vectors is the cache of texts' vectors, for package embeddings. It holds
// hashes and numbers, no text. Losing rows costs a request each. It is safe for
// concurrent use, by several replicas too.
type Vectors struct {
	DB  *database.DB
	Now func() time.Time
}

// usedAgain is how exactly the time of use is kept: a row is written at most
// once a day for being read.
const usedAgain = 24 * time.Hour

// Vectors returns those that are there, and remembers that they were used. A
// vector of a customer's words that a book asks for too is a book's from then
// on.
func (v Vectors) Vectors(ctx context.Context, hashes [][32]byte, question bool) (map[[32]byte][]float32, error) {
	now := v.Now()
	rows, err := v.DB.Pool.Query(ctx, `
		WITH used AS (
			UPDATE vectors SET used_at = greatest(used_at, $2), question = question AND $3
			WHERE hash IN (
				SELECT hash FROM vectors
				WHERE hash = ANY($1) AND (used_at < $4 OR question AND NOT $3)
				ORDER BY hash FOR UPDATE SKIP LOCKED)
		)
		SELECT hash, vector FROM vectors WHERE hash = ANY($1)`,
		slicesOf(hashes), now, question, now.Add(-usedAgain))
	if err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	defer rows.Close()
	found := make(map[[32]byte][]float32, len(hashes))
	for rows.Next() {
		var hash, packed []byte
		if err := rows.Scan(&hash, &packed); err != nil {
			return nil, fmt.Errorf("read vectors: %w", err)
		}
		if vector := unpack(packed); vector != nil && len(hash) == 32 {
			found[[32]byte(hash)] = vector
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read vectors: %w", err)
	}
	return found, nil
}

// Keep stores vectors in place of older ones of the same texts.
func (v Vectors) Keep(ctx context.Context, vectors map[[32]byte][]float32, question bool) error {
	if len(vectors) == 0 {
		return nil
	}
	// In one order, so that replicas which keep the same texts do not lock each other.
	hashes := slices.SortedFunc(maps.Keys(vectors), func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
	packed := make([][]byte, len(hashes))
	for i, h := range hashes {
		packed[i] = pack(vectors[h])
	}
	_, err := v.DB.Pool.Exec(ctx, `
		INSERT INTO vectors (hash, vector, question, used_at)
		SELECT hash, vector, $3, $4 FROM unnest($1::bytea[], $2::bytea[]) AS t (hash, vector)
		ON CONFLICT (hash) DO UPDATE SET vector = excluded.vector, question = vectors.question AND excluded.question,
			used_at = greatest(vectors.used_at, excluded.used_at)`,
		slicesOf(hashes), packed, question, v.Now())
	if err != nil {
		return fmt.Errorf("keep vectors: %w", err)
	}
	return nil
}

// How much Prune deletes: in steps, so that no transaction is long, and only so
// much at once; the rest waits for the next time.
const (
	pruneStep  = 1000
	pruneSteps = 100
)

// Prune deletes vectors of customers' words that were last used before
// questions, and of books' texts before texts. It returns how many.
func (v Vectors) Prune(ctx context.Context, questions, texts time.Time) (deleted int64, err error) {
	for range pruneSteps {
		tag, err := v.DB.Pool.Exec(ctx, `
			DELETE FROM vectors WHERE hash IN (
				SELECT hash FROM vectors WHERE question AND used_at < $1 OR NOT question AND used_at < $2
				LIMIT $3 FOR UPDATE SKIP LOCKED)`, questions, texts, pruneStep)
		if err != nil {
			return deleted, fmt.Errorf("delete old vectors: %w", err)
		}
		deleted += tag.RowsAffected()
		if tag.RowsAffected() < pruneStep {
			break
		}
	}
	return deleted, nil
}

func slicesOf(hashes [][32]byte) [][]byte {
	list := make([][]byte, len(hashes))
	for i := range hashes {
		list[i] = hashes[i][:]
	}
	return list
}

func pack(v []float32) []byte {
	packed := make([]byte, 0, 4*len(v))
	for _, x := range v {
		packed = binary.LittleEndian.AppendUint32(packed, math.Float32bits(x))
	}
	return packed
}

// unpack is nil for what is no vector.
func unpack(packed []byte) []float32 {
	if len(packed) == 0 || len(packed)%4 != 0 {
		return nil
	}
	v := make([]float32, 0, len(packed)/4)
	for ; len(packed) > 0; packed = packed[4:] {
		v = append(v, math.Float32frombits(binary.LittleEndian.Uint32(packed)))
	}
	return v
}
