package library

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// Saved is what a save did.
type Saved struct {
	Record Record
	New    bool // the entry did not exist
	Same   bool // it said so already, and nothing was saved
	// Near are other entries that answer some of its phrasings today: perhaps
	// it repeats one of them.
	Near []Near
}

// Near is an entry that resembles a text.
type Near struct {
	Entry      string  `json:"entry"`
	Title      string  `json:"title"`
	Confidence float64 `json:"confidence"` // 0..1, of an answer with it
	Text       string  `json:"text"`       // that it would answer
}

// nearFrom is the confidence from which on another entry counts as near: more
// likely than not it would be the right answer.
const nearFrom = 0.5

// Save writes an entry's newest revision: a draft, until it is published. An
// archived entry becomes a draft again. Where an answer changes in one language
// and another language's stays as it was, the other is marked stale; languages
// that the caller left out of e.Stale count as looked at.
func (l *Library) Save(ctx context.Context, brand string, e knowledge.Entry, by By) (Saved, error) {
	if err := check(e); err != nil {
		return Saved{}, fmt.Errorf("save entry %q: %w", e.ID, err)
	}
	var saved Saved
	err := l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		records, err := tx.Records(ctx)
		if err != nil {
			return err
		}
		r, isNew := find(records, e.ID)
		was := r
		same := r.write(e, by, l.Now())
		saved = Saved{Record: r, New: isNew, Same: same && was.Archived == r.Archived}
		if saved.Same {
			return nil
		}
		return tx.SaveRecords(ctx, []Record{r})
	})
	if err != nil {
		return Saved{}, fmt.Errorf("save entry %q: %w", e.ID, err)
	}
	saved.Near, err = l.Near(ctx, brand, e)
	return saved, err
}

// check says what is wrong with an entry.
func check(e knowledge.Entry) error {
	if list := knowledge.Mistakes(e, true); len(list) > 0 {
		return errors.New(strings.Join(list, "; "))
	}
	return nil
}

// find returns an entry's record, or a new one behind the last.
func find(records []Record, id string) (r Record, isNew bool) {
	if i := slices.IndexFunc(records, func(r Record) bool { return r.ID == id }); i >= 0 {
		return records[i], false
	}
	r = Record{ID: id, Trust: knowledge.Auto}
	if n := len(records); n > 0 {
		r.Position = records[n-1].Position + 1
	}
	return r, true
}

// write makes e the head of a record; false when it is that already, but for
// its trust.
func (r *Record) write(e knowledge.Entry, by By, now time.Time) (same bool) {
	e = e.Clone()
	if r.Head.Number == 0 {
		r.JudgedSince = now
		if e.Trust != "" {
			r.Trust = e.Trust
		}
	} else {
		e.Stale = stale(r.Head.Entry, e)
	}
	r.Archived = false
	if r.Head.Number > 0 && sameContent(r.Head.Entry, e) {
		return true
	}
	e.Trust = r.Trust
	r.Head = Revision{Number: r.Head.Number + 1, Entry: e, By: by, At: now}
	return false
}

// stale says which answers were not looked at since another was changed.
func stale(before, after knowledge.Entry) (langs []knowledge.Lang) {
	edited := false
	for l, text := range before.Answers {
		edited = edited || after.Answers[l] != "" && after.Answers[l] != text
	}
	for _, l := range []knowledge.Lang{knowledge.Ukrainian, knowledge.Russian, knowledge.English} {
		text := after.Answers[l]
		if text == "" || text != before.Answers[l] {
			continue // taken out, or written just now
		}
		if edited || slices.Contains(after.Stale, l) {
			langs = append(langs, l)
		}
	}
	return langs
}

// sameContent compares entries by what a revision keeps.
func sameContent(a, b knowledge.Entry) bool {
	for _, e := range []*knowledge.Entry{&a, &b} {
		*e = e.Clone()
		e.Trust = ""
		for i := range e.Files {
			e.Files[i].Data = nil
		}
		e.From, e.Until = e.From.UTC(), e.Until.UTC()
		for _, list := range []*[]string{&e.Phrasings, &e.Tags, &e.Audience} {
			if len(*list) == 0 {
				*list = nil
			}
		}
		if len(e.Stale) == 0 {
			e.Stale = nil
		}
		if len(e.Links) == 0 {
			e.Links = nil
		}
		if len(e.Files) == 0 {
			e.Files = nil
		}
	}
	return reflect.DeepEqual(a, b)
}

// Near returns other entries that answer some of the phrasings of e today.
func (l *Library) Near(ctx context.Context, brand string, e knowledge.Entry) ([]Near, error) {
	book, err := l.book(ctx, brand)
	if err != nil {
		return nil, err
	}
	var list []Near
	for _, text := range append([]string{e.Title}, e.Phrasings...) {
		for _, n := range nearTo(book, text) {
			known := slices.ContainsFunc(list, func(x Near) bool { return x.Entry == n.Entry })
			if n.Entry != e.ID && !known {
				list = append(list, n)
			}
		}
	}
	return list, nil
}

func nearTo(book *knowledge.Book, text string) (list []Near) {
	for _, c := range book.Decide(knowledge.Question{Text: text, Private: true}).Candidates {
		if c.Confidence >= nearFrom {
			list = append(list, Near{c.EntryID, c.Title, c.Confidence, text})
		}
	}
	return list
}
