package embeddingstest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Tongue is a made-up language and what a brand knows in it. No two phrasings
// of a topic share a word, so that words alone tell nothing; the pretended
// model knows which words mean the same.
type Tongue struct {
	Meanings  Meanings
	Topics    []Topic
	Strangers []string // questions that no topic answers, though each is near to one
}

// Topic is one thing that customers ask.
type Topic struct {
	ID        string
	Title     string
	Phrasings []string
	Questions []string // that mean the same as the phrasings, in other words again
}

// How much is said of a topic.
const (
	perTopic  = 7 // phrasings
	questions = 3
	synonyms  = 1 + perTopic + questions
)

// NewTongue makes a language with so many topics, the same each time.
func NewTongue(topics int) Tongue {
	r := rand.New(rand.NewPCG(5, 1))
	t := Tongue{Meanings: Meanings{}}
	for m := range 3 * topics {
		for range synonyms {
			t.Meanings[meaning(m)] = append(t.Meanings[meaning(m)], invent(r))
		}
	}
	// A topic is three meanings; one of them is its neighbour's too. The last
	// third of the meanings is nobody's but the strangers'.
	for i := range topics {
		own := []int{i, (i + 1) % topics, topics + i}
		topic := Topic{ID: fmt.Sprintf("topic-%02d", i), Title: t.say(r, own, 0)}
		for k := range perTopic {
			topic.Phrasings = append(topic.Phrasings, t.say(r, own, 1+k))
		}
		for k := range questions {
			topic.Questions = append(topic.Questions, t.say(r, own, 1+perTopic+k)+"?")
		}
		t.Topics = append(t.Topics, topic)
		t.Strangers = append(t.Strangers, t.say(r, []int{i, 2*topics + i, 2*topics + (i+1)%topics}, 1+perTopic)+"?")
	}
	return t
}

func meaning(m int) string { return fmt.Sprintf("meaning %d", m) }

// say puts meanings into words, each with its synonym of one number.
func (t Tongue) say(r *rand.Rand, meanings []int, synonym int) string {
	words := make([]string, len(meanings))
	for i, at := range r.Perm(len(meanings)) {
		words[i] = t.Meanings[meaning(meanings[at])][synonym]
	}
	return strings.Join(words, " ")
}

// invent makes a word.
func invent(r *rand.Rand) string {
	var b strings.Builder
	for range 4 {
		b.WriteString([]string{"б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "т", "ф", "х", "ц"}[r.IntN(16)])
		b.WriteString([]string{"а", "е", "и", "і", "о", "у", "ю", "я"}[r.IntN(8)])
	}
	return b.String()
}
