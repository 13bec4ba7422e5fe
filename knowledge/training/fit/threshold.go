package main

import (
	"cmp"
	"slices"
)

// threshold is the confidence that a share of right answers takes.
type threshold struct{ share, confidence float64 }

// shares are those that a brand can ask for; between them the next higher holds.
var shares = []float64{0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99}

// leastAnswers is how many answers a share must stand on.
const leastAnswers = 40

// highest is the threshold of a share that nothing reaches.
const highest = 0.9985

// thresholds finds, for each share, the lowest confidence from which on answers
// were right in that share.
func thresholds(list []outcome) (t []threshold) {
	for _, share := range shares {
		t = append(t, threshold{share, cut(list, share, leastAnswers)})
	}
	return t
}

// cut is the lowest confidence from which on a share of at least so many
// answers was right.
func cut(list []outcome, share float64, least int) float64 {
	s := slices.Clone(list)
	slices.SortStableFunc(s, func(a, b outcome) int { return cmp.Compare(b.confidence, a.confidence) })
	found := highest
	var right, all float64
	for i, o := range s {
		all += o.weight
		if o.right {
			right += o.weight
		}
		if i+1 >= least && right >= share*all {
			found = o.confidence
		}
	}
	return found
}

func confidenceFor(t []threshold, share float64) float64 {
	return t[slices.IndexFunc(t, func(x threshold) bool { return x.share == share })].confidence
}
