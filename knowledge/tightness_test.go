package knowledge

import "testing"

// Phrasings that say one thing are alike; what another entry says too is no
// mark of either.
func TestTightness(t *testing.T) {
	book, err := NewBook([]Entry{
		{ID: "tight", Title: "Скільки коштує доставка?", Phrasings: []string{"Скільки коштує доставка поштою?", "Скільки буде коштувати доставка?"}, Lang: Ukrainian},
		{ID: "loose", Title: "Де моя посилка?", Phrasings: []string{"Нічого не приїхало", "Коли чекати на кур’єра?"}, Lang: Ukrainian},
		{ID: "alone", Title: "Графік", Lang: Ukrainian},
	}, Options{Threshold: 1})
	if err != nil {
		t.Fatal(err)
	}
	own, other := book.tight.own, book.tight.other
	if own[0] < 0.6 || own[1] > 0.3 || own[2] != 0 {
		t.Errorf("the entries are like themselves by %v", own)
	}
	for e := range own {
		if other[e] > own[0]/2 {
			t.Errorf("entry %d is like others by %v", e, other[e])
		}
	}
}

// What an answer says in any language speaks for its entry.
func TestAnswersOfAllLanguages(t *testing.T) {
	book, err := NewBook([]Entry{
		{ID: "pay", Title: "Чим платити?", Lang: Ukrainian, Answers: map[Lang]string{Ukrainian: "Карткою.", English: "By card or with a giftcard voucher."}},
		{ID: "way", Title: "Як доїхати?", Lang: Ukrainian, Answers: map[Lang]string{Ukrainian: "Трамваєм."}},
	}, Options{Threshold: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range book.Cases("giftcard voucher")[0] {
		if want := c.EntryID == "pay"; (c.Inputs[evAnswered] > 0) != want {
			t.Errorf("%s: answered %v", c.EntryID, c.Inputs[evAnswered])
		}
	}
}
