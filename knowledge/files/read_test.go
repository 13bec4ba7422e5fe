package files

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/poruch/poruch/knowledge"
)

const goodLine = `{"id": "a", "title": "Де чек?", "phrasings": ["чек"], "answer": "В пошті.", "tags": ["t"], "lang": "uk"}`

func TestParseReadsBothFormats(t *testing.T) {
	want := []knowledge.Entry{
		{ID: "a", Title: "Де чек?", Phrasings: []string{"чек"}, Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "В пошті."}, Tags: []string{"t"}, Lang: knowledge.Ukrainian},
		{ID: "b", Title: "Ціна?", Phrasings: []string{"скільки: 5?"}, Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "П’ять.", knowledge.English: "Five."}, Lang: knowledge.Ukrainian},
	}
	const yamlEntries = `- id: a
  title: Де чек?
  phrasings: [чек]
  answer: В пошті.
  tags: [t]
- id: b
  title: Ціна?
  phrasings:
    - "скільки: 5?"
  answers:
    uk: П’ять.
    en: >-
      Five.
  lang: uk
`
	for name, text := range map[string]string{
		"kb.jsonl": "\ufeff" + goodLine + "\r\n\n" + `{"id":"b","title":" Ціна? ","phrasings":["скільки: 5?"],"answers":{"uk":"П’ять.","en":"Five."}}`,
		"kb.yaml":  yamlEntries,
		"KB.YML":   "entries:\n" + indent(yamlEntries),
	} {
		got, err := Parse(name, strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n  ") + "\n"
}

func TestParseListsMistakes(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"empty":                {"kb.jsonl", " \n", "kb.jsonl: the file has no entries"},
		"not json":             {"dir/kb.jsonl", goodLine + "\n{\"id\": }", "kb.jsonl:2: not JSON at character 8"},
		"cut off":              {"kb.jsonl", `{"id": "a"`, "kb.jsonl:1: the line ends in the middle"},
		"two on a line":        {"kb.jsonl", goodLine + goodLine, "kb.jsonl:1: something follows"},
		"unknown field":        {"kb.jsonl", `{"id": "a", "titel": "x"}`, `kb.jsonl:1: unknown field "titel"; known are id,`},
		"wrong kind":           {"kb.jsonl", `{"id": "a", "phrasings": "x"}`, "kb.jsonl:1: phrasings cannot be a JSON string"},
		"an array":             {"kb.jsonl", `[1]`, "kb.jsonl:1: a JSON object is wanted"},
		"bad utf-8":            {"kb.jsonl", goodLine + "\n{\"id\": \"\xff\"}", "kb.jsonl:2: the line is not UTF-8"},
		"id twice":             {"kb.jsonl", goodLine + "\n\n" + goodLine, `kb.jsonl:3: the id "a" is already taken on line 1`},
		"no answer":            {"kb.jsonl", `{"id": "a", "title": "x"}`, "kb.jsonl:1: there is no answer"},
		"empty answer":         {"kb.jsonl", `{"id": "a", "title": "x", "answers": {"uk": " "}}`, "kb.jsonl:1: answers.uk is empty"},
		"both answers":         {"kb.jsonl", `{"id": "a", "title": "x", "answer": "1", "answers": {"uk": "2"}}`, "keep one"},
		"no title":             {"kb.jsonl", `{"id": "a", "answer": "x"}`, "kb.jsonl:1: title is empty"},
		"id with spaces":       {"kb.jsonl", `{"id": "a b", "title": "x", "answer": "x"}`, "write it like delivery-time"},
		"language":             {"kb.jsonl", `{"id": "a", "title": "x", "answer": "x", "lang": "pl"}`, `unknown lang "pl"`},
		"languages":            {"kb.jsonl", `{"id": "a", "title": "x", "answers": {"de": "x"}}`, `unknown language "de"`},
		"long answer":          {"kb.jsonl", `{"id": "a", "title": "x", "answer": "` + strings.Repeat("ї", 4001) + `"}`, "answers.uk has 4001 characters, 4000 is the most"},
		"empty phrasing":       {"kb.jsonl", `{"id": "a", "title": "x", "answer": "x", "phrasings": ["y", ""]}`, "phrasing 2 is empty"},
		"zero character":       {"kb.jsonl", `{"id": "a", "title": "x\u0000y", "answer": "x"}`, "title has a control character (U+0000)"},
		"json field twice":     {"kb.jsonl", `{"id": "a", "title": "x", "ID": "b", "answer": "x"}`, `kb.jsonl:1: field "id" is there twice`},
		"json lang twice":      {"kb.jsonl", `{"id": "a", "title": "x", "answers": {"uk": "1", "uk": "2"}}`, `field "answers.uk" is there twice`},
		"json list":            {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "links": [{"label": "l", "href": "u"}]}`, `unknown field "href"`},
		"same phrasings":       {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "phrasings": ["Де мій чек?", "ще", "будь ласка, де мiй чек"]}`, `kb.jsonl:1: phrasings 1 and 3, "Де мій чек?" and "будь ласка, де мiй чек", are the same words; keep one`},
		"a rival":              {"kb.jsonl", goodLine + "\n" + `{"id": "b", "title": "Чек?", "answer": "y"}`, `kb.jsonl:2: the title "Чек?" of "b" belongs to "a" on line 1 too ("чек"); keep it in one of them`},
		"a rival in time":      {"kb.jsonl", `{"id": "a", "title": "Чек?", "answer": "y", "until": "2026-12-01"}` + "\n" + `{"id": "b", "title": "Чек?", "answer": "y", "from": "2026-12-01"}`, `the title "Чек?" of "b" belongs to "a"`},
		"a rival community":    {"kb.jsonl", `{"id": "a", "title": "Чек?", "answer": "y", "audience": ["1", "2"]}` + "\n" + `{"id": "b", "title": "Чек?", "answer": "y", "audience": ["3", "2"]}`, `the title "Чек?" of "b" belongs to "a"`},
		"until before from":    {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "from": "2026-12-02", "until": "2026-12-01"}`, "until is not after from"},
		"a date":               {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "from": "soon"}`, `from "soon" is not a date`},
		"the year 1":           {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "from": "0001-01-01"}`, "is in the year 1"},
		"an old year":          {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "from": "0026-01-01"}`, "from is in the year 26"},
		"a link":               {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "links": [{"label": "l", "url": "javascript:alert(1)"}]}`, "does not begin with https://"},
		"an audience":          {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "audience": ["a b"]}`, `community 1 of audience "a b" has spaces`},
		"a trust":              {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "trust": "full"}`, `unknown trust "full"; known are off, suggest, shadow and auto`},
		"stale":                {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "stale": ["en"]}`, "stale names en, which has no answer"},
		"no base64":            {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y", "files": [{"name": "f", "type": "text/plain", "data": "?"}]}`, "the data of file 1 is not base64"},
		"a control character":  {"kb.jsonl", `{"id": "a", "title": "x", "answer": "y\u001b[31m"}`, "answers.uk has a control character (U+001B)"},
		"yaml link":            {"kb.yaml", "- id: a\n  links:\n  - label: x\n    href: y", `kb.yaml:3: unknown field "href"; known are label and url`},
		"yaml links":           {"kb.yaml", "- id: a\n  links:\n  - https://x.ua", "kb.yaml:3: an item with label and url is wanted here"},
		"yaml laughs":          {"kb.yaml", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nentries: *c", "kb.yaml:1: a list of entries is wanted"},
		"yaml laughs within":   {"kb.yaml", "- id: a\n  tags: &a [x, x]\n  phrasings: [*a, *a]", "kb.yaml:3: a text is wanted"},
		"yaml too deep":        {"kb.yaml", strings.Repeat("[", 20000), "kb.yaml:"},
		"json too deep":        {"kb.jsonl", `{"id":` + strings.Repeat("[", 20000), "kb.jsonl:1:"},
		"md without questions": {"kb.md", "Just a text.\n", "kb.md: there are no questions; write each one as a heading"},
		"md without answer":    {"kb.md", "## Де?\n\nТут.\n\n## Коли?\n", "kb.md:5: there is no answer"},
		"md field":             {"kb.md", "## Де?\nТут.\n### Fields\n- tag: a\n- colour: red\n", `kb.md:5: "colour: red" is no field`},
		"md two answers":       {"kb.md", "## Де?\nТут.\n### Answer: uk\nТам.\n", "kb.md:1: there are two answers in uk"},
		"md lost heading":      {"kb.md", "## Де?\nТут.\n### Fields\n- tag: a\n### Ще\nТам.", `kb.md:5: the heading "Ще" stands among the fields`},
		"not yaml":             {"kb.yaml", "- id: a\n  title: [", "kb.yaml:"},
		"yaml scalar":          {"kb.yaml", "hello", "kb.yaml:1: a list of entries is wanted"},
		"yaml field":           {"kb.yaml", "- id: a\n  titel: x", `kb.yaml:2: unknown field "titel"`},
		"yaml twice":           {"kb.yaml", "- id: a\n  title: x\n  title: y", `kb.yaml:3: field "title" is there twice`},
		"yaml list":            {"kb.yaml", "- id: a\n  phrasings: x", "kb.yaml:2: a list of texts is wanted"},
		"yaml null":            {"kb.yaml", "- id: a\n  title:", "kb.yaml:2: a text is wanted"},
		"yaml alias":           {"kb.yaml", "- id: &x a\n  title: *x", "kb.yaml:2: a text is wanted"},
		"yaml documents":       {"kb.yaml", "- id: a\n---\n- id: b", "second document"},
		"yaml utf-8":           {"kb.yaml", "- id: a\n  title: \xff", "kb.yaml:2: the line is not UTF-8"},
		"yaml no answer":       {"kb.yaml", "- id: a\n  title: x\n- id: b\n  title: y\n  answer: z", "kb.yaml:1: there is no answer"},
	} {
		_, err := Parse(c.file, strings.NewReader(c.text))
		var mistakes *FileError
		if !errors.As(err, &mistakes) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}

func TestParseListsAtMostTwenty(t *testing.T) {
	_, err := Parse("kb.jsonl", strings.NewReader(strings.Repeat("{\n", 50)))
	var mistakes *FileError
	if !errors.As(err, &mistakes) || len(mistakes.Problems) != MaxProblems || mistakes.More != 30 {
		t.Fatalf("%v, want 20 mistakes and 30 more", err)
	}
	if mistakes.Problems[19].Line != 20 || !strings.HasSuffix(err.Error(), "and 30 more") {
		t.Errorf("%v", err)
	}
}

func TestParseQuestionsNeedsNoAnswer(t *testing.T) {
	got, err := ParseQuestions("kb.jsonl", strings.NewReader(`{"id": "a", "title": "x", "lang": "en"}`))
	if err != nil || len(got) != 1 || len(got[0].Answers) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := ParseQuestions("kb.jsonl", strings.NewReader(`{"id": "a"}`)); err == nil {
		t.Error("an entry without a title passed")
	}
}

func TestParseTellsReadErrorsApart(t *testing.T) {
	_, err := Parse("kb.jsonl", iotest.ErrReader(io.ErrClosedPipe))
	var mistakes *FileError
	if !errors.Is(err, io.ErrClosedPipe) || errors.As(err, &mistakes) {
		t.Errorf("%v, want the reader's error", err)
	}
}

// Wordings may be shared by entries that no question can reach both of.
func TestWordingsOfDifferentTimesAndCommunities(t *testing.T) {
	got, err := Parse("kb.jsonl", strings.NewReader(`{"id": "a", "title": "Який графік?", "answer": "1", "until": "2026-11-30"}
{"id": "b", "title": "Який графік?", "answer": "2", "from": "2026-12-01", "audience": ["-1001"]}
{"id": "c", "title": "Який графік?", "answer": "3", "from": "2026-12-01T00:00:00Z", "audience": ["-1002"]}
{"id": "d", "title": "👍", "answer": "4", "phrasings": ["👍", "???"]}
{"id": "e", "title": "👍", "answer": "5"}`))
	if err != nil || len(got) != 5 {
		t.Errorf("%d entries and %v", len(got), err)
	}
}

func TestBoundsInTime(t *testing.T) {
	utc := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return at.UTC()
	}
	for text, want := range map[string]struct{ from, until string }{
		"2026-12-31":                {"2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
		"31.12.2026":                {"2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
		"2026-12-31+02:00":          {"2026-12-30T22:00:00Z", "2026-12-31T22:00:00Z"},
		"2026-12-31Z":               {"2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
		"2026-12-31T18:00:00+02:00": {"2026-12-31T16:00:00Z", "2026-12-31T16:00:00Z"},
		"2026-12-31 18:00+02:00":    {"2026-12-31T16:00:00Z", "2026-12-31T16:00:00Z"},
		"2026-12-31T00:00:00Z":      {"2026-12-31T00:00:00Z", "2026-12-31T00:00:00Z"},
		"2026-12-31T18:00:00.5Z":    {"2026-12-31T18:00:00.5Z", "2026-12-31T18:00:00.5Z"},
		"2028-02-28":                {"2028-02-28T00:00:00Z", "2028-02-29T00:00:00Z"},
	} {
		from, err1 := parseFrom(text)
		until, err2 := parseUntil(text)
		if err1 != nil || err2 != nil || !from.Equal(utc(want.from)) || !until.Equal(utc(want.until)) {
			t.Errorf("%s: from %v, until %v, errors %v, %v", text, from, until, err1, err2)
		}
		if again, err := parseUntil(untilText(until)); err != nil || !again.Equal(until) {
			t.Errorf("%s: until is written as %s", text, untilText(until))
		}
	}
	for _, text := range []string{"2026-02-30", "31/12/2026", "2026", "tomorrow", "2026-12-31 18:00", "12.31.2026", "2026-12-31T18:00:00"} {
		if at, err := parseUntil(text); err == nil {
			t.Errorf("%q was read as %v", text, at)
		}
	}
}

func TestWarningsDoNotReject(t *testing.T) {
	text := `{"id": "old", "title": "Акція?", "answer": "10 %", "until": "2026-01-31"}
{"id": "b", "title": "Ціна?", "answer": "5 �", "phrasings": ["ціна"], "until": "2026-02-01T00:00:01Z"}`
	got, err := Read("kb.jsonl", strings.NewReader(text), Options{Now: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || len(got.Entries) != 2 {
		t.Fatalf("%d entries and %v", len(got.Entries), err)
	}
	want := []string{`1 "old" ended on 2026-01-31`, `2 phrasing 1, "ціна", is the title again`, `2 "b" has the sign`}
	if len(got.Warnings) != len(want) {
		t.Fatalf("warnings %v", got.Warnings)
	}
	for i, w := range got.Warnings {
		if s := fmt.Sprint(w.Line, " ", w.Text); !strings.HasPrefix(s, want[i]) {
			t.Errorf("warning %q, want %q", s, want[i])
		}
	}
	if got, err := Read("kb.jsonl", strings.NewReader(text), Options{}); err != nil || len(got.Warnings) != 2 {
		t.Errorf("without a clock: %v, %v", got.Warnings, err)
	}
	bad, err := Read("kb.csv", strings.NewReader("\xef\xe8\xf2\xe0\xed\xed\xff\n\xe4\xe5?\n"), Options{})
	if err == nil || len(bad.Entries) != 0 || len(bad.Warnings) != 1 {
		t.Errorf("a bad file in Windows-1251: %+v, %v; want its warning too", bad, err)
	}
	many, err := Read("kb.jsonl", strings.NewReader(manyOf(50)), Options{Now: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || len(many.Warnings) != MaxProblems || many.MoreWarnings != 30 {
		t.Errorf("%d warnings and %d more, %v", len(many.Warnings), many.MoreWarnings, err)
	}
}

func manyOf(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id": "e%d", "title": "Питання %d", "answer": "так", "until": "2026-01-01"}`+"\n", i, i)
	}
	return b.String()
}
