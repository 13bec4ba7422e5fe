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
	var out []Candidate
	var last grounds
	for _, c := range v.candidates {
		e := &r.b.entries[c.entry]
		k := Candidate{EntryID: e.ID, Title: e.Title, Confidence: c.confidence, Words: c.words}
		if len(c.view) > 0 && (last.of == nil || &last.of[0] != &c.view[0]) { // most share their reading
			last = r.groundsIn(c.view)
		}
		k.Against, k.Concepts = last.against(r, c.entry), last.concepts(r, c.entry)
		if k.Phrasing = e.Title; c.nearest > 0 {
			k.Phrasing = e.Phrasings[c.nearest-1]
		}
		out = append(out, k)
	}
	return out
}

// grounds are what a reading of a message gives entries to account for.
type grounds struct {
	of       []word // the reading
	words    []word // without politeness
	contents []content
}

func (r *reader) groundsIn(view []word) grounds {
	g := grounds{of: view, words: withoutPoliteness(view)}
	r.look(g.words)
	g.contents = r.contents(g.words, nil)
	slices.SortStableFunc(g.contents, func(x, y content) int { return cmp.Compare(y.weight, x.weight) })
	return g
}

// against names the words that an entry does not account for, weightiest first.
func (g *grounds) against(r *reader, e int) (words []string) {
	for i := range g.contents {
		if r.b.index.vocab[e].covers(&g.contents[i]) == 0 {
			words = append(words, g.contents[i].raw)
		}
	}
	return words
}

// concepts names the meanings that an entry shares with the message.
func (g *grounds) concepts(r *reader, e int) (tags []string) {
	asked := &r.b.index.vocab[e].asked
	for i, w := range g.words {
		for _, c := range w.concepts {
			within := i+c.words <= len(g.words) && slices.ContainsFunc(g.words[i:i+c.words], isContent)
			if within && !slices.Contains(tags, c.tag) && asked.has(r.b.index.names.meanings[c.place]) {
				tags = append(tags, c.tag)
			}
		}
	}
	return tags
}
