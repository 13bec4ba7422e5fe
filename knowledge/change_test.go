package knowledge

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// alikeDecisions compares all that a caller sees, confidences up to the last
// digits.
func alikeDecisions(a, b Decision) bool {
	near := func(x, y float64) bool { return math.Abs(x-y) < 1e-6 }
	if a.Action != b.Action || a.Reason != b.Reason || !slices.Equal(a.Entries, b.Entries) || !near(a.Confidence, b.Confidence) {
		return false
	}
	return slices.EqualFunc(a.Candidates, b.Candidates, func(x, y Candidate) bool {
		return x.EntryID == y.EntryID && x.Title == y.Title && near(x.Confidence, y.Confidence) && slices.Equal(x.Words, y.Words)
	})
}

// Whatever is changed, one change after the other, a large book decides as one
// that was made of the same entries, and the book that it came from stays as it
// was.
func TestAChangedBookIsLikeANewOne(t *testing.T) {
	first, list := largeBook(t, coffee(t)[:20]), queries(t)
	before := make([]Decision, len(list))
	for i, q := range list {
		before[i] = first.Decide(Question{Text: q.Text, Private: true})
	}
	rapid.Check(t, func(t *rapid.T) {
		some := func(n int) (from int) { return rapid.IntRange(0, len(list)-n).Draw(t, "from") }
		book := first
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			book = changedOnce(t, book, func() string { return list[some(1)].Text })
		}
		anew := largeBook(t, book.entries)
		const asked = 20
		at := some(asked)
		for i, q := range list[at : at+asked] {
			ask := Question{Text: q.Text, Private: true}
			if got, want := book.Decide(ask), anew.Decide(ask); !alikeDecisions(got, want) {
				t.Fatalf("%q: changed %+v, anew %+v", q.Text, got, want)
			}
			if got := first.Decide(ask); !reflect.DeepEqual(got, before[at+i]) {
				t.Fatalf("%q: the book before the change went from %+v to %+v", q.Text, before[at+i], got)
			}
		}
	})
}

type failer interface{ Fatal(...any) }

// largeBook is surveyed by candidates, however few the entries.
func largeBook(t failer, entries []Entry) *Book {
	b, err := newBook(entries, Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if !b.index.large() {
		t.Fatal("the book is small")
	}
	return b
}

// A small book that is changed is the book of the entries in their order.
func TestAChangedSmallBook(t *testing.T) {
	entries, list := coffee(t), queries(t)
	added := Entry{ID: "new", Title: "Де ваш склад?", Lang: Ukrainian, Answers: map[Lang]string{Ukrainian: "У Львові."}}
	changed := entries[3].Clone()
	changed.Phrasings = append(changed.Phrasings, "А де це все лежить?")
	book, err := coffeeBook(t).With([]Entry{added, changed}, []string{entries[0].ID, "no-such"})
	if err != nil {
		t.Fatal(err)
	}
	want := append(slices.Clone(entries[1:]), added)
	want[2] = changed
	anew, err := NewBook(want, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range list[:200] {
		ask := Question{Text: q.Text, Private: true}
		if got, want := book.Decide(ask), anew.Decide(ask); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: changed %+v, anew %+v", q.Text, got, want)
		}
	}
	if _, err := book.With([]Entry{added, added}, nil); err == nil {
		t.Error("an id was accepted twice")
	}
}

func changedOnce(t *rapid.T, b *Book, text func() string) *Book {
	changed := map[string]Entry{}
	var removed []string
	for range rapid.IntRange(0, 2).Draw(t, "changed") {
		e := b.entries[rapid.IntRange(0, len(b.entries)-1).Draw(t, "which")].Clone()
		if rapid.Bool().Draw(t, "new") {
			e.ID = fmt.Sprintf("%s-%d", e.ID, len(b.entries))
		}
		e.Phrasings = append(e.Phrasings, text(), text())
		changed[e.ID] = e
	}
	for range rapid.IntRange(0, 2).Draw(t, "removed") {
		removed = append(removed, b.entries[rapid.IntRange(0, len(b.entries)-1).Draw(t, "gone")].ID)
	}
	n, err := b.With(slices.Collect(maps.Values(changed)), removed)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
