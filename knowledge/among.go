package knowledge

import "math"

// AmongInputs is what the probability that the right entry is among the first n
// is made of, from all entries' log odds, best first: 1, the best, the n-th,
// what the first n promise together, and the mass of all others.
func AmongInputs(odds []float64, n int) [5]float64 {
	const nothing = -8
	x := [5]float64{1, nothing, nothing}
	var first, others float64
	for i, o := range odds {
		if i >= n {
			others += sigmoid(o)
			continue
		}
		first += sigmoid(o)
		if i == 0 {
			x[1] = max(o, nothing)
		}
		if i == n-1 {
			x[2] = max(o, nothing)
		}
	}
	x[3], x[4] = math.Log(first+1e-3), math.Log1p(others)
	return x
}

// among is the probability that the right entry is among the first n, 2 or 3,
// of all: at least that of being first.
func (j *Judgement) among(odds []float64, n int) float64 {
	var sum float64
	for i, x := range AmongInputs(odds, n) {
		sum += j.Among[n-2][i] * x
	}
	return sigmoid(sum)
}
