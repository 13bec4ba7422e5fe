package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// verdict is what one text says of the entries, best first.
type verdict struct {
	candidates []candidate
}

type candidate struct {
	entry      int
	confidence float64
	words      []string
}

// sure is the confidence of a text that is one of the phrasings.
const sure = 0.999

func (v verdict) best() candidate {
	if len(v.candidates) == 0 {
		return candidate{entry: -1}
	}
	return v.candidates[0]
}

// judge weighs one text.
func (b *Book) judge(words []word) verdict {
	words = withoutPoliteness(words)
	var v verdict
	for _, g := range b.grounds(words, -1, -1) {
		v.candidates = append(v.candidates, candidate{
			entry: g.entry, confidence: min(b.calibration.probability(g.grounds), sure-0.001), words: g.words,
		})
	}
	// The order of scores stands; a later candidate is never the surer one.
	for i := 1; i < len(v.candidates); i++ {
		v.candidates[i].confidence = min(v.candidates[i].confidence, v.candidates[i-1].confidence)
	}
	return v
}

type ground struct {
	entry   int
	grounds grounds
	words   []string
}

// grounds collects the numbers for the best entries, best first. A rehearsal
// leaves one doc out with skip and one entry with without; -1 leaves nothing
// out. With a skip the vocabularies change meanwhile, so only NewBook has one.
func (b *Book) grounds(words []word, skip, without int) []ground {
	type ranked struct {
		entry int
		similarity
	}
	var list []ranked
	for e, s := range b.index.similarities(words, skip) {
		if s.score > 0 && e != without {
			list = append(list, ranked{e, s})
		}
	}
	slices.SortFunc(list, func(x, y ranked) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.entry, y.entry))
	})
	contents := b.index.contents(words)
	if skip >= 0 { // a word that only the left-out phrasing has is strange without it
		for i, c := range contents {
			contents[i].strange = c.strange || b.index.known[c.word.stem] == 1 && len(c.concepts) == 0
		}
	}
	var out []ground
	for i, r := range list[:min(len(list), MaxCandidates)] {
		rival := 0.0
		switch {
		case i > 0:
			rival = list[0].score
		case len(list) > 1:
			rival = list[1].score
		}
		vocab := b.index.vocab[r.entry]
		if skip >= 0 && b.index.docs[skip].entry == r.entry {
			vocab.count(b.index.docs[skip].words, -1)
		}
		covered, strange, spoke := cover(contents, vocab)
		if skip >= 0 && b.index.docs[skip].entry == r.entry {
			vocab.count(b.index.docs[skip].words, 1)
		}
		out = append(out, ground{r.entry, grounds{
			groundOne: 1, groundScore: r.score, groundNearest: r.nearest, groundMargin: r.score - rival,
			groundCovered: covered, groundStrange: float64(min(strange, 3)) / 3,
			groundLength: math.Log1p(float64(len(contents))) / 2,
		}, spoke})
	}
	return out
}
