package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// opinion is what the scorers that need no entry's details say of a text.
type opinion struct {
	sims   []similarity
	terms  []float64
	learnt []float64 // nil: not learnt
}

func (b *Book) opinion(words []word) opinion {
	o := opinion{sims: b.index.similarities(words), terms: b.terms.score(words)}
	if b.learnt != nil {
		o.learnt = b.learn(words)
	}
	return o
}

func (o opinion) learntOf(e int) float64 {
	if o.learnt == nil {
		return o.sims[e].score
	}
	return o.learnt[e]
}

// gather collects the evidence for the entries that any scorer favours.
func (b *Book) gather(s signals, words []word) (list []evidence) {
	words = withoutPoliteness(words)
	if len(words) == 0 || len(b.entries) == 0 {
		return nil
	}
	v := b.survey(words)
	for _, e := range v.chosen {
		list = append(list, v.evidence(s, e))
	}
	return list
}

// survey is what all scorers say of one text.
type survey struct {
	b        *Book
	words    []word
	whole    opinion
	parts    int
	contents []content
	asks     []string

	// By entry: the largest of the whole text and its parts, and closeness in sense.
	partScore, partTerms, partLearnt []float64
	centre, near                     []float64
	known                            float32
	// Entries, best first.
	byScore, byLearnt, byTerms, bySense []int

	chosen []int // that are weighed
	covers map[int]covering

	told      *telling
	partSense []float64
}

func (b *Book) survey(words []word) *survey {
	v := &survey{b: b, words: words, whole: b.opinion(words), contents: b.index.contents(words), asks: questionKinds(words)}
	opinions := []opinion{v.whole}
	for _, part := range partsOf(words) {
		opinions = append(opinions, b.opinion(part))
	}
	v.parts = len(opinions) - 1
	v.partScore = v.largest(opinions, func(o opinion, e int) float64 { return o.sims[e].score })
	v.partTerms = v.largest(opinions, func(o opinion, e int) float64 { return o.terms[e] })
	v.partLearnt = v.largest(opinions, opinion.learntOf)
	v.centre, v.near, v.known = b.sensed.closeness(words)
	v.byScore, v.byLearnt = v.order(v.score), v.order(v.whole.learntOf)
	v.byTerms, v.bySense = v.order(of(v.whole.terms)), v.order(of(v.centre))
	lists := [][]int{v.byScore, v.byLearnt, v.byTerms, v.bySense, v.order(v.concepts)}
	if v.parts > 0 {
		lists = append(lists, v.order(of(v.partScore)), v.order(of(v.partTerms)))
	}
	v.choose(lists)
	return v
}

// leastSense is how close in sense an entry must lie to be weighed when nothing
// else speaks for it.
const leastSense = 0.3

func (v *survey) choose(lists [][]int) {
	v.covers = make(map[int]covering, 3*considered)
	for _, list := range lists {
		for _, e := range list[:min(considered, len(list))] {
			if _, known := v.covers[e]; !known && (v.partScore[e] > 0 || v.partTerms[e] > 0 || v.centre[e] > leastSense) {
				v.chosen = append(v.chosen, e)
				v.covers[e] = v.b.index.cover(v.contents, e)
			}
		}
	}
}

func of(list []float64) func(e int) float64 { return func(e int) float64 { return list[e] } }

func (v *survey) score(e int) float64    { return v.whole.sims[e].score }
func (v *survey) concepts(e int) float64 { return v.whole.sims[e].blocks[blockConcepts] }
func (v *survey) letters(e int) float64  { return v.whole.sims[e].blocks[blockLetters] }
func (v *survey) mean(e int) float64     { return v.whole.sims[e].all }
func (v *survey) covered(e int) float64  { return v.covers[e].share }

func (v *survey) largest(opinions []opinion, what func(o opinion, e int) float64) []float64 {
	best := make([]float64, len(v.b.entries))
	for _, o := range opinions {
		for e := range best {
			best[e] = max(best[e], what(o, e))
		}
	}
	return best
}

// order lists the entries, the largest first.
func (v *survey) order(by func(e int) float64) []int {
	es := make([]int, len(v.b.entries))
	for e := range es {
		es[e] = e
	}
	slices.SortStableFunc(es, func(x, y int) int { return cmp.Compare(by(y), by(x)) })
	return es
}

// lowestRank is what all entries beyond the first ten share.
const lowestRank = 10

func rank(list []int, e int) float32 { return float32(min(slices.Index(list, e), lowestRank)) }

// lead is how far an entry is ahead of the best other one that is weighed.
func (v *survey) lead(e int, by func(e int) float64) float32 {
	best := 0.0
	for _, other := range v.chosen {
		if other != e {
			best = max(best, by(other))
		}
	}
	return float32(by(e) - best)
}

// unknownSpread stands for the spread of what was not learnt.
const unknownSpread = 0.5

// spread is how undecided the discriminative model is: the entropy of its
// probabilities as a share of the largest.
func (o opinion) spread() float64 {
	if o.learnt == nil {
		return unknownSpread
	}
	if len(o.learnt) < 2 {
		return 0
	}
	var h float64
	for _, v := range o.learnt {
		if v > 1e-9 {
			h -= v * math.Log(v)
		}
	}
	return h / math.Log(float64(len(o.learnt)))
}

// learn is the discriminative model's opinion of a text.
func (b *Book) learn(words []word) []float64 {
	features, _ := b.index.vector(words)
	p := make([]float64, len(b.entries))
	b.learnt.scores(features, p)
	toProbabilities(p)
	return p
}
