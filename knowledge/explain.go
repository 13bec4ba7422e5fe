package knowledge

import (
	"cmp"
	"slices"
)

// tellingShare is the share of a message's content that a word must carry to be
// worth naming as the reason for a doubt.
const tellingShare = 0.25

// unsure hands a question off and says what spoke against an answer.
func (b *Book) unsure(d Decision, v verdict) Decision {
	d.Doubt = b.doubtIn(v)
	return d.handOff(Unsure)
}

func (b *Book) doubtIn(v verdict) Doubt {
	if len(b.entries) == 0 {
		return DoubtEmpty
	}
	if len(v.candidates) == 0 {
		return DoubtWeak
	}
	best := v.candidates[0]
	if len(v.candidates) > 1 && v.candidates[1].confidence > best.confidence/2 {
		return DoubtRival
	}
	var all, missed float64
	for _, c := range b.index.contents(withoutPoliteness(best.view)) {
		all += c.weight
		if b.index.vocab[best.entry].covers(c) == 0 {
			missed = max(missed, c.weight)
		}
	}
	if missed > tellingShare*all {
		return DoubtWord
	}
	return DoubtWeak
}

// candidates tells what was considered, and on what grounds.
func (b *Book) candidates(v verdict) []Candidate {
	var out []Candidate
	for _, c := range v.candidates {
		e := &b.entries[c.entry]
		k := Candidate{EntryID: e.ID, Title: e.Title, Confidence: c.confidence, Words: c.words}
		words := withoutPoliteness(c.view)
		k.Against, k.Concepts = b.index.grounds(words, c.entry)
		if k.Phrasing = e.Title; c.nearest > 0 {
			k.Phrasing = e.Phrasings[c.nearest-1]
		}
		out = append(out, k)
	}
	return out
}

// grounds names the words that an entry does not account for, weightiest first,
// and the meanings that it shares with the text.
func (ix *index) grounds(words []word, e int) (against, concepts []string) {
	var missed []content
	for _, c := range ix.contents(words) {
		for _, tag := range c.concepts {
			if ix.vocab[e].concepts[tag] > 0 && !slices.Contains(concepts, tag) {
				concepts = append(concepts, tag)
			}
		}
		if ix.vocab[e].covers(c) == 0 {
			missed = append(missed, c)
		}
	}
	slices.SortStableFunc(missed, func(x, y content) int { return cmp.Compare(y.weight, x.weight) })
	for _, c := range missed {
		against = append(against, c.word.raw)
	}
	return against, concepts
}
