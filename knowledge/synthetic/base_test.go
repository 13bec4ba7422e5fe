package synthetic

import (
	"reflect"
	"testing"

	"github.com/poruch/poruch/knowledge"
)

func seeds() []Seed {
	return []Seed{
		{Entry: knowledge.Entry{
			ID: "delivery", Title: "Скільки триває доставка?", Lang: knowledge.Ukrainian,
			Phrasings: []string{"Коли привезете замовлення?"}, Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "Доставка триває два дні."},
		}, Messages: []string{"а довго чекати посилку", "скоро будет заказ?"}},
		{Entry: knowledge.Entry{ID: "refund", Title: "Як повернути гроші?", Lang: knowledge.Ukrainian, Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "Напишіть нам."}}},
	}
}

func TestABaseHasItsSize(t *testing.T) {
	b := Grow(seeds(), Size{Entries: 50, Phrasings: 7, Questions: 100})
	if len(b.Entries) != 50 || len(b.Questions) != 100 {
		t.Fatalf("%d entries, %d questions", len(b.Entries), len(b.Questions))
	}
	ids := map[string]bool{"": true}
	titles := map[string]int{}
	for _, e := range b.Entries {
		ids[e.ID] = true
		titles[e.Title]++
		if len(e.Phrasings) != 7 || e.Answers[knowledge.Ukrainian] == "" {
			t.Errorf("%s has %d phrasings and the answer %q", e.ID, len(e.Phrasings), e.Answers[knowledge.Ukrainian])
		}
	}
	if len(ids) != 51 || len(titles) < 25 {
		t.Errorf("%d ids and %d titles", len(ids), len(titles))
	}
	for _, q := range b.Questions {
		if !ids[q.EntryID] || q.Text == "" {
			t.Errorf("%q expects %q", q.Text, q.EntryID)
		}
	}
	if _, err := knowledge.NewBook(b.Entries, knowledge.Options{}); err != nil {
		t.Error(err)
	}
}

func TestTheSameSeedsGrowTheSameBase(t *testing.T) {
	size := Size{Entries: 20, Phrasings: 5, Questions: 20}
	if !reflect.DeepEqual(Grow(seeds(), size), Grow(seeds(), size)) {
		t.Error("two bases differ")
	}
}
