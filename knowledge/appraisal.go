package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// How sure the appraisal wants to be.
const (
	doubtful = 1.28 // standard errors taken off a share of right answers
	gainful  = 2.0  // standard errors that a gain must exceed
)

// study learns the joint judgement and measures it on questions that it was
// not learnt from; it is kept if it proves its worth.
func (d *dense) study(cases []rehearsed, precision float64) {
	var all []answer
	for fold := range rehearsalFolds {
		var mine, others []rehearsed
		for _, c := range cases {
			if c.entry%rehearsalFolds == fold {
				mine = append(mine, c)
			} else {
				others = append(others, c)
			}
		}
		if len(mine) == 0 {
			continue
		}
		j := learnJoint(others)
		for _, c := range mine {
			all = append(all, j.answer(c))
		}
	}
	d.rehearsal = appraise(all, logOdds(judgement().thresholdFor(precision)), precision)
	d.rehearsal.Dimensions = d.size
	if d.rehearsal.Used {
		d.joint = learnJoint(cases)
		d.joint.caution = d.rehearsal.caution
	}
}

// appraise says what the answers are worth to a book that answers from the log
// odds bar on.
func appraise(all []answer, bar, precision float64) (r Rehearsal) {
	cut, ok := cutFor(all, precision)
	cut = max(cut, bar)
	gained, lost := 0, 0
	for _, a := range all {
		answered := ok && a.odds >= cut
		if !a.missing {
			r.Questions++
		}
		if a.local {
			r.Local++
		}
		switch {
		case answered && a.right:
			r.Joint++
		case answered:
			r.Wrong++
		}
		switch right := answered && a.right; {
		case right && !a.local:
			gained++
		case a.local && !right:
			lost++
		}
	}
	r.Used = ok && float64(gained-lost) > gainful*math.Sqrt(float64(gained+lost))
	if r.Used {
		r.caution = cut - bar
	}
	return r
}

// answer is what the joint judgement says to a rehearsed question.
type answer struct {
	odds                  float64
	right, local, missing bool
}

func (j *joint) answer(c rehearsed) answer {
	a := answer{odds: math.Inf(-1), local: c.local, missing: c.missing}
	if list := j.enter(c.field); len(list) > 0 {
		a.odds = j.weigh(list)
		a.right = list[0].entry == c.entry
	}
	return a
}

// learnJoint learns from rehearsed questions.
func learnJoint(cases []rehearsed) *joint {
	j := &joint{}
	j.scale(cases)
	var lessons []lesson
	for _, c := range cases {
		for _, w := range j.enter(c.field) {
			lessons = append(lessons, lesson{w.x, w.entry == c.entry})
		}
	}
	j.learn(lessons)
	return j
}

// leastSpread keeps a model whose vectors are all alike from being stretched.
const leastSpread = 1e-3

// scale takes centre and spread from the nearest entries of all questions:
// every model has its own range of cosines.
func (j *joint) scale(cases []rehearsed) {
	j.centre, j.spread = 0, 1
	var best []float64
	for _, c := range cases {
		if list := nearby(c.near, c.out); len(list) > 0 {
			best = append(best, c.near[list[0]])
		}
	}
	if len(best) == 0 {
		return
	}
	j.centre = average(best)
	var square float64
	for _, x := range best {
		square += (x - j.centre) * (x - j.centre)
	}
	j.spread = max(math.Sqrt(square/float64(len(best))), leastSpread)
}

// cutFor is the lowest log odds from which on the share of right answers
// surely reaches the precision: Wilson's lower bound does. Half of the questions
// have no entry, which is more than customers' have. false when there is none.
func cutFor(all []answer, precision float64) (cut float64, ok bool) {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(x, y answer) int { return cmp.Compare(y.odds, x.odds) })
	right := 0
	for i, a := range sorted {
		if a.right {
			right++
		}
		if i+1 < len(sorted) && sorted[i+1].odds == a.odds {
			continue // equal odds stand or fall together
		}
		if lowerBound(right, i+1) >= precision {
			cut, ok = a.odds, true
		}
	}
	return cut, ok && !math.IsInf(cut, 0)
}

// lowerBound is Wilson's, for a share of right answers.
func lowerBound(right, of int) float64 {
	const z = doubtful
	n := float64(of)
	p := float64(right) / n
	return (p + z*z/(2*n) - z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))) / (1 + z*z/n)
}
