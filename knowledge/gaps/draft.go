package gaps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/poruch/poruch/knowledge"
)

// Draft is a proposal for a new entry, for a person to finish.
type Draft struct {
	Gap   Gap
	Entry knowledge.Entry // no answer when nobody answered yet
	Near  []Neighbour     // existing entries that it may be a phrasing of, the nearest first
	// Replies is how many replies of people the answer was chosen from, and
	// Same how many of them say it.
	Replies, Same int
}

// Neighbour is an existing entry near a gap.
type Neighbour struct {
	ID         string
	Title      string
	Confidence float64 // the matcher's mean confidence over the examples
	Named      int     // how often a person named it as the right one
}

// Phrasings is how many examples become phrasings.
const Phrasings = 7

// draft makes an entry of examples and replies; both may be empty.
func draft(g Gap, examples []Asked, replies []Reply) Draft {
	d := Draft{Gap: g, Entry: knowledge.Entry{ID: fmt.Sprintf("gap-%d", g.ID), Lang: langOf(g)}}
	for _, a := range examples {
		text := firstRunes(knowledge.Mask(knowledge.Gist(a.Text)), knowledge.MaxPhrasing)
		if text == "" || slices.Contains(d.Entry.Phrasings, text) {
			continue
		}
		if d.Entry.Title == "" {
			d.Entry.Title = title(text)
		}
		d.Entry.Phrasings = append(d.Entry.Phrasings, text)
	}
	if d.Entry.Title == "" {
		d.Entry.Title = fmt.Sprintf("Gap %d", g.ID)
	}
	answer, same := proposed(replies)
	d.Replies, d.Same = len(replies), same
	if answer != "" {
		lang := cmp.Or(knowledge.FingerprintOf(answer).Lang, d.Entry.Lang)
		d.Entry.Answers = map[knowledge.Lang]string{lang: answer}
	}
	return d
}

// langOf is the language that most ask in.
func langOf(g Gap) knowledge.Lang {
	best, most := knowledge.Ukrainian, 0
	for _, l := range []knowledge.Lang{knowledge.Ukrainian, knowledge.Russian, knowledge.English} {
		if n := g.Langs[l]; n > most {
			best, most = l, n
		}
	}
	return best
}

// title writes a question as staff would head it.
func title(text string) string {
	text = strings.TrimRightFunc(firstRunes(text, knowledge.MaxTitle-1), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".?!…,;:)", r)
	})
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[n:] + "?"
}

// leastReply is how many characters make a reply that says something.
const leastReply = 15

// proposed is the reply that people gave most often, of equals the newest, and
// how often. Replies are equal when their words are, politeness aside.
func proposed(replies []Reply) (answer string, same int) {
	count := map[string]int{}
	key := func(r Reply) string {
		f := knowledge.FingerprintOf(r.Text)
		return strings.Join(f.Stems, " ")
	}
	for _, r := range replies {
		count[key(r)]++
	}
	for _, r := range replies { // the newest first
		text := firstRunes(knowledge.Mask(strings.TrimSpace(r.Text)), knowledge.MaxAnswer)
		if n := count[key(r)]; n > same && utf8.RuneCountInString(text) >= leastReply {
			answer, same = text, n
		}
	}
	return answer, same
}
