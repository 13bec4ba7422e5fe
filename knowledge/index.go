package knowledge

import "math"

// index knows the phrasings and what each of their features is worth.
type index struct {
	names   *names
	asking  int       // features from here on stand in answers only
	df      []int32   // by feature: how many docs have it; 0 when it stands in answers only
	idf     []float64 // by feature
	rarest  float64   // idf of what no doc has
	docs    []doc
	live    int                  // docs of entries; the others were left behind by changes
	entries []span               // by entry: its docs are docs[from:to]
	vocab   []vocabulary         // by entry
	asked   []map[string]float32 // by entry: the share of its docs that ask a kind of question

	// A small book has these:
	postings [][]posting // by feature
	docScale []float64   // by doc: what its vector was multiplied by

	// A large one has these instead:
	sheaves []sheaf      // by entry
	holders [][]int32    // by feature: the entries that have it
	weights []docWeights // by doc
	brief   []float32    // by entry: the mean weight of its docs' letters; the shorter, the larger
}

// large says whether the book is surveyed by candidates.
func (ix *index) large() bool { return ix.sheaves != nil }

type posting struct {
	doc    int32
	weight float32
}

type span struct{ from, to int }

// doc is a title or a phrasing.
type doc struct {
	contents []int32 // see contentsOf
	negated  bool
}

// making is what only the making of a book needs of a doc.
type making struct {
	words    []word
	counts   []times // block by block
	features []feature
}

// newIndex numbers and counts what the entries say; value, and then post or
// bind, make it ready when nothing is left to be numbered.
func newIndex(s *speller, entries []readEntry) (*index, []making) {
	ix := &index{names: s.names}
	var makings []making
	for _, r := range entries {
		from := len(ix.docs)
		makings = append(makings, ix.add(s, r)...)
		ix.entries = append(ix.entries, span{from, len(ix.docs)})
	}
	ix.asking = ix.names.len()
	for _, r := range entries {
		ix.vocab = append(ix.vocab, newVocabulary(s, r))
		ix.asked = append(ix.asked, kindsOf(r.asked))
	}
	return ix, makings
}

// add appends an entry's docs.
func (ix *index) add(s *speller, r readEntry) (makings []making) {
	for _, words := range r.asked {
		makings = append(makings, making{words: words, counts: ix.count(s, words)})
		ix.docs = append(ix.docs, doc{contentsOf(s, words), negated(words)})
	}
	ix.live += len(r.asked)
	return makings
}

// count counts a doc's features, which get their numbers here.
func (ix *index) count(s *speller, words []word) (counts []times) {
	c, names := &s.counter, ix.names
	for i, w := range words {
		sp := s.spell(w)
		pairing := int32(none)
		if i > 0 {
			pairing = names.addPair(pair{s.spell(words[i-1]).stem, sp.stem})
		}
		within := func(m concept) bool { return i+m.words <= len(words) }
		for _, m := range w.concepts {
			if within(m) {
				names.addMeaning(m.place)
			}
		}
		c.reach(names.len())
		c.add(blockWords, sp.stem)
		if pairing != none {
			c.add(blockPairs, pairing)
		}
		for _, g := range sp.letters {
			c.add(blockLetters, g)
		}
		for _, m := range w.concepts {
			if within(m) {
				c.add(blockConcepts, names.meanings[m.place])
			}
		}
	}
	ix.grow()
	counts = make([]times, 0, c.len())
	c.each(func(_ block, id, n int32) {
		ix.df[id]++
		counts = append(counts, times{id, n})
	})
	return counts
}

func (ix *index) grow() {
	if n := ix.names.len(); n > len(ix.df) {
		ix.df = append(ix.df, make([]int32, n-len(ix.df))...)
	}
}

// value says what each feature is worth: the rarer, the more.
func (ix *index) value() {
	ix.grow()
	n := float64(ix.live)
	ix.rarest = math.Log((1+n)/2) + 1
	ix.idf = make([]float64, len(ix.df))
	worth := make([]float64, ix.live+1) // by df; many features share one
	worth[0] = ix.rarest
	for i, f := range ix.df {
		if worth[f] == 0 {
			worth[f] = math.Log((1+n)/(1+float64(f))) + 1
		}
		ix.idf[i] = worth[f]
	}
}

// found says whether a feature stands in a phrasing.
func (ix *index) found(id int32) bool { return ix.df[id] > 0 }

// knows says whether any phrasing has a word of this stem.
func (ix *index) knows(stem string) bool {
	id := ix.names.stem(stem)
	return id != none && ix.found(id)
}
