package knowledge

import "slices"

// SenseSize is the number of dimensions of a Fingerprint's Sense.
const SenseSize = senseSize

// Fingerprint is what a text is about, in a form that texts in other languages,
// spellings and manners share. No brand's book is needed to take one.
type Fingerprint struct {
	Lang     Lang     // best guess; "" when nothing speaks for any
	Stems    []string // beginnings of the words that have a matter of their own; sorted, each once, no numbers
	Meanings []string // what the lexicon says they mean: "refund"; sorted, each once
	// Sense is where the text lies among all that customers ask: of length 1,
	// or zero when none of its terms is known there.
	Sense   [SenseSize]float32
	Known   float32  // the share of its terms that Sense knows, 0 to 1
	Strange []string // the stems that it does not know; sorted, each once
}

// Empty says that the text has nothing to compare it by.
func (f Fingerprint) Empty() bool { return len(f.Stems) == 0 && len(f.Meanings) == 0 }

// FingerprintOf takes a text's fingerprint: politeness left out, Latin spelling
// of Cyrillic words read in the way that makes the most sense. Any bytes will
// do; the first MaxRunes count.
func FingerprintOf(text string) Fingerprint {
	m := understand(text)
	f := Fingerprint{Lang: languageOf(m)}
	words := readable(m, f.Lang)
	words = withoutPoliteness(words)
	for _, w := range words {
		if !w.number && !lexicons().function.is(w) {
			f.Stems = append(f.Stems, w.stem)
		}
	}
	eachConcept(words, func(tag string, _, _ int) { f.Meanings = append(f.Meanings, tag) })
	f.Stems, f.Meanings = sorted(f.Stems), sorted(f.Meanings)
	table := senses()
	f.Sense, f.Known = table.of(words)
	for _, stem := range f.Stems {
		if _, known := table.terms[stem]; !known {
			f.Strange = append(f.Strange, stem)
		}
	}
	return f
}

// readable is the reading of a message in which the most words have a meaning;
// of equals, the one nearest to how it was typed.
func readable(m message, l Lang) []word {
	best := m.words
	if m.latin == 0 || l == English {
		return best
	}
	keep := func(w word) bool { return len(w.concepts) > 0 } // «apple pay» stays English
	most := meanings(best)
	for _, s := range schemes {
		if words, ok := s.cyrillic(m.words, keep); ok {
			if n := meanings(words); n > most {
				best, most = words, n
			}
		}
	}
	return best
}

func meanings(words []word) (n int) {
	eachConcept(words, func(string, int, int) { n++ })
	return n
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
