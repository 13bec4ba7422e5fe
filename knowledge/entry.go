package knowledge

import (
	"maps"
	"slices"
	"time"
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
	// Stale are the languages whose answer was not looked at since another
	// one was changed, in the order uk, ru, en.
	Stale []Lang
	Tags  []string
	Lang  Lang   // the language of Title and most Phrasings
	Links []Link // shown as buttons under the answer
	Files []File // sent with the answer
	// From and Until bound the time in which the entry may answer; zero: no
	// bound. Until is the first moment at which it no longer may.
	From, Until time.Time
	Audience    []string // the communities that it is for, by their chat ids; none: for all
	Trust       Trust    // "" is Auto
}

// Link is an address that an answer points to.
type Link struct {
	Label string `json:"label" yaml:"label"`
	URL   string `json:"url" yaml:"url"` // https or http
}

// File is an attachment of an answer.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"` // a MIME type
	Size int64  `json:"size"` // bytes
	Sum  string `json:"sum"`  // SHA-256 in hexadecimal; what the store knows it by
	// Data is the content where an entry is read from or written to a file; a
	// Book does without it.
	Data []byte `json:"-"`
}

// Trust is what an entry may do by itself.
type Trust string

// The grades of trust. An entry of any grade competes for every message, so
// that no neighbour answers what it is about.
const (
	Off     Trust = "off"     // people answer, and are told nothing
	Suggest Trust = "suggest" // people answer, and see what it says
	Shadow  Trust = "shadow"  // the same, and their verdicts may earn it Auto
	Auto    Trust = "auto"    // it answers
)

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

// Valid says whether the entry may answer at a time; the zero time is any.
func (e Entry) Valid(at time.Time) bool {
	return at.IsZero() || !at.Before(e.From) && (e.Until.IsZero() || at.Before(e.Until))
}

// For says whether the entry is meant for a community; "" is any.
func (e Entry) For(community string) bool {
	return community == "" || len(e.Audience) == 0 || slices.Contains(e.Audience, community)
}

// answers are the texts in all languages: what is asked in one may be said in
// another only.
func (e Entry) answers() (texts []string) {
	for _, l := range []Lang{Ukrainian, Russian, English} {
		if text := e.Answers[l]; text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// Clone shares nothing with the entry but the content of its files.
func (e Entry) Clone() Entry {
	e.Phrasings, e.Tags, e.Answers = slices.Clone(e.Phrasings), slices.Clone(e.Tags), maps.Clone(e.Answers)
	e.Stale, e.Links, e.Files = slices.Clone(e.Stale), slices.Clone(e.Links), slices.Clone(e.Files)
	e.Audience = slices.Clone(e.Audience)
	return e
}
