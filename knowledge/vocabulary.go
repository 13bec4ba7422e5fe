package knowledge

import (
	"slices"
)

// numberSet is a set of numbers. Most questions to it are answered no, by one
// bit.
type numberSet struct {
	bits   [32]uint64 // bit n%2048 is set for each member
	sorted []int32
}

func newNumberSet(members []int32) numberSet {
	s := numberSet{sorted: slices.Clone(members)}
	slices.Sort(s.sorted)
	s.sorted = slices.Clip(slices.Compact(s.sorted))
	for _, m := range s.sorted {
		s.bits[m>>6&31] |= 1 << (m & 63)
	}
	return s
}

func (s *numberSet) has(m int32) bool {
	if m < 0 || s.bits[m>>6&31]&(1<<(m&63)) == 0 {
		return false
	}
	_, ok := slices.BinarySearch(s.sorted, m)
	return ok
}

// vocabulary is what an entry talks about.
type vocabulary struct {
	asked    numberSet // stems, meanings and trigrams of its phrasings
	answered numberSet // stems and meanings of its answers
}

func newVocabulary(s *speller, r readEntry) vocabulary {
	var asked, answered []int32
	for _, words := range r.asked {
		var seen []int32
		for _, w := range words {
			sp := s.spell(w)
			if !slices.Contains(seen, sp.stem) { // one form of a word speaks for the others
				seen = append(seen, sp.stem)
				asked = append(append(asked, sp.stem), sp.three...)
			}
		}
		eachMeaning(words, func(place int32, _, _ int) { asked = append(asked, s.names.addMeaning(place)) })
	}
	for _, words := range r.answers {
		for _, w := range words {
			answered = append(answered, s.names.addStem(w.stem))
		}
		eachMeaning(words, func(place int32, _, _ int) { answered = append(answered, s.names.addMeaning(place)) })
	}
	return vocabulary{newNumberSet(asked), newNumberSet(answered)}
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

func (v *vocabulary) covers(c *content) float64 {
	if v.asked.has(c.stem) {
		return 1
	}
	if slices.ContainsFunc(c.meanings, v.asked.has) {
		return viaConcept
	}
	if n := len(c.three); n >= 3 {
		hit, misses := 0, 0
		for _, g := range c.three {
			if v.asked.has(g) {
				hit++
			} else if misses++; float64(n-misses) < alike*float64(n) {
				break
			}
		}
		if float64(hit) >= alike*float64(n) {
			return viaSpelling
		}
	}
	if v.answered.has(c.stem) || slices.ContainsFunc(c.meanings, v.answered.has) {
		return viaAnswer
	}
	return 0
}
