package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/poruch/poruch/knowledge"
)

// outcomes whose odds of being right are as they say.
func outcomes(n int) (list []outcome) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range n {
		odds := rng.Float64()*8 - 4
		right := rng.Float64() < sigmoid(odds)
		second := right || rng.Float64() < 0.5
		list = append(list, outcome{
			top: []float64{1, odds, odds - 2, 0.1}, right: right, weight: 1,
			among:  [2][]float64{{1, odds, 0, 0, 0}, {1, odds, 0, 0, 0}},
			within: [2]bool{second, true},
		})
	}
	return list
}

func TestCalibrationHolds(t *testing.T) {
	list := outcomes(20000)
	c := calibrate(list)
	c.settle(list)
	check := func(name string, p func(o outcome) float64, right func(o outcome) bool) {
		for low := 0.1; low < 0.9; low += 0.2 {
			var sum, hits, n float64
			for _, o := range list {
				if x := p(o); x >= low && x < low+0.2 {
					n++
					sum += x
					if right(o) {
						hits++
					}
				}
			}
			if math.Abs(sum-hits) > 0.03*n {
				t.Errorf("%s from %.1f on: said %.3f, was %.3f", name, low, sum/n, hits/n)
			}
		}
	}
	check("first", func(o outcome) float64 { return o.confidence }, func(o outcome) bool { return o.right })
	var said, were float64
	for _, o := range list {
		said += sigmoid(dot(c.among[0], o.among[0]))
		if o.within[0] {
			were++
		}
	}
	if math.Abs(said-were) > 0.01*float64(len(list)) {
		t.Errorf("among the first two: said %.0f, were %.0f", said, were)
	}
	if three := sigmoid(dot(c.among[1], list[0].among[1])); three < 0.99 {
		t.Errorf("always among the first three: said %.3f", three)
	}
}

func TestThresholdsKeepTheirShares(t *testing.T) {
	list := outcomes(20000)
	calibrate(list).settle(list)
	last := 0.0
	for _, x := range thresholds(list) {
		if x.confidence < last {
			t.Errorf("the threshold falls at %v", x.share)
		}
		last = x.confidence
		var right, n float64
		for _, o := range list {
			if o.confidence >= x.confidence {
				n++
				if o.right {
					right++
				}
			}
		}
		if right < x.share*n-1e-9 {
			t.Errorf("at %v: %.4f were right", x.share, right/n)
		}
	}
	for i := range list {
		list[i].q.weight = 1
	}
	if c := curve(list, 0.95); c < 0.05 || c > 0.5 {
		t.Errorf("coverage at 95 %% is %v", c)
	}
}

// What asked for a dropped entry is outside the scope, and nothing asks for an
// entry that is not there.
func TestThinBooks(t *testing.T) {
	var entries []knowledge.Entry
	var queries []query
	for i := range 40 {
		id := string(rune('a'+i%26)) + string(rune('a'+i/26))
		entries = append(entries, knowledge.Entry{ID: id})
		queries = append(queries, query{Expect: &id}, query{Expect: &id, Accept: []string{id, "aa"}}, query{})
	}
	kept, asked := thin(entries, queries, 0.25)
	if len(kept) != 30 {
		t.Fatalf("%d entries are left", len(kept))
	}
	dropped := 0
	for _, q := range asked {
		if q.Kind == "dropped" {
			dropped++
			if q.Expect != nil {
				t.Error("a dropped message still asks for an entry")
			}
		}
		if q.Expect != nil && !slices.ContainsFunc(kept, func(e knowledge.Entry) bool { return e.ID == *q.Expect }) {
			t.Errorf("%s is asked for, and not there", *q.Expect)
		}
	}
	if dropped < 10 {
		t.Errorf("only %d messages were dropped", dropped)
	}
	if again, _ := thin(entries, queries, 0.25); !slices.EqualFunc(again, kept, func(a, b knowledge.Entry) bool { return a.ID == b.ID }) {
		t.Error("the same book was thinned in another way")
	}
}
