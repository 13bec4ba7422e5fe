package knowledge

import "math"

// terms is BM25 over each entry's whole text, title, phrasings and answers,
// by stems and meanings.
type terms struct {
	place    []int32 // by feature: the term's place below, none when it is no term
	postings [][]termCount
	idf      []float64
	norm     []float64 // by entry: what its length does
	most     float64   // idf of a term that no entry has
	lengths  []float64 // by entry
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

func newTerms(s *speller, entries []readEntry) *terms {
	t := &terms{}
	for e, r := range entries {
		counts, length := countTerms(s, r)
		t.lengths = append(t.lengths, length)
		for _, x := range counts {
			at := t.at(s.names, x.id)
			t.postings[at] = append(t.postings[at], termCount{int32(e), x.count})
		}
	}
	t.value()
	return t
}

// entryTerm is how much of a term an entry has.
type entryTerm struct {
	id    int32
	count float32
}

// countTerms counts an entry's terms, in the order of their appearance.
func countTerms(s *speller, r readEntry) (list []entryTerm, length float64) {
	place := map[int32]int{}
	add := func(texts [][]word, weight float32) {
		for _, words := range texts {
			count := func(id int32) {
				at, ok := place[id]
				if !ok {
					at = len(list)
					place[id] = at
					list = append(list, entryTerm{id: id})
				}
				list[at].count += weight
				length += float64(weight)
			}
			for _, w := range words {
				if isContent(w) {
					count(s.names.addStem(w.stem))
				}
			}
			eachMeaning(words, func(place int32, _, _ int) { count(s.names.addMeaning(place)) })
		}
	}
	add(r.texts, 1)
	add(r.answers, answerTerm)
	return list, length
}

// at is the place of a term, which gets one when it has none.
func (t *terms) at(n *names, id int32) int32 {
	for len(t.place) < n.len() {
		t.place = append(t.place, none)
	}
	if t.place[id] == none {
		t.place[id] = int32(len(t.postings))
		t.postings = append(t.postings, nil)
	}
	return t.place[id]
}

// value says what each term is worth, and what the lengths of the entries do.
func (t *terms) value() {
	n := float64(len(t.lengths))
	t.idf = make([]float64, len(t.postings))
	for i, list := range t.postings {
		df := float64(len(list))
		t.idf[i] = math.Log(1 + (n-df+0.5)/(df+0.5))
	}
	t.most = math.Log(1 + (n+0.5)/0.5)
	var total float64
	for _, l := range t.lengths {
		total += l
	}
	t.norm = make([]float64, len(t.lengths))
	for e, l := range t.lengths {
		t.norm[e] = bm25k * (1 - bm25b + bm25b*l/max(total/max(n, 1), 1))
	}
}

// eachTerm visits the stems of content words and the meanings.
func eachTerm(words []word, visit func(key string)) {
	for _, w := range words {
		if isContent(w) {
			visit(w.stem)
		}
	}
	eachConcept(words, func(tag string, _, _ int) { visit("#" + tag) })
}

// score is each entry's share of what these words could reach.
func (r *reader) score(words []word, out []float64) {
	t := r.b.terms
	clear(out)
	var reachable float64
	add := func(id int32) bool {
		if id == none || int(id) >= len(t.place) || t.place[id] == none {
			return false
		}
		at := t.place[id]
		if len(t.postings[at]) == 0 { // its entries are gone
			return false
		}
		idf := t.idf[at]
		reachable += idf * (bm25k + 1)
		for _, p := range t.postings[at] {
			c := float64(p.count)
			out[p.entry] += idf * c * (bm25k + 1) / (c + t.norm[p.entry])
		}
		return true
	}
	r.seen.reset(len(r.locals))
	for _, w := range words {
		if sp := w.spelling; sp.content && r.seen.first(sp.stem) && !add(r.locals[sp.stem].id) {
			reachable += t.most * (bm25k + 1) * 0.5
		}
	}
	meanings := r.b.index.names.meanings
	eachMeaning(words, func(place int32, _, _ int) {
		if id := meanings[place]; id != none {
			at := r.local(id)
			r.seen.reach(len(r.locals))
			if r.seen.first(at) {
				add(id)
			}
		}
	})
	if reachable > 0 {
		for e := range out {
			out[e] /= reachable
		}
	}
}

// marks says what was met before.
type marks struct {
	at  []uint32
	now uint32
}

// reset forgets, and makes room for numbers below n.
func (m *marks) reset(n int) {
	m.reach(n)
	if m.now++; m.now == 0 { // once in four thousand million
		clear(m.at)
		m.now = 1
	}
}

func (m *marks) reach(n int) {
	if n > len(m.at) {
		m.at = append(m.at, make([]uint32, n-len(m.at))...)
	}
}

// first says whether a number is met for the first time since reset.
func (m *marks) first(i int32) bool {
	if m.at[i] == m.now {
		return false
	}
	m.at[i] = m.now
	return true
}
