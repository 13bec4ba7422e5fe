package postgres_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/knowledge/embeddings"
	"github.com/poruch/poruch/knowledge/postgres"
)

var _ embeddings.Cache = postgres.Vectors{}

// cache is on a database of its own, with a clock that the test sets.
type cache struct {
	postgres.Vectors
	now time.Time
}

func newCache(t *testing.T) (*cache, *database.DB) {
	db := databasetest.New(t)
	c := &cache{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	c.Vectors = postgres.Vectors{DB: db, Now: func() time.Time { return c.now }}
	return c, db
}

func (c *cache) keep(t *testing.T, question bool, hashes ...[32]byte) {
	t.Helper()
	vectors := map[[32]byte][]float32{}
	for _, h := range hashes {
		vectors[h] = []float32{float32(h[0]), -0.5, 1e-30}
	}
	if err := c.Keep(t.Context(), vectors, question); err != nil {
		t.Fatal(err)
	}
}

func (c *cache) has(t *testing.T, question bool, hashes ...[32]byte) (list []byte) {
	t.Helper()
	found, err := c.Vectors.Vectors(t.Context(), hashes, question)
	if err != nil {
		t.Fatal(err)
	}
	for h, v := range found {
		if want := []float32{float32(h[0]), -0.5, 1e-30}; !slices.Equal(v, want) {
			t.Errorf("vector %d is %v, want %v", h[0], v, want)
		}
		list = append(list, h[0])
	}
	slices.Sort(list)
	return list
}

func (c *cache) prune(t *testing.T, questions, texts time.Duration) int64 {
	t.Helper()
	n, err := c.Prune(t.Context(), c.now.Add(-questions), c.now.Add(-texts))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestVectorsComeBackToTheBit(t *testing.T) {
	c, db := newCache(t)
	c.keep(t, false, [32]byte{1}, [32]byte{2})
	if got := c.has(t, true, [32]byte{1}, [32]byte{2}, [32]byte{3}); !slices.Equal(got, []byte{1, 2}) {
		t.Errorf("found %v", got)
	}
	if err := c.Keep(t.Context(), nil, false); err != nil {
		t.Errorf("keep nothing: %v", err)
	}
	if found, err := c.Vectors.Vectors(t.Context(), nil, false); err != nil || len(found) != 0 {
		t.Errorf("ask for nothing: %v, %v", found, err)
	}
	// A row that somebody spoilt is as good as none, and is replaced.
	if _, err := db.Pool.Exec(t.Context(), `UPDATE vectors SET vector = '\x0102' WHERE hash = $1`, slices.Concat([]byte{1}, make([]byte, 31))); err != nil {
		t.Fatal(err)
	}
	if got := c.has(t, false, [32]byte{1}, [32]byte{2}); !slices.Equal(got, []byte{2}) {
		t.Errorf("found %v beside a spoilt row", got)
	}
	c.keep(t, false, [32]byte{1})
	if got := c.has(t, false, [32]byte{1}); !slices.Equal(got, []byte{1}) {
		t.Errorf("found %v after it was mended", got)
	}
}

// Customers' words go after their days unless they are asked again; a book's
// texts stay as long as books use them.
func TestPruneKeepsWhatIsUsed(t *testing.T) {
	const day = 24 * time.Hour
	c, _ := newCache(t)
	gone, asked, text, shared, old := [32]byte{1}, [32]byte{2}, [32]byte{3}, [32]byte{4}, [32]byte{5}
	c.keep(t, true, gone, asked, shared)
	c.keep(t, false, text, old)
	c.now = c.now.Add(20 * day)
	c.has(t, true, asked)   // asked again
	c.has(t, false, shared) // a trainer made it a phrasing
	c.has(t, true, text)    // a customer said a phrasing; it stays the book's
	if n := c.prune(t, 30*day, 90*day); n != 0 {
		t.Errorf("%d deleted too early", n)
	}
	c.now = c.now.Add(20 * day)
	if n := c.prune(t, 30*day, 90*day); n != 1 {
		t.Errorf("%d deleted after 40 days, want 1", n)
	}
	c.now = c.now.Add(55 * day)
	if n := c.prune(t, 30*day, 90*day); n != 2 {
		t.Errorf("%d deleted after 95 days, want 2", n)
	}
	if got := c.has(t, true, gone, asked, text, shared, old); !slices.Equal(got, []byte{3, 4}) {
		t.Errorf("left are %v", got)
	}
}

// A customer who says a book's words does not make them a customer's.
func TestBooksTextsStayTheBooks(t *testing.T) {
	c, _ := newCache(t)
	c.keep(t, false, [32]byte{1})
	c.keep(t, true, [32]byte{1})
	c.now = c.now.Add(40 * 24 * time.Hour)
	if n := c.prune(t, 24*time.Hour, 90*24*time.Hour); n != 0 {
		t.Errorf("%d deleted", n)
	}
}

func TestPruneDeletesInSteps(t *testing.T) {
	c, db := newCache(t)
	if _, err := db.Pool.Exec(t.Context(), `
		INSERT INTO vectors SELECT sha256(i::text::bytea), '\x00000000', true, $1 FROM generate_series(1, 2500) i`, c.now); err != nil {
		t.Fatal(err)
	}
	c.now = c.now.Add(time.Hour)
	if n := c.prune(t, 0, 0); n != 2500 {
		t.Errorf("%d deleted, want 2500", n)
	}
}

// Replicas keep and read the same texts at once.
func TestReplicasShareTheCache(t *testing.T) {
	c, _ := newCache(t)
	vectors := map[[32]byte][]float32{}
	for i := range byte(200) {
		vectors[[32]byte{i}] = []float32{1}
	}
	hashes := slices.Collect(maps.Keys(vectors))
	later := postgres.Vectors{DB: c.DB, Now: func() time.Time { return c.now.Add(48 * time.Hour) }}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 5 {
				if err := later.Keep(t.Context(), vectors, i%2 == 0); err != nil {
					t.Error(err)
				}
				if _, err := later.Vectors(t.Context(), hashes, i%2 == 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// Nothing that a person could read is in the table, and each bad row is refused.
func TestVectorsTableHoldsNoText(t *testing.T) {
	c, db := newCache(t)
	c.keep(t, true, [32]byte{1})
	rows, err := db.Pool.Query(t.Context(), `SELECT column_name || ' ' || data_type FROM information_schema.columns WHERE table_name = 'vectors' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var columns []string
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, column)
	}
	want := []string{"hash bytea", "question boolean", "used_at timestamp with time zone", "vector bytea"}
	if rows.Err() != nil || !slices.Equal(columns, want) {
		t.Errorf("columns %v, %v", columns, rows.Err())
	}
	if _, err := db.Pool.Exec(t.Context(), `INSERT INTO vectors VALUES ('some words', '\x00', true, now())`); err == nil {
		t.Error("a text was stored as a hash")
	}
}

func TestVectorsErrorsSayWhat(t *testing.T) {
	c, _ := newCache(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, read := c.Vectors.Vectors(ctx, [][32]byte{{1}}, false)
	_, pruned := c.Prune(ctx, c.now, c.now)
	for what, err := range map[string]error{
		"read vectors": read, "keep vectors": c.Keep(ctx, map[[32]byte][]float32{{1}: {1}}, false), "delete old vectors": pruned,
	} {
		if err == nil || fmt.Sprint(err)[:len(what)] != what {
			t.Errorf("%v, want %q first", err, what)
		}
	}
}
