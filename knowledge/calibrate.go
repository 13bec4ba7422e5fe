package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// grounds are the numbers from which the probability of a right answer is
// read, for one entry and one text.
type grounds [groundCount]float64

const (
	groundOne     = iota // always 1
	groundScore          // similarity to the entry
	groundNearest        // similarity to its nearest phrasing
	groundMargin         // how far the next entry is behind
	groundCovered        // share of the text that the entry accounts for
	groundStrange        // words that the whole book lacks, of three
	groundLength         // few words say less
	groundCount
)

// calibration turns grounds into a probability.
type calibration struct {
	weights   grounds
	threshold float64
}

// prior is a calibration from a FAQ of 60 entries; a brand with few phrasings
// stays near it, one with many moves away.
var prior = grounds{-6, 5, 3, 8, 4, -1.5, 0.3}

// pull is how firmly the prior holds each weight. Phrasings have few strange
// words, and those they have are typical of what trainers write, not of what
// customers do: there the prior knows better.
var pull = grounds{0.4, 0.4, 0.4, 0.4, 0.4, 200, 0.4}

func (g *grounds) dot(w *grounds) (sum float64) {
	for i := range g {
		sum += g[i] * w[i]
	}
	return sum
}

func (c calibration) probability(g grounds) float64 {
	return 1 / (1 + math.Exp(-g.dot(&c.weights)))
}

// sample is one question with a known verdict.
type sample struct {
	grounds grounds
	right   bool
	weight  float64
}

// fit finds the weights by Newton's method on the penalised likelihood, and the
// lowest threshold that reached the target precision on the samples.
func fit(samples []sample, target float64) calibration {
	c := calibration{weights: prior}
	now := c.penalty(samples)
	for range 50 {
		step := c.newton(samples)
		// Far from the optimum a whole step can overshoot.
		next, better := c, now
		for half := 1.0; half > 1e-4; half /= 2 {
			for i := range groundCount {
				next.weights[i] = c.weights[i] + half*step[i]
			}
			if better = next.penalty(samples); better < now {
				break
			}
		}
		if !(now-better > 1e-9*now) {
			break
		}
		c, now = next, better
	}
	c.threshold = thresholdFor(c, samples, target)
	return c
}

// penalty is what fit makes small: the negative log likelihood, and the squared
// way from the prior.
func (c calibration) penalty(samples []sample) (sum float64) {
	for i := range groundCount {
		d := c.weights[i] - prior[i]
		sum += pull[i] / 2 * d * d
	}
	for _, s := range samples {
		x := s.grounds.dot(&c.weights)
		if s.right {
			x = -x
		}
		sum += s.weight * (math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))) // log(1+e^x), without overflow
	}
	return sum
}

// newton is the step that would reach the optimum if the penalty were a parabola.
func (c calibration) newton(samples []sample) grounds {
	var gradient grounds
	var hessian [groundCount]grounds
	for i := range groundCount {
		gradient[i] = pull[i] * (prior[i] - c.weights[i])
		hessian[i][i] = pull[i]
	}
	for _, s := range samples {
		p := c.probability(s.grounds)
		y := 0.0
		if s.right {
			y = 1
		}
		for i := range groundCount {
			gradient[i] += s.weight * (y - p) * s.grounds[i]
			for j := range groundCount {
				hessian[i][j] += s.weight * p * (1 - p) * s.grounds[i] * s.grounds[j]
			}
		}
	}
	return solve(hessian, gradient)
}

// solve is Gauss elimination with pivoting; the penalty keeps a regular.
func solve(a [groundCount]grounds, b grounds) (x grounds) {
	const n = groundCount
	for col := range n {
		pivot := col
		for r := col + 1; r < n; r++ {
			if math.Abs(a[r][col]) > math.Abs(a[pivot][col]) {
				pivot = r
			}
		}
		a[col], a[pivot] = a[pivot], a[col]
		b[col], b[pivot] = b[pivot], b[col]
		for r := col + 1; r < n; r++ {
			f := a[r][col] / a[col][col]
			for k := col; k < n; k++ {
				a[r][k] -= f * a[col][k]
			}
			b[r] -= f * b[col]
		}
	}
	for r := n - 1; r >= 0; r-- {
		x[r] = b[r]
		for k := r + 1; k < n; k++ {
			x[r] -= a[r][k] * x[k]
		}
		x[r] /= a[r][r]
	}
	return x
}

// The threshold never leaves these bounds, however kind the samples were.
const (
	lowestThreshold  = 0.5
	highestThreshold = 0.995
)

// thresholdFor walks from the surest sample down and remembers the lowest
// probability at which the share of right answers still was the target. One
// wrong answer is assumed beforehand, so that few samples promise little.
func thresholdFor(c calibration, samples []sample, target float64) float64 {
	type graded struct{ p, right, all float64 }
	list := make([]graded, len(samples))
	for i, s := range samples {
		list[i] = graded{p: c.probability(s.grounds), all: s.weight}
		if s.right {
			list[i].right = s.weight
		}
	}
	slices.SortFunc(list, func(a, b graded) int { return cmp.Compare(b.p, a.p) })
	threshold, right, all := highestThreshold, 0.0, 1.0
	for i, g := range list {
		right, all = right+g.right, all+g.all
		if (i+1 == len(list) || list[i+1].p < g.p) && right/all >= target {
			threshold = g.p
		}
	}
	return min(max(threshold, lowestThreshold), highestThreshold)
}
