package files

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"testing"
	"time"
)

func FuzzJSONL(f *testing.F) {
	f.Add([]byte(goodLine))
	f.Add([]byte("{\"id\":\"\\ud800\",\"title\":null}\n[]\n\xff"))
	f.Add([]byte(`{"id":"a","title":"x","answer":"y","links":[{"label":"l","url":"https://x.ua"}],"files":[{"name":"f","type":"a/b","data":"eA=="}]}`))
	f.Add([]byte(`{"id":"a","title":"x","answers":{"uk":"y","en":"z"},"stale":["en","uk"],"from":"2026-01-01","until":"31.12.2026","audience":["-1"],"trust":"shadow"}`))
	fuzz(f, JSONL)
}

func FuzzYAML(f *testing.F) {
	f.Add([]byte("- id: a\n  title: x\n  answers: {uk: y, ru: z}\n  phrasings: [b, 5, true]\n"))
	f.Add([]byte("entries: &a\n- *a\n- ? [x]\n  : y\n- !!binary aGk="))
	f.Add([]byte("- id: a\n  title: x\n  answer: |\n    y\n  until: 2026-12-31\n  links: [{label: l, url: https://x.ua}]\n  files: [{name: f, type: a/b, data: !!binary eA==}]\n"))
	fuzz(f, YAML)
}

func FuzzCSV(f *testing.F) {
	data, err := os.ReadFile("testdata/questions.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(encodings["windows-1251"]("питання,відповідь\r\nДе?,Тут\r\n"))
	f.Add(utf16of(binary.LittleEndian)("title\tanswer\ttags\nДе?\t'=1\t\"a\nb\"\n"))
	f.Add([]byte("title;answer;links;audience\nx;y;[l](https://x.ua);1 | 2\n\"z\n"))
	fuzz(f, CSV)
}

func FuzzMarkdown(f *testing.F) {
	for _, name := range []string{"questions.md", "faq.md"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(ours + "\n## x\n```\n## y\n````\n\\\\# z\n### Fields\n- lang: en\n- link: a b https://x.ua\n"))
	f.Add([]byte("Q: x\nA: y\n# s\n**Q: z**\n"))
	fuzz(f, Markdown)
}

// fuzz reads anything without falling. What is good is written in every format,
// and read back the same.
func fuzz(f *testing.F, format Format) {
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{Format: format, Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
		result, err := Read("kb", bytes.NewReader(data), o)
		if err != nil {
			var mistakes *FileError
			if !errors.As(err, &mistakes) || len(mistakes.Problems) == 0 || len(result.Entries) != 0 {
				t.Fatalf("%d entries and %v", len(result.Entries), err)
			}
			return
		}
		attached := false
		for _, e := range result.Entries {
			attached = attached || len(e.Files) > 0
		}
		for _, to := range Formats {
			if attached && to != JSONL && to != YAML {
				continue
			}
			var b bytes.Buffer
			if err := Write(&b, to, result.Entries); err != nil {
				t.Fatalf("%s: %v", to, err)
			}
			again, err := Read("kb", bytes.NewReader(b.Bytes()), Options{Format: to})
			if err != nil {
				t.Fatalf("what was written as %s is not read: %v\n%s", to, err, b.Bytes())
			}
			for i, e := range result.Entries {
				if field := difference(draftOf(e), draftOf(again.Entries[i])); field != "" {
					t.Fatalf("%s changed %s of %#v\n%s", to, field, e, b.Bytes())
				}
			}
		}
	})
}
