package knowledge

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

const goodLine = `{"id": "a", "title": "Де чек?", "phrasings": ["чек"], "answer": "В пошті.", "tags": ["t"], "lang": "uk"}`

func TestParseReadsBothFormats(t *testing.T) {
	want := []Entry{
		{ID: "a", Title: "Де чек?", Phrasings: []string{"чек"}, Answers: map[Lang]string{Ukrainian: "В пошті."}, Tags: []string{"t"}, Lang: Ukrainian},
		{ID: "b", Title: "Ціна?", Phrasings: []string{"скільки: 5?"}, Answers: map[Lang]string{Ukrainian: "П’ять.", English: "Five."}, Lang: Ukrainian},
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
		"empty":          {"kb.jsonl", " \n", "kb.jsonl: the file has no entries"},
		"not json":       {"dir/kb.jsonl", goodLine + "\n{\"id\": }", "kb.jsonl:2: not JSON at character 8"},
		"cut off":        {"kb.jsonl", `{"id": "a"`, "kb.jsonl:1: the line ends in the middle"},
		"two on a line":  {"kb.jsonl", goodLine + goodLine, "kb.jsonl:1: something follows"},
		"unknown field":  {"kb.jsonl", `{"id": "a", "titel": "x"}`, `kb.jsonl:1: unknown field "titel"; known are id,`},
		"wrong kind":     {"kb.jsonl", `{"id": "a", "phrasings": "x"}`, "kb.jsonl:1: phrasings cannot be a JSON string"},
		"an array":       {"kb.jsonl", `[1]`, "kb.jsonl:1: a JSON object is wanted"},
		"bad utf-8":      {"kb.jsonl", goodLine + "\n{\"id\": \"\xff\"}", "kb.jsonl:2: the line is not UTF-8"},
		"id twice":       {"kb.jsonl", goodLine + "\n\n" + goodLine, `kb.jsonl:3: the id "a" is already taken on line 1`},
		"no answer":      {"kb.jsonl", `{"id": "a", "title": "x"}`, "kb.jsonl:1: there is no answer"},
		"empty answer":   {"kb.jsonl", `{"id": "a", "title": "x", "answers": {"uk": " "}}`, "kb.jsonl:1: answers.uk is empty"},
		"both answers":   {"kb.jsonl", `{"id": "a", "title": "x", "answer": "1", "answers": {"uk": "2"}}`, "keep one"},
		"no title":       {"kb.jsonl", `{"id": "a", "answer": "x"}`, "kb.jsonl:1: title is empty"},
		"id with spaces": {"kb.jsonl", `{"id": "a b", "title": "x", "answer": "x"}`, "write it like delivery-time"},
		"language":       {"kb.jsonl", `{"id": "a", "title": "x", "answer": "x", "lang": "pl"}`, `unknown lang "pl"`},
		"languages":      {"kb.jsonl", `{"id": "a", "title": "x", "answers": {"de": "x"}}`, `unknown language "de"`},
		"long answer":    {"kb.jsonl", `{"id": "a", "title": "x", "answer": "` + strings.Repeat("ї", 4001) + `"}`, "answer has 4001 characters, 4000 is the most"},
		"empty phrasing": {"kb.jsonl", `{"id": "a", "title": "x", "answer": "x", "phrasings": ["y", ""]}`, "phrasing 2 is empty"},
		"zero character": {"kb.jsonl", `{"id": "a", "title": "x\u0000y", "answer": "x"}`, "title has a zero character"},
		"not yaml":       {"kb.yaml", "- id: a\n  title: [", "kb.yaml:"},
		"yaml scalar":    {"kb.yaml", "hello", "kb.yaml:1: a list of entries is wanted"},
		"yaml field":     {"kb.yaml", "- id: a\n  titel: x", `kb.yaml:2: unknown field "titel"`},
		"yaml twice":     {"kb.yaml", "- id: a\n  title: x\n  title: y", `kb.yaml:3: field "title" is there twice`},
		"yaml list":      {"kb.yaml", "- id: a\n  phrasings: x", "kb.yaml:2: a list of texts is wanted"},
		"yaml null":      {"kb.yaml", "- id: a\n  title:", "kb.yaml:2: a text is wanted"},
		"yaml alias":     {"kb.yaml", "- id: &x a\n  title: *x", "kb.yaml:2: a text is wanted"},
		"yaml documents": {"kb.yaml", "- id: a\n---\n- id: b", "second document"},
		"yaml utf-8":     {"kb.yaml", "- id: a\n  title: \xff", "kb.yaml:2: the line is not UTF-8"},
		"yaml no answer": {"kb.yaml", "- id: a\n  title: x\n- id: b\n  title: y\n  answer: z", "kb.yaml:1: there is no answer"},
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

// What is written is read back the same, and nothing makes the parser fall.
func FuzzParse(f *testing.F) {
	f.Add("kb.jsonl", []byte(goodLine))
	f.Add("kb.jsonl", []byte("{\"id\":\"\\ud800\",\"title\":null}\n[]\n\xff"))
	f.Add("kb.yaml", []byte("- id: a\n  title: x\n  answers: {uk: y, ru: z}\n  phrasings: [b, 5, true]\n"))
	f.Add("kb.yaml", []byte("entries: &a\n- *a\n- ? [x]\n  : y\n- !!binary aGk="))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		entries, err := Parse(name, bytes.NewReader(data))
		var mistakes *FileError
		if err != nil {
			if !errors.As(err, &mistakes) || len(mistakes.Problems) == 0 || len(entries) != 0 {
				t.Fatalf("%d entries and %v", len(entries), err)
			}
			return
		}
		var first, second bytes.Buffer
		if err := WriteJSONL(&first, entries); err != nil {
			t.Fatal(err)
		}
		again, err := Parse("kb.jsonl", bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		if err := WriteJSONL(&second, again); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%q became %q", first.Bytes(), second.Bytes())
		}
	})
}
