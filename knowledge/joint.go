package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// joint is the judgement of words and vectors together: what the forest says of
// an entry is one input, the nearness of vectors the others, and a logistic
// step adds them up. It then goes through the same last step as the local
// judgement, and caution is taken off.
type joint struct {
	weights [jointInputs]float64
	centre  float64 // of nearness
	spread  float64
	// caution is taken off the log odds of the whole, never added: at the local
	// threshold the share of right answers is then what the brand wants.
	caution float64
}

// The inputs of the logistic step.
const (
	inBias  = iota
	inLocal // log odds by words alone
	inNear  // nearness, in spreads from its centre
	inLead  // how far the nearest other entry is behind, in spreads
	inRank  // 0 for the nearest entry, then falling with the logarithm of the rank
	jointInputs
)

// asBefore are the weights that repeat the local judgement.
var asBefore = [jointInputs]float64{inLocal: 1}

// The local log odds stay within bounds; unheard is for an entry that no local
// scorer brought up.
const (
	mostOdds = 8.0
	unheard  = -6.0
)

// weighed is an entry as the joint judgement sees it.
type weighed struct {
	entry int
	x     [jointInputs]float64
	odds  float64 // of the joint judgement
	words []string
}

// field is one question before the joint judgement.
type field struct {
	heard []judged // by words
	near  []float64
	out   func(entry int) bool // left out, as in a rehearsal
}

// nobodyOut leaves no entry out.
func nobodyOut(int) bool { return false }

// enter lists the entries that words or vectors bring up.
func (j *joint) enter(f field) (list []weighed) {
	byNear := nearby(f.near, f.out)
	rank := make(map[int]int, len(byNear))
	for r, e := range byNear {
		rank[e] = r
	}
	add := func(e int, odds float64, words []string) {
		w := weighed{entry: e, words: words}
		best := nobody
		for _, other := range byNear[:min(2, len(byNear))] {
			if other != e {
				best = max(best, f.near[other])
			}
		}
		r, ok := rank[e]
		if !ok {
			r = len(byNear)
		}
		w.x = [jointInputs]float64{
			inBias: 1, inLocal: min(max(odds, -mostOdds), mostOdds),
			inNear: (f.near[e] - j.centre) / j.spread,
			inLead: (f.near[e] - best) / j.spread,
			inRank: -math.Log1p(float64(min(r, lowestRank))),
		}
		list = append(list, w)
	}
	known := make(map[int]bool, len(f.heard))
	for _, h := range f.heard {
		known[h.entry] = true
		add(h.entry, h.odds, h.words)
	}
	for _, e := range byNear[:min(considered, len(byNear))] {
		if !known[e] {
			add(e, unheard, nil)
		}
	}
	return list
}

// weigh orders the entries by the joint judgement, best first, and says how
// sure it is of the first, in log odds and before any caution.
func (j *joint) weigh(list []weighed) (odds float64) {
	for i := range list {
		list[i].odds = product(j.weights, list[i].x)
	}
	slices.SortStableFunc(list, func(x, y weighed) int { return cmp.Compare(y.odds, x.odds) })
	all := make([]float64, len(list))
	for i, w := range list {
		all[i] = w.odds
	}
	return logOdds(judgement().confidence(all))
}

// joined is a verdict with the say of the question's vector. Without one, or
// where vectors do not help, it is the local verdict itself.
func (b *Book) joined(local verdict, view []word, vector []float32) verdict {
	if !b.Embedded() {
		return local
	}
	question := b.dense.unit(vector)
	if question == nil {
		return local
	}
	j := b.dense.joint
	list := j.enter(field{heard: local.heard, near: b.dense.nearness(question, -1), out: nobodyOut})
	if len(list) == 0 {
		return local
	}
	first := j.weigh(list)
	v := verdict{heard: local.heard}
	last := sure - 0.001
	for i, w := range list[:min(len(list), MaxCandidates)] {
		odds := w.odds
		if i == 0 {
			odds = first
		}
		last = min(last, sigmoid(odds-j.caution))
		c := candidate{entry: w.entry, confidence: last, words: w.words, view: view}
		if i := slices.IndexFunc(local.heard, func(h judged) bool { return h.entry == w.entry }); i >= 0 {
			c.nearest, c.view = local.heard[i].nearest, local.heard[i].view
		}
		v.candidates = append(v.candidates, c)
	}
	v.reckon()
	return v
}

func product(a, b [jointInputs]float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func logOdds(p float64) float64 {
	const least = 1e-9
	p = min(max(p, least), 1-least)
	return math.Log(p / (1 - p))
}

// pull is how strongly the weights are held where they repeat the local
// judgement: as if each had been seen there with a spread of 1/sqrt(pull).
const pull = 2.0

// lesson is one entry for one rehearsed question.
type lesson struct {
	x     [jointInputs]float64
	right bool
}

// learn finds the weights, one after the other by Newton's step, until they
// rest. Nearness never speaks against an entry, and the local judgement is
// never believed more than it says.
func (j *joint) learn(lessons []lesson) {
	const rounds = 30
	j.weights = asBefore
	sums := make([]float64, len(lessons))
	for i, l := range lessons {
		sums[i] = product(j.weights, l.x)
	}
	for range rounds {
		moved := 0.0
		for k := range j.weights {
			slope, bend := pull*(j.weights[k]-asBefore[k]), pull
			for i, l := range lessons {
				p := sigmoid(sums[i])
				miss := p
				if l.right {
					miss--
				}
				slope += miss * l.x[k]
				bend += p * (1 - p) * l.x[k] * l.x[k]
			}
			to := j.weights[k] - slope/bend
			switch k {
			case inBias:
			case inLocal:
				to = min(max(to, 0), 1)
			default:
				to = max(to, 0)
			}
			step := to - j.weights[k]
			j.weights[k] = to
			moved = max(moved, math.Abs(step))
			for i := range lessons {
				sums[i] += step * lessons[i].x[k]
			}
		}
		if moved < 1e-4 {
			break
		}
	}
}
