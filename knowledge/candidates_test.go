package knowledge

import (
	"math"
	"path/filepath"
	"slices"
	"testing"
)

// brands are the entries and messages of all training brands, as one.
func brands(t testing.TB) (entries []Entry, messages []string) {
	t.Helper()
	dirs, err := filepath.Glob("training/brands/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("%d training brands: %v", len(dirs), err)
	}
	for _, dir := range dirs {
		for _, e := range entriesIn(t, filepath.Join(dir, "kb.jsonl")) {
			e.ID = filepath.Base(dir) + "/" + e.ID
			entries = append(entries, e)
		}
		for _, q := range labelledIn(t, filepath.Join(dir, "queries.jsonl")) {
			messages = append(messages, q.Text)
		}
	}
	return entries, messages
}

// A large book says of the entries it looks at what a small one says: the two
// keep their phrasings in different ways.
func TestLargeAndSmallBooksCompareAlike(t *testing.T) {
	small, large := coffeeBook(t), largeBook(t, coffee(t))
	near := func(x, y float64) bool { return math.Abs(x-y) < 1e-5 }
	for _, q := range queries(t) {
		a, b := small.reader(), large.reader()
		words := withoutPoliteness(understand(q.Text).words)
		if len(words) == 0 {
			continue
		}
		others := slices.Clone(words)
		a.look(words)
		b.look(others)
		v, w := a.survey(words), b.survey(others)
		if len(w.pool) == 0 && len(v.chosen) > 0 {
			t.Errorf("%q: no candidates", q.Text)
		}
		for _, e := range w.pool {
			x, y := v.whole.sims[e], w.whole.sims[e]
			same := near(x.nearest, y.nearest) && near(x.score, y.score) && near(x.all, y.all) &&
				near(v.partScore[e], w.partScore[e]) && near(v.partTerms[e], w.partTerms[e]) && near(v.centre[e], w.centre[e])
			for i := range x.blocks {
				same = same && near(x.blocks[i], y.blocks[i])
			}
			if !same {
				t.Fatalf("%q, entry %d: small %+v %v, large %+v %v", q.Text, e, x, v.partScore[e], y, w.partScore[e])
			}
		}
		a.close()
		b.close()
	}
}

// The candidates hold what a look at all entries finds: the rough scores that
// pick them may miss two in a hundred of the nearest.
func TestCandidatesAreEnough(t *testing.T) {
	entries, messages := brands(t)
	book := largeBook(t, entries)
	var nearest, missed int
	for i := 0; i < len(messages); i += 29 {
		words := withoutPoliteness(understand(messages[i]).words)
		if len(words) == 0 {
			continue
		}
		r := book.reader()
		r.look(words)
		pool := slices.Clone(r.survey(words).pool)
		r.vector(words)
		r.weighAsked(func(a *asked, weight float32) { a.whole = weight })
		top := newTop(considered)
		for e := range entries {
			var sim similarity
			if r.compare(e, &sim, nil); sim.score > 0 {
				top.add(e, sim.score)
			}
		}
		r.close()
		for _, e := range top.entries {
			nearest++
			if !slices.Contains(pool, e) {
				missed++
			}
		}
	}
	t.Logf("%d of %d were missed", missed, nearest)
	if nearest < 1000 || missed*50 > nearest {
		t.Errorf("%d of the %d nearest entries were no candidates", missed, nearest)
	}
}
