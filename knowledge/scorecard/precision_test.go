package scorecard_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/poruch/poruch/knowledge/scorecard"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// The bounds are the roots of (p̂ − p)² = z²·p(1 − p)/n, worked out apart from
// the formula.
func TestBoundsSolveWilsonsEquation(t *testing.T) {
	for _, c := range []scorecard.Precision{{19, 1}, {1, 0}, {0, 1}, {50, 50}, {950, 50}, {3, 7}} {
		n := float64(c.Right + c.Wrong)
		for _, z := range []float64{scorecard.Sure95, 1.96, 0.5} {
			for _, p := range []float64{c.Lower(z), c.Upper(z)} {
				if off := math.Pow(float64(c.Right)/n-p, 2) - z*z*p*(1-p)/n; math.Abs(off) > 1e-12 {
					t.Errorf("%+v, z %v: %v is off by %v", c, z, p, off)
				}
			}
		}
	}
}

func TestBoundsAtTheEdges(t *testing.T) {
	var none scorecard.Precision
	if none.Lower(scorecard.Sure95) != 0 || none.Upper(scorecard.Sure95) != 1 {
		t.Error("without verdicts anything between 0 and 1 may be true")
	}
	if _, ok := none.Measured(); ok {
		t.Error("without verdicts nothing is measured")
	}
	z := scorecard.Sure95
	// With all right the lower bound has the short form n/(n+z²).
	if all := (scorecard.Precision{Right: 20}); !near(all.Lower(z), 20/(20+z*z)) || all.Upper(z) != 1 {
		t.Errorf("20 of 20: %v to %v", all.Lower(z), all.Upper(z))
	}
	if no := (scorecard.Precision{Wrong: 20}); no.Lower(z) != 0 || !near(no.Upper(z), z*z/(20+z*z)) {
		t.Errorf("0 of 20: %v to %v", no.Lower(z), no.Upper(z))
	}
	if share, ok := (scorecard.Precision{Right: 3, Wrong: 1}).Measured(); !ok || share != 0.75 {
		t.Errorf("3 of 4 = %v, %t", share, ok)
	}
}

func TestBoundsBehave(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := scorecard.Precision{Right: rapid.IntRange(0, 5000).Draw(t, "right"), Wrong: rapid.IntRange(0, 5000).Draw(t, "wrong")}
		z := rapid.Float64Range(0.1, 5).Draw(t, "z")
		low, high := p.Lower(z), p.Upper(z)
		if !(0 <= low && low <= high && high <= 1) {
			t.Fatalf("%+v, z %v: %v to %v", p, z, low, high)
		}
		if share, ok := p.Measured(); ok && (low > share+1e-12 || high < share-1e-12) {
			t.Fatalf("%+v: %v is outside of %v to %v", p, share, low, high)
		}
		more := scorecard.Precision{Right: p.Right + 1, Wrong: p.Wrong}
		if more.Lower(z) < low-1e-12 {
			t.Fatalf("one more right answer lowered the bound from %v to %v", low, more.Lower(z))
		}
		other := scorecard.Precision{Right: p.Wrong, Wrong: p.Right}
		if math.Abs(other.Upper(z)-(1-low)) > 1e-9 {
			t.Fatalf("%+v: the bounds are not each other's mirror: %v, %v", p, low, other.Upper(z))
		}
	})
}
