package library

import (
	"testing"

	"pgregory.net/rapid"
)

func times(n int, confidence float64, right bool) (list []Judged) {
	for range n {
		list = append(list, Judged{confidence, right})
	}
	return list
}

func joined(lists ...[]Judged) (all []Judged) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func TestRefine(t *testing.T) {
	const shipped, target = 0.85, 0.95
	for name, c := range map[string]struct {
		judged []Judged
		want   float64
	}{
		"no verdicts":                 {nil, shipped},
		"all right":                   {times(100, 0.9, true), shipped},
		"a few wrong":                 {joined(times(14, 0.9, true), times(5, 0.9, false)), shipped},
		"proven worse":                {joined(times(20, 0.97, true), times(20, 0.9, false)), 0.97},
		"worse throughout":            {joined(times(5, 0.99, true), times(30, 0.99, false)), 1},
		"right below, but too few":    {joined(times(100, 0.9, true), times(99, 0.8, true)), shipped},
		"right below":                 {joined(times(100, 0.9, true), times(100, 0.8, true)), 0.8},
		"right below, but not proven": {joined(times(190, 0.9, true), times(10, 0.8, true)), shipped},
		"wrong below":                 {joined(times(150, 0.9, true), times(60, 0.8, true), times(8, 0.8, false)), shipped},
		"never below one half":        {joined(times(100, 0.9, true), times(100, 0.4, true)), shipped},
	} {
		if got := refine(shipped, target, c.judged); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Whatever the verdicts, one more wrong one never makes the bot bolder.
func TestRefineIsCautious(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		judged := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Judged {
			return Judged{rapid.Float64Range(0, 1).Draw(t, "confidence"), rapid.IntRange(0, 9).Draw(t, "luck") > 0}
		}), 0, 260).Draw(t, "judged")
		before := refine(0.85, 0.95, judged)
		if before < leastThreshold || before > 1 {
			t.Fatalf("threshold %v", before)
		}
		worse := append(judged, Judged{rapid.Float64Range(0.85, 1).Draw(t, "of"), false})
		if len(judged) == enoughToLower-1 {
			return // the first verdict that lets it go down
		}
		if after := refine(0.85, 0.95, worse); after < min(before, 0.85) {
			t.Fatalf("from %v to %v", before, after)
		}
	})
}
