package knowledge

import (
	"math"
	"slices"
)

// opinion is what the scorers that need no entry's details say of a text.
type opinion struct {
	sims   []similarity
	terms  []float64
	learnt []float64 // nil: not learnt
	width  float64   // see spread
}

func newOpinion(b *Book) opinion {
	n := len(b.entries)
	o := opinion{sims: make([]similarity, n), terms: make([]float64, n)}
	if b.learnt != nil {
		o.learnt = make([]float64, n)
	}
	return o
}

// opine overwrites the opinion with that of a text.
func (r *reader) opine(words []word, o *opinion) {
	r.vector(words)
	r.similarities(o.sims)
	r.score(words, o.terms)
	if o.learnt != nil {
		r.b.learnt.scores(r.features, o.learnt)
		toProbabilities(o.learnt)
	}
	o.width = spreadOf(o.learnt)
}

func (o opinion) learntOf(e int) float64 {
	if o.learnt == nil {
		return o.sims[e].score
	}
	return o.learnt[e]
}

// partOpinion is an opinion on a part of a text, by entry.
type partOpinion struct{ score, terms, learnt []float64 }

func newPartOpinion(b *Book) partOpinion {
	n := len(b.entries)
	p := partOpinion{score: make([]float64, n), terms: make([]float64, n)}
	if p.learnt = p.score; b.learnt != nil {
		p.learnt = make([]float64, n)
	}
	return p
}

func (r *reader) opinePart(words []word, p *partOpinion) {
	r.vector(words)
	r.scores(p.score)
	r.score(words, p.terms)
	if r.b.learnt != nil {
		r.b.learnt.scores(r.features, p.learnt)
		toProbabilities(p.learnt)
	}
}

// gather collects the evidence for the entries that any scorer favours.
func (r *reader) gather(s signals, words []word) (list []evidence) {
	words = withoutPoliteness(words)
	if len(words) == 0 || len(r.b.entries) == 0 {
		return nil
	}
	r.look(words)
	v := r.survey(words)
	list = make([]evidence, len(v.chosen))
	for i, e := range v.chosen {
		list[i] = v.evidence(s, e)
	}
	return list
}

// survey is what all scorers say of one text. It holds until the reader's next
// survey.
type survey struct {
	b        *Book
	words    []word
	whole    opinion
	parts    int
	contents []content
	said     numberSet // stems and meanings of the contents
	asks     []string
	pool     []int // the entries that are looked at

	// By entry: the largest of the whole text and its parts, and closeness in sense.
	partScore, partTerms, partLearnt []float64
	centre                           []float64
	known                            float32
	// Entries, best first, at most lowestRank of them.
	byScore, byLearnt, byTerms, bySense []int

	chosen []int // that are weighed
	// By entry, of the chosen ones only.
	near      []float64
	partSense []float64 // of the part of the text that lies nearest
	covers    []covering
	told      telling
}

func newSurvey(b *Book) survey {
	n := len(b.entries)
	numbers := make([]float64, 6*n)
	list := func() (part []float64) {
		part, numbers = numbers[:n:n], numbers[n:]
		return part
	}
	var pool []int
	for e := range b.entries {
		pool = append(pool, e)
	}
	return survey{
		b: b, pool: pool, whole: newOpinion(b), covers: make([]covering, n),
		partScore: list(), partTerms: list(), partLearnt: list(), centre: list(), near: list(), partSense: list(),
	}
}

func (r *reader) survey(words []word) *survey {
	v := &r.sur
	v.words, v.asks = words, questionKinds(words)
	v.contents = r.contents(words, v.contents)
	v.said = numbersOf(v.contents)
	parts := partsOf(words)
	v.parts = len(parts)
	var sense sense
	sense, v.known = r.sense(words)
	if r.b.index.large() {
		r.surveyLarge(words, parts, &sense)
	} else {
		r.surveyAll(words, parts)
		r.b.sensed.toCentres(&sense, v.centre)
	}
	v.byScore, v.byLearnt = v.best(v.byScore, v.score), v.best(v.byLearnt, v.whole.learntOf)
	v.byTerms, v.bySense = v.best(v.byTerms, of(v.whole.terms)), v.best(v.bySense, of(v.centre))
	lists := [][]int{v.byScore, v.byLearnt, v.byTerms, v.bySense, v.best(nil, v.concepts)}
	if v.parts > 0 {
		lists = append(lists, v.best(nil, of(v.partScore)), v.best(nil, of(v.partTerms)))
	}
	v.choose(lists)
	for _, e := range v.chosen {
		v.near[e] = r.b.sensed.toNearest(&sense, e)
	}
	r.b.sensed.table.tell(words, &v.told)
	r.partSenses(parts)
	return v
}

// surveyAll fills in what the survey of a small book says of all its entries.
func (r *reader) surveyAll(words []word, parts [][]word) {
	v := &r.sur
	r.opine(words, &v.whole)
	copy(v.partTerms, v.whole.terms)
	for e := range v.partScore {
		v.partScore[e], v.partLearnt[e] = v.whole.sims[e].score, v.whole.learntOf(e)
	}
	for _, part := range parts {
		p := &r.part
		r.opinePart(part, p)
		for e := range v.partScore {
			v.partScore[e] = max(v.partScore[e], p.score[e])
			v.partTerms[e] = max(v.partTerms[e], p.terms[e])
			v.partLearnt[e] = max(v.partLearnt[e], p.learnt[e])
		}
	}
}

// leastSense is how close in sense an entry must lie to be weighed when nothing
// else speaks for it.
const leastSense = 0.3

func (v *survey) choose(lists [][]int) {
	v.chosen = v.chosen[:0]
	for _, list := range lists {
		for _, e := range list[:min(considered, len(list))] {
			if !slices.Contains(v.chosen, e) && (v.partScore[e] > 0 || v.partTerms[e] > 0 || v.centre[e] > leastSense) {
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

// lowestRank is what all entries beyond the first ten share.
const lowestRank = 10

// best lists the first entries, the largest first, the earlier of equals first.
func (v *survey) best(into []int, by func(e int) float64) []int {
	into = into[:0]
	var values [lowestRank]float64
	for _, e := range v.pool {
		x := by(e)
		n := len(into)
		if n == lowestRank && x <= values[n-1] {
			continue
		}
		if n < lowestRank {
			into = append(into, e)
		} else {
			n--
		}
		for ; n > 0 && values[n-1] < x; n-- {
			into[n], values[n] = into[n-1], values[n-1]
		}
		into[n], values[n] = e, x
	}
	return into
}

func rank(list []int, e int) float32 {
	if i := slices.Index(list, e); i >= 0 {
		return float32(i)
	}
	return lowestRank
}

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
func (o opinion) spread() float64 { return o.width }

func spreadOf(learnt []float64) float64 {
	if learnt == nil {
		return unknownSpread
	}
	if len(learnt) < 2 {
		return 0
	}
	var h float64
	for _, v := range learnt {
		if v > 1e-9 {
			h -= v * math.Log(v)
		}
	}
	return h / math.Log(float64(len(learnt)))
}
