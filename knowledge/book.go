package knowledge

import (
	"errors"
	"fmt"
	"slices"
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
	entries   []Entry
	byID      map[string]int
	index     *index
	terms     *terms
	learnt    *softmax // nil: too large a book to learn
	sensed    *sensed
	tight     *tightness
	exact     map[string][]int // a phrasing's words -> the entries that have it, as often as they have it
	options   Options
	most      int // entries times features of a book that is learnt
	threshold float64
	readers   chan *reader
	dense     *dense // nil: without vectors
}

// Sound says why a Book cannot be made of entries: one has no id, or an id is
// used twice.
func Sound(entries []Entry) error {
	ids := make(map[string]bool, len(entries))
	for _, e := range entries {
		if e.ID == "" {
			return errors.New("an entry has no id")
		}
		if ids[e.ID] {
			return fmt.Errorf("entry %q is there twice", e.ID)
		}
		ids[e.ID] = true
	}
	return nil
}

// NewBook prepares entries and learns what tells them apart, which takes some
// 0.1 s for 60 entries. No entries make a Book that hands everything off. It
// refuses entries that are not Sound, and options out of range.
func NewBook(entries []Entry, o Options) (*Book, error) { return newBook(entries, o, softmaxMost<<20) }

// newBook makes a large book of more than most weights.
func newBook(entries []Entry, o Options, most int) (*Book, error) {
	if o.Precision == 0 {
		o.Precision = DefaultPrecision
	}
	if !(o.Precision > 0 && o.Precision < 1) {
		return nil, fmt.Errorf("precision %v is not between 0 and 1", o.Precision)
	}
	if !(o.Threshold >= 0 && o.Threshold <= 1) {
		return nil, fmt.Errorf("threshold %v is not between 0 and 1", o.Threshold)
	}
	if err := Sound(entries); err != nil {
		return nil, err
	}
	b := &Book{
		byID: map[string]int{}, exact: map[string][]int{},
		options: o, most: most, readers: make(chan *reader, idleReaders),
	}
	for i, e := range entries {
		b.byID[e.ID] = i
		b.entries = append(b.entries, e.Clone())
	}
	b.build(readEntries(entries))
	b.threshold = judgement().thresholdFor(o.Precision)
	if o.Threshold > 0 {
		b.threshold = o.Threshold
	}
	return b, nil
}

// build prepares what the entries say.
func (b *Book) build(list []readEntry) {
	for i, r := range list {
		for _, words := range r.asked {
			b.remember(words, i)
		}
	}
	s := newSpeller(newNames())
	var makings []making
	b.index, makings = newIndex(s, list)
	b.terms = newTerms(s, list)
	b.index.value()
	if b.large() {
		b.index.bind(makings)
	} else {
		b.index.post(makings)
	}
	b.sensed = newSensed(senses(), list, b.index.large())
	b.study(makings)
	b.tight = newTightness(b.index, makings)
}

// large says whether there is too much to learn and to compare as a whole.
func (b *Book) large() bool { return len(b.entries)*b.index.asking > b.most }

// study teaches the discriminative model the phrasings, as they stand and as
// hurried people would write them.
func (b *Book) study(makings []making) {
	if b.index.large() || len(b.entries) < 2 {
		return
	}
	r := b.reader()
	var docs [][]feature
	var entryOf []int
	for e, span := range b.index.entries {
		for _, d := range makings[span.from:span.to] {
			docs, entryOf = append(docs, d.features), append(entryOf, e)
			if h := hurry(d.words); len(h) > 0 {
				r.look(h)
				r.vector(h)
				docs, entryOf = append(docs, slices.Clone(r.features)), append(entryOf, e)
			}
		}
	}
	b.learnt = learnSoftmax(docs, entryOf, len(b.entries), b.index.asking)
}

// hurry writes words as on a phone in the street: one word is left out, and
// the longest one has two letters swapped.
func hurry(words []word) []word {
	if len(words) == 0 {
		return nil
	}
	longest := 0
	for i, w := range words {
		if len(w.fold) > len(words[longest].fold) {
			longest = i
		}
	}
	var out []word
	for i, w := range words {
		if i == 0 && len(words) >= 3 && i != longest {
			continue
		}
		if rs := []rune(w.raw); i == longest && len(rs) >= 5 {
			k := len(rs) / 2
			rs[k], rs[k+1] = rs[k+1], rs[k]
			w = newWord(rs, w.sentence)
		}
		out = append(out, w)
	}
	mark(out)
	return out
}

// remember takes a phrasing without politeness.
func (b *Book) remember(words []word, entry int) {
	key := keyOf(words)
	if key == "" {
		return
	}
	b.exact[key] = append(slices.Clip(b.exact[key]), entry)
}

// exactKey is the same for texts that differ in nothing but politeness, marks
// and spelling.
func exactKey(words []word) string { return keyOf(withoutPoliteness(words)) }

// SameWording is equal for texts that the matcher cannot tell apart: they differ
// in nothing but politeness, marks, capitals and the spelling that people
// confuse. It is "" for a text without words.
func SameWording(text string) string { return exactKey(understand(text).words) }

func keyOf(words []word) string {
	var key strings.Builder
	for _, w := range words {
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
	eachRule(words, func(tag string, start, n int) {
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
	return b.entries[i].Clone(), true
}

// ThresholdFor is the threshold that ships for a precision, between 0 and 1.
func ThresholdFor(precision float64) float64 { return judgement().thresholdFor(precision) }

// Len is how many entries there are.
func (b *Book) Len() int { return len(b.entries) }

// Threshold is what a confidence has to reach for an answer, 0 to 1.
func (b *Book) Threshold() float64 { return b.threshold }
