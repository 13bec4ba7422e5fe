package knowledge

import (
	"cmp"
	"slices"
)

// vocabulary is what an entry talks about: how many of its phrasings have each
// word, meaning and trigram, and which words stand in its answers only.
type vocabulary struct {
	stems, concepts, grams map[string]int
	answers                map[string]bool
}

func newVocabulary(docs []doc, answers []string) vocabulary {
	v := vocabulary{map[string]int{}, map[string]int{}, map[string]int{}, map[string]bool{}}
	for _, d := range docs {
		v.count(d.words, 1)
	}
	for _, text := range answers {
		for _, w := range read(text).words {
			v.answers[w.stem] = true
		}
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
	lexicons().concepts.find(words, func(tag string, _, _ int) {
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
	if v.answers[c.word.stem] {
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
	lexicons().concepts.find(words, func(tag string, start, n int) {
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

// cover says how much of the contents an entry accounts for, 0 to 1, and the
// words that spoke for it, strongest first.
// strange counts the words that neither the entry nor any other phrasing knows.
func cover(list []content, v vocabulary) (share float64, strange int, spoke []string) {
	type said struct {
		raw    string
		weight float64
	}
	var words []said
	var sum, all float64
	for _, c := range list {
		all += c.weight
		if s := v.covers(c); s > 0 {
			sum += s * c.weight
			words = append(words, said{c.word.raw, s * c.weight})
		} else if c.strange {
			strange++
		}
	}
	if all == 0 {
		return 0, 0, nil
	}
	slices.SortStableFunc(words, func(a, b said) int { return cmp.Compare(b.weight, a.weight) })
	for _, w := range words {
		spoke = append(spoke, w.raw)
	}
	return sum / all, strange, spoke
}
