package knowledge

import "math"

// terms is BM25 over each entry's whole text, title, phrasings and answers,
// by stems and meanings.
type terms struct {
	entries  int
	postings map[string][]termCount
	idf      map[string]float64
	norm     []float64 // by entry: what its length does
	most     float64   // idf of a term that no entry has
}

type termCount struct {
	entry int32
	count float32
}

// BM25's usual constants: Robertson and Zaragoza, "The Probabilistic Relevance
// Framework: BM25 and Beyond", 2009.
const (
	bm25k = 1.2
	bm25b = 0.5
	// answerTerm is what a term of an answer counts, next to one of a phrasing.
	answerTerm = 0.35
)

func newTerms(texts, answers [][]string) *terms {
	t := &terms{entries: len(texts), postings: map[string][]termCount{}, idf: map[string]float64{}}
	lengths := make([]float64, len(texts))
	var total float64
	for e := range texts {
		counts := map[string]float32{}
		var keys []string
		add := func(text string, weight float32) {
			eachTerm(understand(text).words, func(key string) {
				if counts[key] == 0 {
					keys = append(keys, key)
				}
				counts[key] += weight
				lengths[e] += float64(weight)
			})
		}
		for _, text := range texts[e] {
			add(text, 1)
		}
		for _, text := range answers[e] {
			add(text, answerTerm)
		}
		for _, key := range keys {
			t.postings[key] = append(t.postings[key], termCount{int32(e), counts[key]})
		}
		total += lengths[e]
	}
	n := float64(len(texts))
	for key, list := range t.postings {
		df := float64(len(list))
		t.idf[key] = math.Log(1 + (n-df+0.5)/(df+0.5))
	}
	t.most = math.Log(1 + (n+0.5)/0.5)
	for _, l := range lengths {
		t.norm = append(t.norm, bm25k*(1-bm25b+bm25b*l/max(total/max(n, 1), 1)))
	}
	return t
}

// eachTerm visits the stems of content words and the meanings.
func eachTerm(words []word, visit func(key string)) {
	for _, w := range words {
		if !w.number && !lexicons().function.is(w) {
			visit(w.stem)
		}
	}
	eachConcept(words, func(tag string, _, _ int) { visit("#" + tag) })
}

// score is each entry's share of what these words could reach.
func (t *terms) score(words []word) []float64 {
	out := make([]float64, t.entries)
	seen := map[string]bool{}
	var reachable float64
	eachTerm(words, func(key string) {
		if seen[key] {
			return
		}
		seen[key] = true
		idf, ok := t.idf[key]
		if !ok {
			if key[0] != '#' {
				reachable += t.most * (bm25k + 1) * 0.5
			}
			return
		}
		reachable += idf * (bm25k + 1)
		for _, p := range t.postings[key] {
			c := float64(p.count)
			out[p.entry] += idf * c * (bm25k + 1) / (c + t.norm[p.entry])
		}
	})
	if reachable > 0 {
		for e := range out {
			out[e] /= reachable
		}
	}
	return out
}
