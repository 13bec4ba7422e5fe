package synthetic

import (
	"fmt"
	"math/rand/v2"

	"github.com/poruch/poruch/knowledge"
)

// Seed is an entry, with messages of customers that it answers; they may be
// missing.
type Seed struct {
	Entry    knowledge.Entry
	Messages []string
}

// Size is what a Base is grown to.
type Size struct {
	Entries   int
	Phrasings int // of each entry, its title apart
	Questions int
}

// Base is a grown knowledge base.
type Base struct {
	Entries   []knowledge.Entry
	Questions []Question
}

// Question is a text, and the entry that answers it; "" when none does.
type Question struct{ Text, EntryID string }

// outside is the share of questions that no entry answers, one in so many.
const outside = 4

// Grow makes a Base of seeds, of which there has to be at least one.
func Grow(seeds []Seed, size Size) Base {
	g := &grower{rand: rand.New(rand.NewPCG(1, 2))}
	g.learn(seeds)
	var b Base
	kinds := make([]kind, size.Entries)
	for i := range size.Entries {
		seed := seeds[i%len(seeds)]
		kinds[i] = g.kind(seed, i/len(seeds))
		b.Entries = append(b.Entries, g.entry(kinds[i], fmt.Sprintf("%s-%d", seed.Entry.ID, i), size.Phrasings))
	}
	for range size.Questions {
		i := g.rand.IntN(len(kinds))
		if g.rand.IntN(outside) == 0 {
			of := seeds[g.rand.IntN(len(seeds))]
			b.Questions = append(b.Questions, Question{Text: g.say(g.kind(of, 1), asked(of))})
			continue
		}
		b.Questions = append(b.Questions, Question{g.say(kinds[i], asked(kinds[i].seed)), b.Entries[i].ID})
	}
	return b
}

// entry says in new words what the seed says.
func (g *grower) entry(k kind, id string, phrasings int) knowledge.Entry {
	e := k.seed.Entry
	grown := knowledge.Entry{ID: id, Lang: e.Lang, Tags: e.Tags, Title: g.swap(k, e.Title), Answers: map[knowledge.Lang]string{}}
	for lang, text := range e.Answers {
		grown.Answers[lang] = g.swap(k, text)
	}
	texts := taught(k.seed)
	for i := range phrasings {
		text := texts[i%len(texts)]
		if i < len(texts) {
			grown.Phrasings = append(grown.Phrasings, g.swap(k, text))
			continue
		}
		grown.Phrasings = append(grown.Phrasings, g.say(k, texts))
	}
	return grown
}

// taught are the texts that phrasings are made of: those of the entry, and
// every second message.
func taught(s Seed) []string {
	texts := append([]string{s.Entry.Title}, s.Entry.Phrasings...)
	for i := 0; i < len(s.Messages); i += 2 {
		texts = append(texts, s.Messages[i])
	}
	return texts
}

// asked are the texts that questions are made of: the other messages, or the
// phrasings when there are none.
func asked(s Seed) (texts []string) {
	for i := 1; i < len(s.Messages); i += 2 {
		texts = append(texts, s.Messages[i])
	}
	if len(texts) == 0 {
		return append([]string{s.Entry.Title}, s.Entry.Phrasings...)
	}
	return texts
}
