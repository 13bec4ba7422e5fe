package knowledge

import "slices"

// tightness is how alike a book's own phrasings are: what a message's likeness
// is worth depends on how like each other the phrasings of one entry are, and
// how unlike those of others.
type tightness struct {
	own   []float32 // by entry: mean likeness of its phrasings to its nearest other one
	other []float32 // by entry: mean likeness of its phrasings to the nearest of others
	df    []int32   // by feature: in how many entries' phrasings a stem or a meaning stands
}

const (
	// mostCompared bounds the phrasings that are compared with all others.
	mostCompared = 1200
	// usualOwn and usualOther stand for what is not compared: a large book's. They
	// are about those of a shop of 60 entries.
	usualOwn   = 0.31
	usualOther = 0.33
)

// newTightness compares the phrasings of a small book; a large one needs no
// makings.
func newTightness(ix *index, makings []making) *tightness {
	n := len(ix.entries)
	t := &tightness{own: make([]float32, n), other: make([]float32, n), df: make([]int32, ix.names.len())}
	for e := range n {
		t.own[e], t.other[e] = usualOwn, usualOther
		t.count(ix, e)
	}
	if !ix.large() {
		t.compare(ix, makings)
	}
	return t
}

// count counts an entry's content words and meanings.
func (t *tightness) count(ix *index, e int) {
	for _, id := range ix.vocab[e].asked.sorted {
		if ix.names.blockOf[id] == blockConcepts {
			t.df[id]++
		}
	}
	var stems []int32
	for _, d := range ix.docs[ix.entries[e].from:ix.entries[e].to] {
		for _, id := range d.contents {
			if id >= 0 {
				stems = append(stems, id)
			}
		}
	}
	slices.Sort(stems)
	for _, id := range slices.Compact(stems) {
		t.df[id]++
	}
}

func (t *tightness) compare(ix *index, makings []making) {
	entryOf := make([]int, len(makings))
	for e, s := range ix.entries {
		for d := s.from; d < s.to; d++ {
			entryOf[d] = e
		}
	}
	own, other, counts := make([]float32, len(t.own)), make([]float32, len(t.own)), make([]float32, len(t.own))
	dots := make([]float32, len(makings))
	for d := 0; d < len(makings); d += 1 + len(makings)/mostCompared {
		clear(dots)
		for _, f := range makings[d].features {
			w := float32(f.weight * ix.docScale[d])
			for _, p := range ix.postings[f.id] {
				dots[p.doc] += w * p.weight
			}
		}
		e := entryOf[d]
		var nearOwn, nearOther float32
		for o, x := range dots {
			switch {
			case o == d:
			case entryOf[o] == e:
				nearOwn = max(nearOwn, x)
			default:
				nearOther = max(nearOther, x)
			}
		}
		counts[e]++
		own[e] += nearOwn
		other[e] += nearOther
	}
	for e := range t.own {
		if t.own[e], t.other[e] = 0, 0; counts[e] > 0 {
			t.own[e], t.other[e] = own[e]/counts[e], other[e]/counts[e]
		}
	}
}

// compare says how a message's likeness to an entry stands to that of the
// entry's own phrasings.
func (v *survey) compare(x *[evidenceCount]float32, e int) {
	t := v.b.tight
	x[evBeyondOther] = x[evNearest] - t.other[e]
	x[evBelowOwn] = x[evNearest] - t.own[e]
	for _, first := range [][]int{v.byScore, v.byLearnt, v.byTerms, v.bySense} {
		if len(first) > 0 && first[0] == e {
			x[evAgree]++
		}
	}
	asked := &v.b.index.vocab[e].asked
	key := func(id int32) {
		if asked.has(id) {
			x[evKeyed] = max(x[evKeyed], 1/float32(max(t.df[id], 1)))
		}
	}
	for i := range v.contents {
		key(v.contents[i].stem)
		for _, id := range v.contents[i].meanings {
			key(id)
		}
	}
}
