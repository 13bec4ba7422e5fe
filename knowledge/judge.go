package knowledge

import (
	"cmp"
	"slices"
)

// verdict is what one text says of the entries, best first.
type verdict struct {
	candidates []candidate
	among      [MaxChoices]float64 // the probability that the right entry is among the first one, two, three
	heard      []judged            // all that was weighed, best first
}

// judged is an entry's evidence and what the forest makes of it.
type judged struct {
	*evidence
	odds float64
	view []word // the reading of the message
}

// reckon says how probable it is that the right entry is among the first ones,
// as if each had its chance apart from the others.
func (v *verdict) reckon() {
	miss := 1.0
	for i, c := range v.candidates[:min(len(v.candidates), MaxChoices)] {
		miss *= 1 - c.confidence
		v.among[i] = 1 - miss
	}
}

// within is the probability that the right entry is among the first n.
func (v verdict) within(n int) float64 { return v.among[min(n, MaxChoices)-1] }

type candidate struct {
	entry      int
	confidence float64
	words      []string
	nearest    int    // which of the entry's texts is the most similar: 0 for the title, then the phrasings
	view       []word // the reading of the message that speaks most for it
}

// WordForWord is the confidence of a text that is one of the phrasings. What is
// judged has less.
const WordForWord = 0.999

const sure = WordForWord

func (v verdict) best() candidate {
	if len(v.candidates) == 0 {
		return candidate{entry: -1}
	}
	return v.candidates[0]
}

// judge is a reader's, for a message of its own.
func (b *Book) judge(s signals, views [][]word) verdict {
	r := b.reader()
	defer r.close()
	return r.judge(s, views)
}

// judge weighs a message: each entry by the script that speaks most for it.
func (r *reader) judge(s signals, views [][]word) verdict {
	j := judgement()
	var list []judged
	for _, words := range views {
		found := r.gather(s, words)
		r.odds = j.grove.sums(found, r.odds)
		for i, odds := range r.odds {
			c := &found[i]
			if i := slices.IndexFunc(list, func(x judged) bool { return x.entry == c.entry }); i < 0 {
				list = append(list, judged{c, odds, words})
			} else if odds > list[i].odds {
				list[i] = judged{c, odds, words}
			}
		}
	}
	slices.SortStableFunc(list, func(x, y judged) int { return cmp.Compare(y.odds, x.odds) })
	v := verdict{heard: list}
	if len(list) == 0 {
		return v
	}
	odds := make([]float64, len(list))
	for i := range list {
		odds[i] = list[i].odds
	}
	for i, c := range list[:min(len(list), MaxCandidates)] {
		p := sigmoid(c.odds)
		if i == 0 {
			p = j.confidence(odds)
		}
		v.candidates = append(v.candidates, candidate{entry: c.entry, confidence: min(p, sure-0.001), words: c.words, nearest: c.nearest, view: c.view})
	}
	v.among[0] = v.candidates[0].confidence
	for n := 2; n <= MaxChoices; n++ {
		v.among[n-1] = max(min(j.among(odds, n), sure-0.001), v.among[n-2])
	}
	// The order stands; a later candidate is never the surer one.
	for i := 1; i < len(v.candidates); i++ {
		v.candidates[i].confidence = min(v.candidates[i].confidence, v.candidates[i-1].confidence)
	}
	return v
}
