package main

import (
	"cmp"
	"slices"
)

// threshold is the confidence that a share of right answers takes.
type threshold struct{ share, confidence float64 }

// hardness is how many times more often the matcher errs on the training
// brands than on other brands at the same confidence: their questions near the
// scope were written to be traps. On uk-coffee, which no training brand copies,
// it is between 3 and 5; the cautious 2 leaves room for brands that are harder.
const hardness = 2

// leastAnswers is how many answers a share must stand on.
const leastAnswers = 40

// thresholds finds, for each share, the lowest confidence from which on answers
// were right in that share, errors counted by hardness.
func thresholds(list []outcome, w []float64) (t []threshold) {
	s := slices.Clone(list)
	slices.SortFunc(s, func(a, b outcome) int { return cmp.Compare(confidence(w, b), confidence(w, a)) })
	for _, share := range []float64{0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99} {
		right, cut := 0, 0.9985
		for i, o := range s {
			if o.right {
				right++
			}
			if i >= leastAnswers && float64(i+1-right) <= hardness*(1-share)*float64(i+1) {
				cut = confidence(w, o)
			}
		}
		t = append(t, threshold{share, cut})
	}
	return t
}
