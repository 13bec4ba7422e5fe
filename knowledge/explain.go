package knowledge

import (
	"cmp"
	"slices"
)

// tellingShare is the share of a message's content that a word must carry to be
// worth naming as the reason for a doubt.
const tellingShare = 0.25

// unsure hands a question off and says what spoke against an answer.
func (r *reader) unsure(d Decision, v verdict) Decision {
	d.Doubt = r.doubtIn(v)
	return d.handOff(Unsure)
}

func (r *reader) doubtIn(v verdict) Doubt {
	b := r.b
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
	words := withoutPoliteness(best.view)
	r.look(words)
	for _, c := range r.contents(words, nil) {
		all += c.weight
		if b.index.vocab[best.entry].covers(&c) == 0 {
			missed = max(missed, c.weight)
		}
	}
	if missed > tellingShare*all {
		return DoubtWord
	}
	return DoubtWeak
}

// candidates tells what was considered, and on what grounds.
func (r *reader) candidates(v verdict) []Candidate {
	b := r.b
	var out []Candidate
	for _, c := range v.candidates {
		e := &b.entries[c.entry]
		k := Candidate{EntryID: e.ID, Title: e.Title, Confidence: c.confidence, Words: c.words}
		words := withoutPoliteness(c.view)
		k.Against, k.Concepts = r.grounds(words, c.entry)
		if k.Phrasing = e.Title; c.nearest > 0 {
			k.Phrasing = e.Phrasings[c.nearest-1]
		}
		out = append(out, k)
	}
	return out
}

// grounds names the words that an entry does not account for, weightiest first,
// and the meanings that it shares with the text.
func (r *reader) grounds(words []word, e int) (against, concepts []string) {
	vocab := &r.b.index.vocab[e]
	for i, w := range words {
		for _, c := range w.concepts {
			within := i+c.words <= len(words) && slices.ContainsFunc(words[i:i+c.words], isContent)
			if within && !slices.Contains(concepts, c.tag) && vocab.asked.has(r.b.index.names.meanings[c.place]) {
				concepts = append(concepts, c.tag)
			}
		}
	}
	r.look(words)
	var missed []content
	for _, c := range r.contents(words, nil) {
		if vocab.covers(&c) == 0 {
			missed = append(missed, c)
		}
	}
	slices.SortStableFunc(missed, func(x, y content) int { return cmp.Compare(y.weight, x.weight) })
	for _, c := range missed {
		against = append(against, c.raw)
	}
	return against, concepts
}
