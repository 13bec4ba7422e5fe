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
	docs     []doc
	entries  []span // by entry: its docs are docs[from:to]
	vocab    []vocabulary
	known    map[string]int // stem -> how many docs have it
	scratch  sync.Pool      // *[]float64, one number per doc
}

type posting struct {
	doc    int32
	weight float64
}

type span struct{ from, to int }

// doc is a title or a phrasing.
type doc struct {
	words []word
	entry int
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
			ix.docs = append(ix.docs, doc{words: withoutPoliteness(read(text).words), entry: e})
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
		for _, f := range features {
			ix.postings[f.id] = append(ix.postings[f.id], posting{int32(i), f.weight / math.Sqrt(full)})
		}
	}
	for e, s := range ix.entries {
		ix.vocab = append(ix.vocab, newVocabulary(ix.docs[s.from:s.to], answers[e]))
	}
	ix.scratch.New = func() any { s := make([]float64, len(ix.docs)); return &s }
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
	nearest float64 // the most similar phrasing
	score   float64 // nearest, the nearest three, and all phrasings together
}

// How much the single nearest phrasing, the nearest three and all of them say.
const (
	shareNearest = 0.5
	shareThree   = 0.35
	shareAll     = 0.15
)

// similarities compares a text with every entry; skip is a doc to leave out,
// or -1.
func (ix *index) similarities(words []word, skip int) []similarity {
	features, full := ix.vector(words)
	out := make([]similarity, len(ix.entries))
	if full == 0 {
		return out
	}
	borrowed := ix.scratch.Get().(*[]float64)
	defer ix.scratch.Put(borrowed)
	dots := *borrowed
	clear(dots)
	scale := 1 / math.Sqrt(full)
	for _, f := range features {
		w := f.weight * scale
		for _, p := range ix.postings[f.id] {
			dots[p.doc] += w * p.weight
		}
	}
	for e, s := range ix.entries {
		var best [3]float64
		var sum float64
		n := 0
		for d := s.from; d < s.to; d++ {
			if d == skip {
				continue
			}
			n++
			sum += dots[d]
			switch x := dots[d]; {
			case x > best[0]:
				best[0], best[1], best[2] = x, best[0], best[1]
			case x > best[1]:
				best[1], best[2] = x, best[1]
			case x > best[2]:
				best[2] = x
			}
		}
		if n == 0 {
			continue
		}
		three := (best[0] + best[1] + best[2]) / float64(min(n, 3))
		out[e] = similarity{best[0], shareNearest*best[0] + shareThree*three + shareAll*sum/float64(n)}
	}
	return out
}
