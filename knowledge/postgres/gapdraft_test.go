package postgres_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
	"github.com/poruch/poruch/knowledge/gaps"
)

func TestDraftOfAGap(t *testing.T) {
	h := newHistory(t)
	mustImport(t, libraryOn(h.db), entry("discounts", "Які є знижки?", "Студентам."), entry("dogs", "Чи пускаєте з тваринами?", "Так."))
	answer := "Пенсіонерам знижка 10 % на каву, покажіть посвідчення. Ваш номер 067 123 45 67 записали."
	for i, s := range []said{
		{text: "Доброго дня! Підкажіть, будь ласка, чи є знижка для пенсіонерів?", replies: []string{answer}},
		{text: "чи є знижка для пенсіонерів, мій номер +380671234567", replies: []string{"Добрий день! " + answer}},
		{text: "а пенсионерам скидка есть? пишите на baba.lida@ukr.net", lang: "ru", replies: []string{"так"}},
		{text: "Is there a discount for pensioners?", lang: "en", verdict: "missed", right: "discounts"},
		{text: "чи є знижка для пенсіонерів?", deleted: true},
	} {
		s.at = began.Add(time.Duration(i) * time.Minute)
		h.say(s)
	}
	collect(t, h)
	gs := list(t, h, false)
	if len(gs) != 1 || gs[0].Asked != 4 {
		t.Fatalf("got %s", briefly(gs))
	}
	d, err := register(h).Draft(t.Context(), gs[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	e := d.Entry
	if !strings.HasSuffix(e.Title, "?") || strings.Contains(e.Title, "Доброго") || !strings.Contains(strings.ToLower(e.Title), "пенс") && !strings.Contains(e.Title, "pens") {
		t.Errorf("title %q", e.Title)
	}
	if e.Lang != "uk" || len(e.Phrasings) < 3 || len(e.Phrasings) > gaps.Phrasings {
		t.Errorf("lang %q, %d phrasings: %q", e.Lang, len(e.Phrasings), e.Phrasings)
	}
	all := strings.Join(append(e.Phrasings, e.Title, e.Answers["uk"]), "\n")
	for _, private := range []string{"380671234567", "baba.lida", "067 123"} {
		if strings.Contains(all, private) {
			t.Errorf("the draft holds %q: %s", private, all)
		}
	}
	if !strings.Contains(e.Answers["uk"], "знижка 10 %") || d.Same != 2 || d.Replies != 3 {
		t.Errorf("answer %q, said %d times of %d; want the one that two people gave", e.Answers, d.Same, d.Replies)
	}
	if len(d.Near) == 0 || d.Near[0].ID != "discounts" || d.Near[0].Named != 1 {
		t.Errorf("near %+v, want discounts first, named once", d.Near)
	}
	if strings.Join(e.Tags, " ") != "t" {
		t.Errorf("tags %q, want those of the nearest entry", e.Tags)
	}

	var yaml, jsonl bytes.Buffer
	if err := d.WriteYAML(&yaml); err != nil {
		t.Fatal(err)
	}
	if err := files.Write(&jsonl, files.JSONL, []knowledge.Entry{e}); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]*bytes.Buffer{"draft.yaml": &yaml, "draft.jsonl": &jsonl} {
		back, err := files.Parse(name, bytes.NewReader(text.Bytes()))
		if err != nil || len(back) != 1 || back[0].Title != e.Title || back[0].Answers["uk"] != e.Answers["uk"] {
			t.Errorf("%s reads back as %+v, %v:\n%s", name, back, err, text)
		}
	}
	if !strings.Contains(yaml.String(), "# Maybe a phrasing of discounts (people named it 1 times)") {
		t.Errorf("no word of the near entry:\n%s", yaml.String())
	}
}

func TestDraftWithoutAnAnswerAsksForOne(t *testing.T) {
	h := newHistory(t)
	h.say(said{text: "чи є знижка для пенсіонерів"})
	collect(t, h)
	d, err := register(h).Draft(t.Context(), list(t, h, false)[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var yaml bytes.Buffer
	if err := d.WriteYAML(&yaml); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Parse("draft.yaml", &yaml); err == nil || !strings.Contains(err.Error(), "answer") {
		t.Errorf("an entry without an answer reads as %v, want a word about the answer", err)
	}
}

func TestDeletedMessagesDisappear(t *testing.T) {
	h := newHistory(t)
	first, _ := h.say(said{text: "чи є знижка для пенсіонерів"})
	h.say(said{text: "знижка для пенсіонерів чи є у вас"})
	collect(t, h)
	id := list(t, h, false)[0].ID
	show := func() []gaps.Asked {
		_, asked, err := register(h).Show(t.Context(), id, 10)
		if err != nil {
			t.Fatal(err)
		}
		return asked
	}
	if got := show(); len(got) == 0 {
		t.Fatal("no examples")
	}
	h.do(`UPDATE messages SET deleted = true`)
	if got := show(); len(got) != 0 {
		t.Errorf("deleted messages are shown: %+v", got)
	}
	h.do(`UPDATE messages SET deleted = false`)
	h.do(`DELETE FROM messages WHERE id = $1`, first)
	if got := show(); len(got) != 1 {
		t.Errorf("%d examples, want the one that is left", len(got))
	}
	d, err := register(h).Draft(t.Context(), id)
	if err != nil || len(d.Entry.Phrasings) != 1 {
		t.Errorf("drafted %q, %v", d.Entry.Phrasings, err)
	}
}
