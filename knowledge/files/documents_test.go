package files

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/knowledge"
)

func sample(t testing.TB, name string) Result {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	result, err := Read(name, bytes.NewReader(data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func day(month time.Month, d, year int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

func TestSpreadsheetOfATrainer(t *testing.T) {
	want := []knowledge.Entry{
		{
			ID: "skilky-tryvaie-dostavka", Title: "Скільки триває доставка?", Lang: "uk",
			Phrasings: []string{"Коли приїде посилка?", "Скільки днів їде замовлення?"}, Tags: []string{"доставка", "строки"},
			Answers: map[knowledge.Lang]string{
				"uk": "Новою поштою — **1–3 дні**.\nУкрпоштою — 3–6 днів.", "ru": "Новой почтой — **1–3 дня**, Укрпочтой — 3–6 дней.",
			},
			Links: []knowledge.Link{{Label: "Стежити за посилкою", URL: "https://novaposhta.ua/tracking/"}},
		},
		{
			ID: "chy-ie-znyzhka-do-sviat", Title: "Чи є знижка до свят?", Lang: "uk",
			Phrasings: []string{"Які акції зараз?", "Є промокод?"}, Tags: []string{"акції"},
			Answers: map[knowledge.Lang]string{"uk": `Так: "СВЯТО" дає 10 %.`},
			From:    day(12, 1, 2026), Until: day(1, 8, 2027),
		},
		{
			ID: "iakyi-u-vas-telefon", Title: "Який у вас телефон?", Lang: "uk", Phrasings: []string{"Куди дзвонити?"},
			Answers: map[knowledge.Lang]string{"uk": "+380 44 000 00 00, щодня 9–18."},
		},
	}
	got := sample(t, "questions.csv")
	if !reflect.DeepEqual(got.Entries, want) || len(got.Warnings) != 0 {
		t.Errorf("%+v\nwarnings %v\nwant %+v", got.Entries, got.Warnings, want)
	}
}

func TestDocumentOfATrainer(t *testing.T) {
	want := []knowledge.Entry{
		{
			ID: "delivery-time", Title: "Скільки триває доставка?", Lang: "uk",
			Phrasings: []string{"Коли приїде посилка?", "Скільки днів їде замовлення?"}, Tags: []string{"доставка", "строки"},
			Answers: map[knowledge.Lang]string{
				"uk": "Новою поштою — **1–3 дні**, Укрпоштою — 3–6 днів.\n\n- У суботу та неділю відправлень немає.",
				"ru": "Новой почтой — **1–3 дня**, Укрпочтой — 3–6 дней.",
			},
			Links: []knowledge.Link{{Label: "Стежити за посилкою", URL: "https://novaposhta.ua/tracking/"}},
		},
		{
			ID: "chy-ie-znyzhka-do-sviat", Title: "Чи є знижка до свят?", Lang: "uk",
			Answers: map[knowledge.Lang]string{"uk": "Так: промокод `СВЯТО` дає 10 %."},
			From:    day(12, 1, 2026), Until: day(1, 8, 2027),
		},
	}
	got := sample(t, "questions.md")
	if !reflect.DeepEqual(got.Entries, want) || len(got.Warnings) != 0 {
		t.Errorf("%+v\nwarnings %v\nwant %+v", got.Entries, got.Warnings, want)
	}
}

func TestDocumentWithLabels(t *testing.T) {
	want := []knowledge.Entry{
		{
			ID: "skilky-tryvaie-dostavka", Title: "Скільки триває доставка?", Lang: "uk",
			Answers: map[knowledge.Lang]string{"uk": "Новою поштою — 1–3 дні.\n\nУкрпоштою — 3–6 днів."},
		},
		{
			ID: "do-you-ship-abroad", Title: "Do you ship abroad?", Lang: "uk",
			Answers: map[knowledge.Lang]string{"uk": "Yes, to the EU.\n   - by post\n   - by courier"},
		},
	}
	got := sample(t, "faq.md")
	if !reflect.DeepEqual(got.Entries, want) {
		t.Errorf("%+v\nwant %+v", got.Entries, want)
	}
	if len(got.Warnings) != 1 || got.Warnings[0].Line != 1 || !strings.Contains(got.Warnings[0].Text, "left out") {
		t.Errorf("warnings %v, want one about the welcome", got.Warnings)
	}
}

// Text that belongs to no question is left out aloud.
func TestDocumentsSayWhatTheyLeaveOut(t *testing.T) {
	got, err := Read("kb.md", strings.NewReader("Вітаємо!\n\n# Питання\n\nТут усе.\n\n## Де?\nТут.\n\n# Ще\n### Щось\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, w := range got.Warnings {
		lines = append(lines, w.Line)
	}
	if want := []int{1, 5, 11}; !reflect.DeepEqual(lines, want) || len(got.Entries) != 1 {
		t.Errorf("%d entries, warnings %v, want lines %v", len(got.Entries), got.Warnings, want)
	}
}

// Documents as people and programs write them, with what is read from each.
func TestDocumentsFromTheWild(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"sections above questions": {"# FAQ\n\n## Shipping\n\n### How long?\n\nTwo days.\n\n#### By air\n\nOne day.\n## Money\n### How much?\nFree.\n",
			"How long?=Two days.\n\n#### By air\n\nOne day.|How much?=Free."},
		"first level only": {"# How long?\nTwo days.\n# How much?\nFree.", "How long?=Two days.|How much?=Free."},
		"no question marks": {"# FAQ\n## Delivery\nTwo days.\n### By air\nOne day.\n## Price\nFree.",
			"Delivery=Two days.\n### By air\nOne day.|Price=Free."},
		"ornaments": {"## **How long?** {#how-long}\nTwo days.\n## How much? ##\nFree.", "How long?=Two days.|How much?=Free."},
		"code with comments": {"## How?\n```sh\n# a comment\n## another\nmake\n```\n## Why?\nSo.",
			"How?=```sh\n# a comment\n## another\nmake\n```|Why?=So."},
		"an open block of code": {"## How?\n```\nmake\n## Why?\nSo.", "How?=```\nmake|Why?=So."},
		"escaped heading":       {"## How?\n\\## like this\n## Why?\nSo.", "How?=## like this|Why?=So."},
		"headings with labels":  {"## How?\n**Відповідь:** So.\n## Why?\nA: Because.", "How?=So.|Why?=Because."},
		"two lines of question": {"Q: How\nlong?\nA: Two\ndays.", "How long?=Two\ndays."},
		"a list of labels":      {"1. **Питання:** Де?\n   **Відповідь:** Тут.\n2. **Питання:** Коли?\n   **Відповідь:** Вчора.", "Де?=Тут.|Коли?=Вчора."},
		"labels in an answer":   {"## How?\nQ: So?\nA: Yes.\n### Fields\n- id: how", "How?=Q: So?\nA: Yes."},
		"windows line ends":     {"\ufeff## How?\r\nSo.\r\n\r\nOr so.\r\n", "How?=So.\n\nOr so."},
		"other answer only":     {"## How?\n### Answer: en\nSo.\n### Fields\n- lang: en\n- trust: Suggest", "How?=So."},
	} {
		got, err := Parse("faq.md", strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var list []string
		for _, e := range got {
			answer, _ := e.Answer(e.Lang, e.Lang)
			list = append(list, e.Title+"="+answer)
		}
		if s := strings.Join(list, "|"); s != c.want {
			t.Errorf("%s: %q, want %q", name, s, c.want)
		}
	}
}
