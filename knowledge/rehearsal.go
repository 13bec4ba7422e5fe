package knowledge

import (
	"context"
	"fmt"
	"slices"
)

// Rehearsal says what vectors are worth to a book: how it did on its own
// phrasings, each asked as if it had never been written, and again as if its
// whole entry were missing.
type Rehearsal struct {
	Questions  int  // phrasings that were asked
	Local      int  // of them answered rightly by words alone
	Joint      int  // with vectors
	Wrong      int  // answered wrongly with vectors, missing entries included
	Used       bool // vectors count from now on
	Dimensions int

	caution float64 // see joint
}

// The rehearsal. The joint judgement is used only if there was enough to learn
// it from.
const (
	rehearsalFolds = 5
	mostQuestions  = 400
	leastQuestions = 60
	leastEntries   = 10
)

// WithVectors returns the book with one more scorer: vectors are the embeddings
// of Texts, in order, all by one model and of one size. What they are worth is
// learnt from a rehearsal, which takes a few times as long as NewBook; ctx can
// end it. Where there is too little to learn from, or vectors do not bring more
// right answers at the brand's precision, the book decides as before. b itself
// stays as it is.
func (b *Book) WithVectors(ctx context.Context, vectors [][]float32) (*Book, error) {
	d, err := newDense(b, vectors)
	if err != nil {
		return nil, fmt.Errorf("use the vectors: %w", err)
	}
	cases, err := b.rehearse(ctx, d)
	if err != nil {
		return nil, err
	}
	d.study(cases, b.options.Precision)
	with := *b
	with.readers = make(chan *reader, idleReaders) // each reads for one book
	with.dense = d
	return &with, nil
}

// Embedded says whether a question's Vector can make a difference.
func (b *Book) Embedded() bool { return b.dense != nil && b.dense.joint != nil }

// Rehearsal tells what WithVectors found; false when it was not called.
func (b *Book) Rehearsal() (Rehearsal, bool) {
	if b.dense == nil {
		return Rehearsal{}, false
	}
	return b.dense.rehearsal, true
}

// rehearsed is one question of the rehearsal.
type rehearsed struct {
	field
	entry   int  // it belongs to
	missing bool // the entry was
	local   bool // answered by words alone, and rightly
}

// phrasing is one that is asked.
type phrasing struct {
	entry, number, text int
	words               string
}

// fold is the one in which a phrasing is left out; the entry's own fold, in
// which all of it is, is another.
func (p phrasing) fold() int {
	return (p.entry + 1 + p.number%(rehearsalFolds-1)) % rehearsalFolds
}

// rehearse asks phrasings of books that lack them.
func (b *Book) rehearse(ctx context.Context, d *dense) (cases []rehearsed, err error) {
	asked := b.phrasings()
	threshold := judgement().thresholdFor(b.options.Precision)
	if len(asked) < leastQuestions || len(b.entries) < leastEntries {
		return nil, nil
	}
	for fold := range rehearsalFolds {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("rehearse with vectors: %w", err)
		}
		part, place, err := b.without(fold)
		if err != nil {
			return nil, fmt.Errorf("rehearse with vectors: %w", err)
		}
		out := func(e int) bool { return e%rehearsalFolds == fold }
		for _, p := range asked {
			missing := out(p.entry)
			if !missing && p.fold() != fold {
				continue
			}
			m := understand(p.words)
			views := part.views(m, languageOf(m))
			v := part.judge(part.readSignals(m, views), views)
			for i := range v.heard {
				v.heard[i].entry = place[v.heard[i].entry]
			}
			best := v.best()
			cases = append(cases, rehearsed{
				field: field{heard: v.heard, near: d.nearness(d.texts[p.text], p.text), out: out},
				entry: p.entry, missing: missing,
				local: best.entry >= 0 && place[best.entry] == p.entry && best.confidence >= threshold,
			})
		}
	}
	return cases, nil
}

// phrasings chooses some to ask, always the same. One that two texts share
// would be asked of itself.
func (b *Book) phrasings() (list []phrasing) {
	seen := map[string]int{}
	text := -1
	b.eachText(func(e, j int, words string) {
		text++
		key := exactKey(understand(words).words)
		seen[key]++
		if j >= 0 && key != "" {
			list = append(list, phrasing{e, j, text, words})
		}
	})
	list = slices.DeleteFunc(list, func(p phrasing) bool { return seen[exactKey(understand(p.words).words)] > 1 })
	order := shuffled(len(list))
	chosen := make([]phrasing, 0, min(len(list), mostQuestions))
	for _, i := range order[:min(len(list), mostQuestions)] {
		chosen = append(chosen, list[i])
	}
	return chosen
}

// without is the book that lacks a fold: a fifth of the entries, and a quarter
// of the others' phrasings. place tells an entry's number in b.
func (b *Book) without(fold int) (part *Book, place []int, err error) {
	var entries []Entry
	for e, entry := range b.entries {
		if e%rehearsalFolds == fold {
			continue
		}
		entry = entry.Clone()
		entry.Phrasings = nil
		for j, text := range b.entries[e].Phrasings {
			if (phrasing{entry: e, number: j}).fold() != fold {
				entry.Phrasings = append(entry.Phrasings, text)
			}
		}
		entries, place = append(entries, entry), append(place, e)
	}
	part, err = NewBook(entries, Options{Precision: b.options.Precision})
	return part, place, err
}
