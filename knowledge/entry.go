package knowledge

import (
	"maps"
	"slices"
)

// Lang is a language of customers: "uk", "ru" or "en".
type Lang string

// The languages that every customer-facing text of Poruch exists in.
const (
	Ukrainian Lang = "uk"
	Russian   Lang = "ru"
	English   Lang = "en"
)

// Entry is one vetted instruction: what to answer, and how people ask for it.
type Entry struct {
	ID        string   // stable and unique within the brand: "delivery-time"
	Title     string   // a question as staff would put it
	Phrasings []string // ways customers ask it
	// Answers holds the text per language, in the small Markdown of package
	// bots/markdown. At least one.
	Answers map[Lang]string
	Tags    []string
	Lang    Lang // the language of Title and most Phrasings
}

// Answer returns the text in the wanted language, else in the fallback, else
// in the entry's own, and the language it found.
func (e Entry) Answer(want, fallback Lang) (string, Lang) {
	for _, l := range []Lang{want, fallback, e.Lang, Ukrainian, Russian, English} {
		if text := e.Answers[l]; text != "" {
			return text, l
		}
	}
	return "", ""
}

// clone shares nothing with the entry.
func (e Entry) clone() Entry {
	e.Phrasings, e.Tags, e.Answers = slices.Clone(e.Phrasings), slices.Clone(e.Tags), maps.Clone(e.Answers)
	return e
}
