package knowledge

import (
	"math"
	"sync"
)

// index finds the phrasings that resemble a text.
type index struct {
	ids      [blocks]map[string]int32
	idf      []float64
	rarest   float64
	postings [][]posting // by feature
	blockOf  []block     // by feature
	docScale []float64   // by doc: what its vector was multiplied by
	docs     []doc
	entries  []span // by entry: its docs are docs[from:to]
	vocab    []vocabulary
	known    map[string]int       // stem -> how many docs have it
	asked    []map[string]float32 // by entry: the share of its docs that ask a kind of question
	scratch  sync.Pool            // *[]float32, a number per doc and block
}

type posting struct {
	doc    int32
	weight float32
}

type span struct{ from, to int }

// doc is a title or a phrasing.
type doc struct {
	words    []word
	entry    int
	features []feature
	contents []content
}

// newIndex takes the documents of each entry, and the words of its answers.
func newIndex(texts [][]string, answers [][]string) *index {
	ix := &index{known: map[string]int{}}
	for b := range ix.ids {
		ix.ids[b] = map[string]int32{}
	}
	for e, list := range texts {
		from := len(ix.docs)
		for _, text := range list {
			ix.docs = append(ix.docs, doc{words: withoutPoliteness(understand(text).words), entry: e})
		}
		ix.entries = append(ix.entries, span{from, len(ix.docs)})
	}
	var df []float64
	for _, d := range ix.docs {
		seen := map[int32]bool{}
		visitFeatures(d.words, func(b block, key string) {
			id, ok := ix.ids[b][key]
			if !ok {
				id = int32(len(df))
				ix.ids[b][key] = id
				df = append(df, 0)
				ix.blockOf = append(ix.blockOf, b)
			}
			if !seen[id] {
				seen[id] = true
				df[id]++
			}
		})
		for _, w := range unique(d.words) {
			ix.known[w.stem]++
		}
	}
	n := float64(len(ix.docs))
	ix.rarest = math.Log((1+n)/2) + 1
	ix.idf = make([]float64, len(df))
	for i, f := range df {
		ix.idf[i] = math.Log((1+n)/(1+f)) + 1
	}
	ix.postings = make([][]posting, len(df))
	for i, d := range ix.docs {
		features, full := ix.vector(d.words)
		ix.docScale = append(ix.docScale, 1/math.Sqrt(max(full, 1e-9)))
		ix.docs[i].features = features
		for _, f := range features {
			ix.postings[f.id] = append(ix.postings[f.id], posting{int32(i), float32(f.weight / math.Sqrt(full))})
		}
	}
	for e, s := range ix.entries {
		ix.vocab = append(ix.vocab, newVocabulary(ix.docs[s.from:s.to], answers[e]))
		asked := map[string]float32{}
		for d := s.from; d < s.to; d++ {
			ix.docs[d].contents = ix.contents(ix.docs[d].words)
			for _, kind := range questionKinds(ix.docs[d].words) {
				asked[kind] += 1 / float32(s.to-s.from)
			}
		}
		ix.asked = append(ix.asked, asked)
	}
	ix.scratch.New = func() any { s := make([]float32, len(ix.docs)*int(blocks)); return &s }
	return ix
}

func unique(words []word) []word {
	seen := map[string]bool{}
	var out []word
	for _, w := range words {
		if !seen[w.stem] {
			seen[w.stem] = true
			out = append(out, w)
		}
	}
	return out
}

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

// similarities compares a text with every entry.
func (ix *index) similarities(words []word) []similarity {
	features, full := ix.vector(words)
	out := make([]similarity, len(ix.entries))
	if full == 0 {
		return out
	}
	borrowed := ix.scratch.Get().(*[]float32)
	defer ix.scratch.Put(borrowed)
	dots := *borrowed // blocks numbers per doc
	clear(dots)
	scale := 1 / math.Sqrt(full)
	for _, f := range features {
		w := float32(f.weight * scale)
		b := int(ix.blockOf[f.id])
		for _, p := range ix.postings[f.id] {
			dots[int(p.doc)*int(blocks)+b] += w * p.weight
		}
	}
	for e, s := range ix.entries {
		var best [3]float64
		var sum float64
		sim := similarity{nearestDoc: s.from}
		for d := s.from; d < s.to; d++ {
			var x float64
			for b := range blocks {
				dot := float64(dots[d*int(blocks)+int(b)])
				x += dot
				sim.blocks[b] = max(sim.blocks[b], dot/(blockWeights[b]*scale*ix.docScale[d]))
			}
			sum += x
			switch {
			case x > best[0]:
				best[0], best[1], best[2] = x, best[0], best[1]
				sim.nearestDoc = d
			case x > best[1]:
				best[1], best[2] = x, best[1]
			case x > best[2]:
				best[2] = x
			}
		}
		n := s.to - s.from
		if n == 0 {
			continue
		}
		three := (best[0] + best[1] + best[2]) / float64(min(n, 3))
		sim.nearest, sim.all = best[0], sum/float64(n)
		sim.score = shareNearest*best[0] + shareThree*three + shareAll*sim.all
		out[e] = sim
	}
	return out
}
