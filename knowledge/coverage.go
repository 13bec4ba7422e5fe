package knowledge

import (
	"cmp"
	"slices"
)

// vocabulary is what an entry talks about: how many of its phrasings have each
// word, meaning and trigram, and which words stand in its answers only.
type vocabulary struct {
	stems, concepts, grams map[string]int
	answers                map[string]bool // stems, and meanings after a #
}

func newVocabulary(docs []doc, answers []string) vocabulary {
	v := vocabulary{map[string]int{}, map[string]int{}, map[string]int{}, map[string]bool{}}
	for _, d := range docs {
		v.count(d.words, 1)
	}
	for _, text := range answers {
		words := understand(text).words
		for _, w := range words {
			v.answers[w.stem] = true
		}
		eachConcept(words, func(tag string, _, _ int) { v.answers["#"+tag] = true })
	}
	return v
}

// count adds a phrasing, or takes it away with -1.
func (v vocabulary) count(words []word, by int) {
	for _, w := range unique(words) {
		v.stems[w.stem] += by
		seen := map[string]bool{}
		visitGrams(w, 3, 3, func(g string) {
			if !seen[g] {
				seen[g] = true
				v.grams[g] += by
			}
		})
	}
	seen := map[string]bool{}
	eachConcept(words, func(tag string, _, _ int) {
		if !seen[tag] {
			seen[tag] = true
			v.concepts[tag] += by
		}
	})
}

// How much an entry accounts for a word that it has only in another spelling,
// in its meaning, or in the answer.
const (
	viaConcept  = 0.9
	viaSpelling = 0.8
	viaAnswer   = 0.4
	// alike is the share of a word's trigrams that makes it a misspelling of
	// the entry's words rather than another word.
	alike = 0.7
)

func (v vocabulary) covers(c content) float64 {
	if v.stems[c.word.stem] > 0 {
		return 1
	}
	for _, tag := range c.concepts {
		if v.concepts[tag] > 0 {
			return viaConcept
		}
	}
	hit := 0
	for _, g := range c.grams {
		if v.grams[g] > 0 {
			hit++
		}
	}
	if n := len(c.grams); n >= 3 && float64(hit) >= alike*float64(n) {
		return viaSpelling
	}
	if v.answers[c.word.stem] || slices.ContainsFunc(c.concepts, func(tag string) bool { return v.answers["#"+tag] }) {
		return viaAnswer
	}
	return 0
}

// content is one word of a message that has a matter of its own.
type content struct {
	word     word
	concepts []string
	weight   float64 // its rarity
	strange  bool    // in no phrasing of the book, in any form
	grams    []string
}

// contents picks the words that an answer has to account for.
func (ix *index) contents(words []word) []content {
	concepts := map[int][]string{}
	eachConcept(words, func(tag string, start, n int) {
		for i := start; i < start+n; i++ {
			concepts[i] = append(concepts[i], tag)
		}
	})
	seen := map[string]bool{}
	var out []content
	for i, w := range words {
		if w.number || seen[w.stem] || lexicons().function.is(w) {
			continue
		}
		seen[w.stem] = true
		c := content{word: w, concepts: concepts[i], weight: ix.rarest}
		id, ok := ix.ids[blockWords][w.stem]
		if ok {
			c.weight = ix.idf[id]
		}
		c.strange = !ok && len(concepts[i]) == 0
		visitGrams(w, 3, 3, func(g string) { c.grams = append(c.grams, g) })
		out = append(out, c)
	}
	return out
}

// covering is how one entry accounts for a text's contents.
type covering struct {
	share                  float64 // of the weight, with what each way counts
	exact, meant, answered float64 // of the weight, by the very word, by meaning only, by the answer only
	loudest                float64 // the largest weight not accounted for
	uncovered, strange     int
	spoke                  []string // words that spoke for it, strongest first
	accounted              uint64   // a bit for each of the first contents
}

// accounts says whether the entry accounts for a content, by its place.
func (c covering) accounts(i int) bool { return i < 64 && c.accounted&(1<<i) != 0 }

func (ix *index) cover(list []content, e int) (c covering) {
	type said struct {
		raw    string
		weight float64
	}
	var words []said
	var all float64
	v := ix.vocab[e]
	for i, w := range list {
		all += w.weight
		s := v.covers(w)
		if s > 0 && i < 64 {
			c.accounted |= 1 << i
		}
		switch {
		case s == 0:
			c.uncovered++
			c.loudest = max(c.loudest, w.weight)
			if w.strange {
				c.strange++
			}
			continue
		case s == 1 || s == viaSpelling:
			c.exact += w.weight
		case s == viaConcept:
			c.meant += w.weight
		default:
			c.answered += w.weight
		}
		c.share += s * w.weight
		words = append(words, said{w.word.raw, s * w.weight})
	}
	if all > 0 {
		c.share, c.exact, c.meant, c.answered = c.share/all, c.exact/all, c.meant/all, c.answered/all
	}
	slices.SortStableFunc(words, func(a, b said) int { return cmp.Compare(b.weight, a.weight) })
	for _, w := range words {
		c.spoke = append(c.spoke, w.raw)
	}
	return c
}

// backwards says which share of an entry's phrasings the message accounts for:
// of the nearest, of the one where it is largest, and of the title.
func (ix *index) backwards(list []content, e, nearest int) (near, best, title float32) {
	stems, concepts := map[string]bool{}, map[string]bool{}
	for _, c := range list {
		stems[c.word.stem] = true
		for _, tag := range c.concepts {
			concepts[tag] = true
		}
	}
	s := ix.entries[e]
	for d := s.from; d < s.to; d++ {
		var hit, all float64
		for _, c := range ix.docs[d].contents {
			all += c.weight
			if stems[c.word.stem] || slices.ContainsFunc(c.concepts, func(tag string) bool { return concepts[tag] }) {
				hit += c.weight
			}
		}
		if all == 0 {
			continue
		}
		share := float32(hit / all)
		best = max(best, share)
		if d == nearest {
			near = share
		}
		if d == s.from {
			title = share
		}
	}
	return near, best, title
}

// asksAlike says how many of the entry's phrasings ask a kind of question that
// the message asks, and whether they ask other kinds instead.
func (ix *index) asksAlike(kinds []string, e int) (alike, other float32) {
	for _, kind := range kinds {
		alike = max(alike, ix.asked[e][kind])
	}
	return alike, truth(len(kinds) > 0 && alike == 0 && len(ix.asked[e]) > 0)
}
