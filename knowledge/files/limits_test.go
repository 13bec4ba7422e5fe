package files

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/poruch/poruch/knowledge"
)

// endless gives a text again and again.
type endless struct{ text, rest string }

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		e.rest = e.text
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// much is a text again and again, up to a size in bytes.
func much(text string, size int) io.Reader {
	return strings.NewReader(strings.Repeat(text, size/len(text)))
}

// Files that are too large in one way or another are refused in words, and
// those within the limits are read.
func TestLargeFiles(t *testing.T) {
	const oneMB, tenMB = 1 << 20, 10 << 20
	for name, c := range map[string]struct {
		file string
		r    io.Reader
		want string
	}{
		"without an end":      {"kb.jsonl", &endless{text: strings.Repeat(goodLine+"\n", 1000)}, "kb.jsonl: the file is larger than 32 MB; split it"},
		"one entry":           {"kb.jsonl", strings.NewReader(`{"id": "a", "title": "x", "answer": "` + strings.Repeat("y", tenMB) + `"}`), "kb.jsonl:1: answers.uk has 10485760 characters, 4000 is the most"},
		"one line of commas":  {"kb.jsonl", strings.NewReader(`{"id": "a", "tags": ["",` + strings.Repeat(`"",`, tenMB/3) + `""]}`), "kb.jsonl:1: the line has far too many values"},
		"no line at all":      {"kb.jsonl", much(" ", tenMB), "kb.jsonl: the file has no entries"},
		"empty lines":         {"kb.jsonl", much("\n", tenMB), "kb.jsonl: the file has no entries"},
		"yaml of one text":    {"kb.yaml", much("слово ", oneMB), "kb.yaml:1: a list of entries is wanted"},
		"yaml of many values": {"kb.yaml", much(",", 5<<20), "kb.yaml: the file has far too many values"},
		"a million rows":      {"kb.csv", io.MultiReader(strings.NewReader("title,answer\n"), much("Питання,так\n", 1e6*len("Питання,так\n"))), "kb.csv:20002: more than 20000 entries; split the file"},
		"a million cells":     {"kb.csv", io.MultiReader(strings.NewReader("title,answer\n"), much(",", 1e6)), "kb.csv:2: the line has more than 10000 cells"},
		"csv of one cell":     {"kb.csv", io.MultiReader(strings.NewReader("title,answer\nx,\""), much("yes\n", oneMB), strings.NewReader("\"")), "kb.csv:2: answers.uk has"},
		"csv of quotes":       {"kb.csv", much("\"", oneMB), "kb.csv:1: "},
		"md of one answer":    {"kb.md", io.MultiReader(strings.NewReader("## x\n"), much("yes\n", oneMB)), "kb.md:1: answers.uk has"},
		"md of headings":      {"kb.md", much("## x?\n", 1<<18), "more than 20000 entries"},
		"md of more headings": {"kb.md", much("## x?\n", oneMB), "more than 100000 headings"},
		"md of open blocks":   {"kb.md", much("```a\n", oneMB), "kb.md: there are no questions"},
		"md of open labels":   {"kb.md", io.MultiReader(strings.NewReader("Q: x\nA: y\n"), much("Q: x\n", oneMB)), "more than 20000 entries"},
	} {
		_, err := Parse(c.file, c.r)
		var mistakes *FileError
		if !errors.As(err, &mistakes) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.300v, want %q in it", name, err, c.want)
		}
	}
}

// One title for very many entries costs neither hours nor their other mistakes.
func TestOneTitleForAll(t *testing.T) {
	_, err := Parse("kb.csv", io.MultiReader(strings.NewReader("title,answer,phrasings\n"),
		much("Питання,так,\n", 19000*len("Питання,так,\n"))))
	var mistakes *FileError
	if !errors.As(err, &mistakes) || len(mistakes.Problems) != MaxProblems || mistakes.More != 19000-1-MaxProblems {
		t.Errorf("%v, want 18,999 mistakes", err)
	}
}

func TestLargeAttachments(t *testing.T) {
	of := func(size int) []knowledge.Entry {
		return []knowledge.Entry{{ID: "menu", Title: "Меню?", Lang: "uk", Answers: map[knowledge.Lang]string{"uk": "Ось."},
			Files: []knowledge.File{{Name: "menu.pdf", Type: "application/pdf", Data: bytes.Repeat([]byte("x"), size)}}}}
	}
	const size = 1 << 20
	for _, f := range []Format{JSONL, YAML} {
		var b bytes.Buffer
		if err := Write(&b, f, of(size)); err != nil {
			t.Fatal(err)
		}
		got, err := Read("kb", &b, Options{Format: f})
		if err != nil || len(got.Entries[0].Files[0].Data) != size {
			t.Errorf("%s: a large file: %.300v", f, err)
		}
		if err := Write(&b, f, of(MaxFile)); err == nil || !strings.Contains(err.Error(), "32 MB") || b.Len() > 0 {
			t.Errorf("%s: more than a file may hold: %.300v, %d bytes were written", f, err, b.Len())
		}
	}
	line := `{"id": "a", "title": "x", "answer": "y", "files": [{"name": "f", "type": "text/plain", "data": "` +
		base64.StdEncoding.EncodeToString(make([]byte, knowledge.MaxFileSize+1)) + `"}]}`
	if _, err := Parse("kb.jsonl", strings.NewReader(line)); err == nil || !strings.Contains(err.Error(), "file 1 has 10485761 bytes, 10 MB is the most") {
		t.Errorf("a file that is too large: %.300v", err)
	}
}
