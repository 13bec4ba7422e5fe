package knowledge

// tightness is how alike a book's own phrasings are: what a message's likeness
// is worth depends on how like each other the phrasings of one entry are, and
// how unlike those of others.
type tightness struct {
	own   []float32      // by entry: mean likeness of its phrasings to its nearest other one
	other []float32      // by entry: mean likeness of its phrasings to the nearest of others
	df    map[string]int // in how many entries' phrasings a stem, or "#" and a meaning, stands
}

// mostCompared bounds the phrasings that are compared with all others.
const mostCompared = 1200

func newTightness(ix *index) *tightness {
	n := len(ix.entries)
	t := &tightness{own: make([]float32, n), other: make([]float32, n), df: map[string]int{}}
	step := 1 + len(ix.docs)/mostCompared
	dots := make([]float32, len(ix.docs))
	counts := make([]float32, n)
	for d := 0; d < len(ix.docs); d += step {
		clear(dots)
		for _, f := range ix.docs[d].features {
			w := float32(f.weight * ix.docScale[d])
			for _, p := range ix.postings[f.id] {
				dots[p.doc] += w * p.weight
			}
		}
		e := ix.docs[d].entry
		var own, other float32
		for o, x := range dots {
			switch {
			case o == d:
			case ix.docs[o].entry == e:
				own = max(own, x)
			default:
				other = max(other, x)
			}
		}
		counts[e]++
		t.own[e] += own
		t.other[e] += other
	}
	for e := range n {
		if counts[e] > 0 {
			t.own[e], t.other[e] = t.own[e]/counts[e], t.other[e]/counts[e]
		}
		seen := map[string]bool{}
		for _, d := range ix.docs[ix.entries[e].from:ix.entries[e].to] {
			eachTerm(d.words, func(key string) {
				if !seen[key] {
					seen[key] = true
					t.df[key]++
				}
			})
		}
	}
	return t
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
	vocab := v.b.index.vocab[e]
	for _, c := range v.contents {
		if vocab.stems[c.word.stem] > 0 {
			x[evKeyed] = max(x[evKeyed], 1/float32(max(t.df[c.word.stem], 1)))
		}
		for _, tag := range c.concepts {
			if vocab.concepts[tag] > 0 {
				x[evKeyed] = max(x[evKeyed], 1/float32(max(t.df["#"+tag], 1)))
			}
		}
	}
}
