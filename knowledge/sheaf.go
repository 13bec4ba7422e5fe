package knowledge

import (
	"math"
	"slices"
)

// sheaf is what an entry's docs have, by feature: how a large book keeps them.
type sheaf struct {
	ids  []int32  // of the features, rising
	from []int32  // the docs of ids[i] are in[from[i]:from[i+1]]
	in   []uint32 // the doc's place in the entry, times 256, plus how often it has the feature, at most 255
}

// repeated is what a feature is worth that a text has n times, in its idf.
var repeated = func() (table [256]float64) {
	for n := 1; n < len(table); n++ {
		table[n] = 1 + math.Log(float64(n))
	}
	return table
}()

func newSheaf(makings []making) sheaf {
	var all []uint64 // feature, doc and count, so that sorting puts the features together
	for d, making := range makings {
		for _, c := range making.counts {
			all = append(all, uint64(c.id)<<32|uint64(d)<<8|uint64(min(c.n, 255)))
		}
	}
	slices.Sort(all)
	s := sheaf{in: make([]uint32, len(all))}
	for i, x := range all {
		if id := int32(x >> 32); len(s.ids) == 0 || s.ids[len(s.ids)-1] != id {
			s.ids, s.from = append(s.ids, id), append(s.from, int32(i))
		}
		s.in[i] = uint32(x)
	}
	s.from = append(s.from, int32(len(all)))
	s.ids, s.from = slices.Clip(s.ids), slices.Clip(s.from)
	return s
}

// docWeights says what a doc's features are multiplied by.
type docWeights struct {
	block [blocks]float32 // on top of idf and repeated
	doc   float32         // of all blocks together
}

// weighDocs says what the features of each doc of a sheaf are worth.
func (s *sheaf) weighDocs(ix *index, into []docWeights) {
	squares := make([][blocks]float64, len(into))
	for i, id := range s.ids {
		idf, b := ix.idf[id], ix.names.blockOf[id]
		for _, in := range s.in[s.from[i]:s.from[i+1]] {
			w := idf * repeated[in&255]
			squares[in>>8][b] += w * w
		}
	}
	for d := range into {
		var full float64
		for b, square := range squares[d] {
			if square > 0 {
				full += blockWeights[b]
			}
		}
		into[d] = docWeights{doc: float32(1 / math.Sqrt(max(full, 1e-9)))}
		for b, square := range squares[d] {
			if square > 0 {
				into[d].block[b] = float32(math.Sqrt(blockWeights[b] / square / full))
			}
		}
	}
}

// bind makes a large book's index ready.
func (ix *index) bind(makings []making) {
	ix.sheaves = make([]sheaf, len(ix.entries))
	inParallel(len(ix.entries), func(e int) {
		s := ix.entries[e]
		ix.sheaves[e] = newSheaf(makings[s.from:s.to])
	})
	sizes := make([]int32, len(ix.df))
	total := 0
	for _, s := range ix.sheaves {
		total += len(s.ids)
		for _, id := range s.ids {
			sizes[id]++
		}
	}
	ix.holders = make([][]int32, len(ix.df))
	room := make([]int32, total)
	for id, n := range sizes {
		ix.holders[id], room = room[:0:n], room[n:]
	}
	for e, s := range ix.sheaves {
		for _, id := range s.ids {
			ix.holders[id] = append(ix.holders[id], int32(e))
		}
	}
	ix.weighDocs()
}

// weighDocs says what the docs' features are worth now.
func (ix *index) weighDocs() {
	ix.weights = make([]docWeights, len(ix.docs))
	ix.brief = make([]float32, len(ix.entries))
	inParallel(len(ix.entries), func(e int) {
		s := ix.entries[e]
		weights := ix.weights[s.from:s.to]
		ix.sheaves[e].weighDocs(ix, weights)
		for _, w := range weights {
			ix.brief[e] += w.block[blockLetters] / float32(len(weights))
		}
	})
}

// asked is what a feature of the message counts, in idf, in the whole and in
// each part that has it.
type asked struct {
	whole float32
	parts []partAsked
}

type partAsked struct {
	part   int
	weight float32
}

// compare fills in how similar one entry is to the message and to its parts.
func (r *reader) compare(e int, sim *similarity, parts []float64) {
	ix := r.b.index
	s, span := &ix.sheaves[e], ix.entries[e]
	n := span.to - span.from
	weights := ix.weights[span.from:span.to]
	dots := grown(&r.dots, n*int(blocks))
	partDots := grown(&r.partDots, n*len(parts))
	for i, id := range s.ids {
		if r.met[id>>6]&(1<<(id&63)) == 0 {
			continue
		}
		a, b := &r.asked[r.place[id]-1], int(ix.names.blockOf[id])
		for _, in := range s.in[s.from[i]:s.from[i+1]] {
			d := int(in >> 8)
			w := float32(repeated[in&255]) * weights[d].block[b]
			dots[d*int(blocks)+b] += a.whole * w
			for _, p := range a.parts {
				partDots[p.part*n+d] += p.weight * w
			}
		}
	}
	scale := 1 / math.Sqrt(r.fullWhole)
	t := tallest{nearest: span.from}
	*sim = similarity{nearestDoc: span.from}
	for d := range n {
		dot := (*[blocks]float32)(dots[d*int(blocks):])
		t.add(span.from+d, dot)
		for b, x := range dot {
			if x > 0 {
				sim.blocks[b] = max(sim.blocks[b], float64(x)/(blockWeights[b]*scale*float64(weights[d].doc)))
			}
		}
	}
	t.tell(n, sim)
	for p := range parts {
		var t tallest
		var part similarity
		for d := range n {
			t.add(d, &[blocks]float32{partDots[p*n+d]})
		}
		t.tell(n, &part)
		parts[p] = part.score
	}
}

// grown is a list of n zeros.
func grown(list *[]float32, n int) []float32 {
	if n > cap(*list) {
		*list = make([]float32, n)
	}
	*list = (*list)[:n]
	clear(*list)
	return *list
}
