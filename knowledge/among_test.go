package knowledge

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the odds, the inputs are numbers, and the first n hold what they say.
func TestAmongInputs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		odds := rapid.SliceOfN(rapid.Float64Range(-40, 40), 0, 8).Draw(t, "odds")
		slices.SortFunc(odds, func(a, b float64) int { return int(math.Copysign(1, b-a)) })
		for n := 2; n <= 3; n++ {
			x := AmongInputs(odds, n)
			for i, v := range x {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("input %d of %v is %v", i, odds, v)
				}
			}
			if len(odds) <= n && x[4] != 0 {
				t.Fatalf("%v leave %v for others than the first %d", odds, x[4], n)
			}
			if x[2] > x[1] {
				t.Fatalf("of %v the %d-th is ahead of the first", odds, n)
			}
		}
	})
}

// The right entry is among the first two, and three, as often as is said.
func TestAmongTheFirst(t *testing.T) {
	book := coffeeBook(t)
	var said, were [2]float64
	n := 0.0
	for _, q := range queries(t) {
		m := understand(q.Text)
		views := book.views(m, languageOf(m))
		v := book.judge(book.readSignals(m, views), views)
		if len(v.candidates) == 0 {
			continue
		}
		if c := v.candidates[0].confidence; v.within(2) < c || v.within(3) < v.within(2) || v.within(3) > 1 {
			t.Errorf("%s: %.3f first, %.3f among two, %.3f among three", q.Text, c, v.within(2), v.within(3))
		}
		n++
		for i, within := range []float64{v.within(2), v.within(3)} {
			said[i] += within
			first := v.candidates[:min(i+2, len(v.candidates))]
			if q.Expect != nil && slices.ContainsFunc(first, func(c candidate) bool { return book.entries[c.entry].ID == *q.Expect }) {
				were[i]++
			}
		}
	}
	for i := range said {
		t.Logf("among the first %d: said %.3f, were %.3f", i+2, said[i]/n, were[i]/n)
		if math.Abs(said[i]-were[i]) > 0.1*n {
			t.Errorf("among the first %d: said %.3f, were %.3f", i+2, said[i]/n, were[i]/n)
		}
	}
}
