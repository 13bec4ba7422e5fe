package knowledge

import (
	"math"
	"math/bits"
	"slices"
)

// A large book is not compared with a message as a whole: rough scores that
// cost little pick candidates, and only these are looked at in full.
const (
	// candidatesWhole and candidatesPart are how many entries the rough
	// similarity picks for a message and for each of its parts.
	candidatesWhole = 48
	candidatesPart  = 6
	// candidatesOther are picked by each other scorer.
	candidatesOther = lowestRank
	// frequent is the share of entries from which on a feature says too little to
	// pick candidates by.
	frequent = 0.1
	// frequentPart is the same for a part: the whole has picked by the others.
	frequentPart = 0.03
	// candidatesSense are compared in sense after a look at their signs.
	candidatesSense = 192
)

// surveyLarge fills in what the survey of a large book says of candidates.
func (r *reader) surveyLarge(words []word, parts [][]word, s *sense) {
	v := &r.sur
	r.pool = r.pool[:0]
	r.vector(words)
	r.fullWhole = max(r.full, 1e-9)
	r.weighAsked(func(a *asked, weight float32) { a.whole = weight })
	r.rough(candidatesWhole, frequent, func(block) bool { return true })
	r.rough(candidatesOther, frequent, func(b block) bool { return b == blockConcepts })
	r.score(words, v.whole.terms)
	copy(v.partTerms, v.whole.terms)
	for p, part := range parts {
		r.vector(part)
		r.weighAsked(func(a *asked, weight float32) { a.parts = append(a.parts, partAsked{p, weight}) })
		r.rough(candidatesPart, frequentPart, func(block) bool { return true })
		r.score(part, r.part.terms)
		for e, x := range r.part.terms {
			v.partTerms[e] = max(v.partTerms[e], x)
		}
	}
	r.pick(candidatesOther, v.whole.terms)
	if len(parts) > 0 {
		r.pick(candidatesOther, v.partTerms)
	}
	r.b.sensed.near(s, candidatesSense, v.centre, &r.pool)
	slices.Sort(r.pool)
	r.pool = slices.Compact(r.pool)
	scores := make([]float64, len(parts))
	for _, e := range r.pool {
		r.compare(e, &v.whole.sims[e], scores)
		v.partScore[e] = v.whole.sims[e].score
		for _, x := range scores {
			v.partScore[e] = max(v.partScore[e], x)
		}
		v.partLearnt[e] = v.partScore[e]
	}
	v.whole.width = unknownSpread
	v.pool = r.pool
	for i := range r.asked {
		r.asked[i].whole, r.asked[i].parts = 0, r.asked[i].parts[:0]
	}
}

// weighAsked tells what the features of the last vector count.
func (r *reader) weighAsked(tell func(a *asked, weight float32)) {
	for len(r.asked) < len(r.locals) {
		r.asked = append(r.asked, asked{})
	}
	if r.full == 0 {
		return
	}
	scale := 1 / math.Sqrt(r.full)
	for _, f := range r.features {
		r.met[f.id>>6] |= 1 << (f.id & 63)
		tell(&r.asked[r.place[f.id]-1], float32(f.weight*scale*r.b.index.idf[f.id]))
	}
}

// rough adds to the pool the n entries that share the most with the features
// of the last vector, of the blocks that are wanted and not in more than a
// share of the entries.
func (r *reader) rough(n int, share float64, wanted func(block) bool) {
	ix := r.b.index
	rough := grown(&r.roughly, len(ix.entries))
	most := max(int(share*float64(len(ix.entries))), 64)
	for _, f := range r.features {
		list := ix.holders[f.id]
		if len(list) > most || !wanted(f.block) {
			continue
		}
		w := float32(f.weight * ix.idf[f.id])
		for _, e := range list {
			rough[e] += w
		}
	}
	top := newTop(n)
	for e, x := range rough {
		if x > 0 {
			top.add(e, float64(x*ix.brief[e]))
		}
	}
	r.pool = append(r.pool, top.entries...)
}

// pick adds to the pool the n entries with the largest numbers above 0.
func (r *reader) pick(n int, list []float64) {
	top := newTop(n)
	for e, x := range list {
		if x > 0 {
			top.add(e, x)
		}
	}
	r.pool = append(r.pool, top.entries...)
}

// top keeps the n largest, largest first, the earlier of equals first.
type top struct {
	entries []int
	values  []float64
}

func newTop(n int) top { return top{make([]int, 0, n), make([]float64, 0, n)} }

func (t *top) add(e int, x float64) {
	n := len(t.entries)
	if n == cap(t.entries) {
		if n == 0 || x <= t.values[n-1] {
			return
		}
		n--
	} else {
		t.entries, t.values = append(t.entries, 0), append(t.values, 0)
	}
	for ; n > 0 && t.values[n-1] < x; n-- {
		t.entries[n], t.values[n] = t.entries[n-1], t.values[n-1]
	}
	t.entries[n], t.values[n] = e, x
}

// signs are the signs of a sense's dimensions: senses that lie near each other
// differ in few.
type signs [(senseSize + 63) / 64]uint64

func signsOf(s *sense) (out signs) {
	for i, v := range s {
		if v > 0 {
			out[i/64] |= 1 << (i % 64)
		}
	}
	return out
}

func (a *signs) differ(b *signs) (n int) {
	for i := range a {
		n += bits.OnesCount64(a[i] ^ b[i])
	}
	return n
}

// near fills in the closeness of a sense to the centres that seem nearest by
// their signs, and to those already in the pool; all others count as far. The
// nearest join the pool.
func (s *sensed) near(v *sense, n int, out []float64, pool *[]int) {
	clear(out)
	own := signsOf(v)
	var counts [senseSize + 1]int
	for e := range s.signs {
		counts[own.differ(&s.signs[e])]++
	}
	limit, sum := 0, 0
	for ; limit < len(counts)-1 && sum+counts[limit] <= n; limit++ {
		sum += counts[limit]
	}
	top := newTop(candidatesOther)
	for e := range s.signs {
		if own.differ(&s.signs[e]) < limit {
			out[e] = float64(v.dot(&s.centres[e]))
			if out[e] > 0 {
				top.add(e, out[e])
			}
		}
	}
	for _, e := range *pool {
		out[e] = float64(v.dot(&s.centres[e]))
	}
	*pool = append(*pool, top.entries...)
}
