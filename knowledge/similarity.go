package knowledge

import "math"

// similarity of a text to one entry, each number from 0 to 1.
type similarity struct {
	nearest    float64         // the most similar phrasing
	nearestDoc int             // which one it is
	score      float64         // nearest, the nearest three, and all phrasings together
	all        float64         // the mean of all phrasings
	blocks     [blocks]float64 // the most similar phrasing by one block alone
}

// How much the single nearest phrasing, the nearest three and all of them say.
const (
	shareNearest = 0.5
	shareThree   = 0.35
	shareAll     = 0.15
)

// post lists the docs of each feature of a small book, and keeps the features in
// the makings.
func (ix *index) post(makings []making) {
	ix.postings = make([][]posting, len(ix.df))
	var counts []counted
	for i := range makings {
		d := &makings[i]
		counts = counts[:0]
		for _, c := range d.counts {
			counts = append(counts, counted{c.id, c.n, ix.names.blockOf[c.id], ix.idf[c.id]})
		}
		var full float64
		d.features, full = weigh(counts, make([]feature, 0, len(counts)))
		ix.docScale = append(ix.docScale, 1/math.Sqrt(max(full, 1e-9)))
		for _, f := range d.features {
			ix.postings[f.id] = append(ix.postings[f.id], posting{int32(i), float32(f.weight / math.Sqrt(full))})
		}
	}
}

// similarities compares the text that the reader weighed with every entry.
func (r *reader) similarities(out []similarity) {
	if !r.dot() {
		clear(out)
		return
	}
	scale := 1 / math.Sqrt(r.full)
	var per [blocks]float64
	for b := range per {
		per[b] = blockWeights[b] * scale
	}
	for e, s := range r.b.index.entries {
		t := tallest{nearest: s.from}
		var sim similarity
		for d := s.from; d < s.to; d++ {
			dots := r.dotsOf(d)
			if *dots == ([blocks]float32{}) {
				continue
			}
			t.add(d, dots)
			for b, dot := range dots {
				sim.blocks[b] = max(sim.blocks[b], float64(dot)/(per[b]*r.b.index.docScale[d]))
			}
		}
		t.tell(s.to-s.from, &sim)
		out[e] = sim
	}
	clear(r.dots)
}

// scores is similarities, of which only the scores are told.
func (r *reader) scores(out []float64) {
	if !r.dot() {
		clear(out)
		return
	}
	for e, s := range r.b.index.entries {
		var t tallest
		var sim similarity
		for d := s.from; d < s.to; d++ {
			if dots := r.dotsOf(d); *dots != ([blocks]float32{}) {
				t.add(d, dots)
			}
		}
		t.tell(s.to-s.from, &sim)
		out[e] = sim.score
	}
	clear(r.dots)
}

// dot multiplies the text with every doc, block by block; false when the text
// has nothing to compare.
func (r *reader) dot() bool {
	if r.full == 0 {
		return false
	}
	scale := 1 / math.Sqrt(r.full)
	for _, f := range r.features {
		w := float32(f.weight * scale)
		dots := r.dots[f.block:]
		for _, p := range r.b.index.postings[f.id] {
			dots[int(p.doc)*int(blocks)] += w * p.weight
		}
	}
	return true
}

func (r *reader) dotsOf(d int) *[blocks]float32 {
	return (*[blocks]float32)(r.dots[d*int(blocks):])
}

// tallest gathers the largest similarities of an entry's docs.
type tallest struct {
	nearest int
	best    [3]float64
	sum     float64
}

// add takes one doc's products by block.
func (t *tallest) add(d int, dots *[blocks]float32) {
	var x float64
	for _, dot := range dots {
		x += float64(dot)
	}
	t.sum += x
	switch {
	case x > t.best[0]:
		t.best[0], t.best[1], t.best[2] = x, t.best[0], t.best[1]
		t.nearest = d
	case x > t.best[1]:
		t.best[1], t.best[2] = x, t.best[1]
	case x > t.best[2]:
		t.best[2] = x
	}
}

// tell fills in what an entry of n docs is like.
func (t *tallest) tell(n int, sim *similarity) {
	if n == 0 {
		return
	}
	three := (t.best[0] + t.best[1] + t.best[2]) / float64(min(n, 3))
	sim.nearest, sim.nearestDoc, sim.all = t.best[0], t.nearest, t.sum/float64(n)
	sim.score = shareNearest*t.best[0] + shareThree*three + shareAll*sim.all
}
