package knowledge

import (
	"math"
	"testing"
)

func TestSolve(t *testing.T) {
	var a [groundCount]grounds
	var want, b grounds
	for i := range groundCount {
		want[i] = float64(i) - 2
		for j := range groundCount {
			a[i][j] = 1 / float64(1+i+j)
		}
		a[i][(i+1)%groundCount] += 5 // pivots off the diagonal
	}
	for i := range groundCount {
		b[i] = a[i].dot(&want)
	}
	for i, x := range solve(a, b) {
		if math.Abs(x-want[i]) > 1e-6 {
			t.Errorf("x[%d] = %v, want %v", i, x, want[i])
		}
	}
}

// On samples that a logistic law made, the fitted probabilities are the shares.
func TestFitIsCalibrated(t *testing.T) {
	var samples []sample
	for i := range 1000 {
		score := float64(i%10) / 10
		share := 0.1 + 0.08*float64(i%10)
		samples = append(samples, sample{grounds{groundOne: 1, groundScore: score}, float64(i/10%100) < 100*share, 1})
	}
	c := fit(samples, 0.95)
	for _, score := range []float64{0.1, 0.5, 0.9} {
		want := 0.1 + 0.8*score
		if got := c.probability(grounds{groundOne: 1, groundScore: score}); math.Abs(got-want) > 0.06 {
			t.Errorf("at %.1f: %.3f, want about %.3f", score, got, want)
		}
	}
}

func TestThresholdFor(t *testing.T) {
	c := calibration{weights: grounds{groundScore: 10}}
	at := func(score float64, right bool, n int) (list []sample) {
		for range n {
			list = append(list, sample{grounds{groundScore: score}, right, 1})
		}
		return list
	}
	p := func(score float64) float64 { return c.probability(grounds{groundScore: score}) }
	sure := append(at(0.4, true, 50), at(0.2, false, 20)...)
	if got := thresholdFor(c, sure, 0.95); got != p(0.4) {
		t.Errorf("%v, want the lowest right one's %v", got, p(0.4))
	}
	if got := thresholdFor(c, at(0.4, true, 5), 0.95); got != highestThreshold {
		t.Errorf("%v after five samples, want the highest", got)
	}
	if got := thresholdFor(c, at(-1, true, 100), 0.95); got != lowestThreshold {
		t.Errorf("%v, want the lowest", got)
	}
	if got := thresholdFor(c, nil, 0.95); got != highestThreshold {
		t.Errorf("%v without samples, want the highest", got)
	}
}
