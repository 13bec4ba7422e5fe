package knowledge

import (
	"errors"
	"fmt"
	"strings"
)

// Options tunes a Book. The zero value is right for most brands.
type Options struct {
	// Precision is the share of answers that should be right, between 0 and 1;
	// 0 means DefaultPrecision. The threshold is fitted to it.
	Precision float64
	// Threshold replaces the fitted one when it is above 0; at most 1.
	Threshold float64
}

// DefaultPrecision: of 100 answers given without a person, 95 should be right.
const DefaultPrecision = 0.95

// Book is a brand's entries, ready to decide. It never changes and is safe for
// concurrent use; a changed knowledge base is a new Book.
type Book struct {
	entries     []Entry
	byID        map[string]int
	index       *index
	exact       map[string]int // a phrasing's words -> entry, -1 when two entries share them
	calibration calibration
	cyrillic    bool // most phrasings are Cyrillic, so Latin messages are spelt so
}

// NewBook prepares entries and fits the calibration to them, which takes some
// 0.1 s for 60 entries. No entries make a Book that hands everything off. It
// refuses entries without an id, an id used twice, and options out of range.
func NewBook(entries []Entry, o Options) (*Book, error) {
	if o.Precision == 0 {
		o.Precision = DefaultPrecision
	}
	if !(o.Precision > 0 && o.Precision < 1) {
		return nil, fmt.Errorf("precision %v is not between 0 and 1", o.Precision)
	}
	if !(o.Threshold >= 0 && o.Threshold <= 1) {
		return nil, fmt.Errorf("threshold %v is not between 0 and 1", o.Threshold)
	}
	b := &Book{byID: map[string]int{}, exact: map[string]int{}}
	var texts, answers [][]string
	var cyrillic, latin int
	for i, e := range entries {
		if e.ID == "" {
			return nil, errors.New("an entry has no id")
		}
		if _, ok := b.byID[e.ID]; ok {
			return nil, fmt.Errorf("entry %q is there twice", e.ID)
		}
		b.byID[e.ID] = i
		b.entries = append(b.entries, e.clone())
		list := append([]string{e.Title}, e.Phrasings...)
		texts, answers = append(texts, list), append(answers, []string{e.Answers[e.Lang]})
		for _, text := range list {
			m := read(text)
			cyrillic, latin = cyrillic+m.cyrillic, latin+m.latin
			b.remember(m.words, i)
		}
	}
	b.cyrillic = cyrillic >= latin
	b.index = newIndex(texts, answers)
	b.calibration = fit(b.rehearse(), o.Precision)
	if o.Threshold > 0 {
		b.calibration.threshold = o.Threshold
	}
	return b, nil
}

func (b *Book) remember(words []word, entry int) {
	key := exactKey(words)
	if key == "" {
		return
	}
	if other, ok := b.exact[key]; ok && other != entry {
		entry = -1
	}
	b.exact[key] = entry
}

// exactKey is the same for texts that differ in nothing but politeness, marks
// and spelling.
func exactKey(words []word) string {
	var key strings.Builder
	for _, w := range withoutPoliteness(words) {
		key.WriteString(w.fold)
		key.WriteByte(' ')
	}
	return key.String()
}

// withoutPoliteness drops greetings, thanks and "please tell me"; a message of
// nothing else stays whole.
func withoutPoliteness(words []word) []word {
	drop := make([]bool, len(words))
	dropped := 0
	lexicons().rules.find(words, func(tag string, start, n int) {
		if tag != "greeting" && tag != "polite" && tag != "thanks" {
			return
		}
		for i := start; i < start+n; i++ {
			if !drop[i] {
				drop[i] = true
				dropped++
			}
		}
	})
	if dropped == 0 || dropped == len(words) {
		return words
	}
	out := make([]word, 0, len(words)-dropped)
	for i, w := range words {
		if !drop[i] {
			out = append(out, w)
		}
	}
	return out
}

// Entry returns an entry by its id. Its slices and map are the caller's own.
func (b *Book) Entry(id string) (Entry, bool) {
	i, ok := b.byID[id]
	if !ok {
		return Entry{}, false
	}
	return b.entries[i].clone(), true
}

// Len is how many entries there are.
func (b *Book) Len() int { return len(b.entries) }

// Threshold is what a confidence has to reach for an answer, 0 to 1.
func (b *Book) Threshold() float64 { return b.calibration.threshold }
