package main

import (
	"math"
	"math/rand/v2"
	"testing"
)

// outcomes whose odds of being right are as they say.
func outcomes(n int) (list []outcome) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range n {
		odds := rng.Float64()*8 - 4
		list = append(list, outcome{top: [4]float64{1, odds, odds - 2, 0.1}, right: rng.Float64() < 1/(1+math.Exp(-odds))})
	}
	return list
}

func TestFitTopIsCalibrated(t *testing.T) {
	list := outcomes(20000)
	w := fitTop(list)
	for low := 0.1; low < 0.9; low += 0.2 {
		var sum, right, n float64
		for _, o := range list {
			if p := confidence(w, o); p >= low && p < low+0.2 {
				n++
				sum += p
				if o.right {
					right++
				}
			}
		}
		if math.Abs(sum-right) > 0.03*n {
			t.Errorf("from %.1f on: said %.3f, was %.3f", low, sum/n, right/n)
		}
	}
}

func TestThresholdsKeepTheirShares(t *testing.T) {
	list := outcomes(20000)
	w := fitTop(list)
	last := 0.0
	for _, x := range thresholds(list, w) {
		if x.confidence < last {
			t.Errorf("the threshold falls at %v", x.share)
		}
		last = x.confidence
		var right, n float64
		for _, o := range list {
			if confidence(w, o) >= x.confidence {
				n++
				if o.right {
					right++
				}
			}
		}
		if n > 0 && n-right > hardness*(1-x.share)*n+1e-9 {
			t.Errorf("at %v: %.4f were right", x.share, right/n)
		}
	}
	if c := curve(list, w, 0.95); c < 0.05 || c > 0.5 {
		t.Errorf("coverage at 95 %% is %v", c)
	}
}
