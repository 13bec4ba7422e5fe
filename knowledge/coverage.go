package knowledge

import (
	"cmp"
	"slices"
)

// content is one word of a message that has a matter of its own, by the
// numbers of the book; none for what it lacks.
type content struct {
	raw      string
	stem     int32
	three    []int32 // its trigrams, repeats and all
	meanings []int32 // of it and of phrases that it is part of
	weight   float64 // its rarity
	strange  bool    // in no phrasing of the book, in any form
}

// contents picks the words that an answer has to account for.
func (r *reader) contents(words []word, out []content) []content {
	names := r.b.index.names
	out = out[:0]
	longest := lexicons().concepts.words
	r.numbers = r.numbers[:0]
	r.seen.reset(len(r.locals))
	for i, w := range words {
		sp := w.spelling
		if !sp.content || !r.seen.first(sp.stem) {
			continue
		}
		l := r.locals[sp.stem]
		c := content{raw: w.raw, stem: l.id, weight: l.idf}
		meant := false
		from := len(r.numbers)
		for j := max(0, i-longest+1); j <= i; j++ {
			for _, k := range words[j].concepts {
				if j+k.words > i && j+k.words <= len(words) {
					meant = true
					if id := names.meanings[k.place]; id != none {
						r.numbers = append(r.numbers, id)
					}
				}
			}
		}
		c.meanings = r.numbers[from:len(r.numbers):len(r.numbers)]
		from = len(r.numbers)
		for _, at := range sp.three {
			r.numbers = append(r.numbers, r.locals[at].id)
		}
		c.three = r.numbers[from:len(r.numbers):len(r.numbers)]
		c.strange = !l.found && !meant
		out = append(out, c)
	}
	return out
}

// numbersOf are the stems and meanings of contents.
func numbersOf(list []content) numberSet {
	var numbers []int32
	for _, c := range list {
		numbers = append(append(numbers, c.stem), c.meanings...)
	}
	return newNumberSet(slices.DeleteFunc(numbers, func(n int32) bool { return n == none }))
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
func (c *covering) accounts(i int) bool { return i < 64 && c.accounted&(1<<i) != 0 }

// said is a word that speaks for an entry.
type said struct {
	raw    string
	weight float64
}

func (ix *index) cover(list []content, e int) (c covering) {
	var room [16]said
	words := room[:0]
	var all float64
	v := &ix.vocab[e]
	for i := range list {
		w := &list[i]
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
		words = append(words, said{w.raw, s * w.weight})
	}
	if all > 0 {
		c.share, c.exact, c.meant, c.answered = c.share/all, c.exact/all, c.meant/all, c.answered/all
	}
	slices.SortStableFunc(words, func(a, b said) int { return cmp.Compare(b.weight, a.weight) })
	if len(words) > 0 {
		c.spoke = make([]string, len(words))
	}
	for i, w := range words {
		c.spoke[i] = w.raw
	}
	return c
}

// contentsOf lists a doc's contents: each stem that has a matter of its own,
// and after it its meanings as ^number.
func contentsOf(s *speller, words []word) (out []int32) {
	longest := lexicons().concepts.words
	var seen []int32
	for i, w := range words {
		sp := s.spell(w)
		if !sp.content || slices.Contains(seen, sp.stem) {
			continue
		}
		seen = append(seen, sp.stem)
		out = append(out, sp.stem)
		for j := max(0, i-longest+1); j <= i; j++ {
			for _, k := range words[j].concepts {
				if j+k.words > i && j+k.words <= len(words) {
					out = append(out, ^s.names.addMeaning(k.place))
				}
			}
		}
	}
	return slices.Clip(out)
}

// backwards says which share of an entry's phrasings the message accounts for:
// of the nearest, of the one where it is largest, and of the title.
func (v *survey) backwards(e, nearest int) (near, best, title float32) {
	ix, has := v.b.index, &v.said
	s := ix.entries[e]
	for d := s.from; d < s.to; d++ {
		var hit, all float64
		contents := ix.docs[d].contents
		for i := 0; i < len(contents); {
			weight := ix.idf[contents[i]]
			all += weight
			accounted := has.has(contents[i])
			for i++; i < len(contents) && contents[i] < 0; i++ {
				accounted = accounted || has.has(^contents[i])
			}
			if accounted {
				hit += weight
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

// kindsOf is the share of texts that ask each kind of question.
func kindsOf(texts [][]word) map[string]float32 {
	asked := map[string]float32{}
	for _, words := range texts {
		for _, kind := range questionKinds(words) {
			asked[kind] += 1 / float32(len(texts))
		}
	}
	return asked
}
