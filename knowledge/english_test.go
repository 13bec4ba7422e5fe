package knowledge

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// The floors for English questions of ten domains; see testdata/clinc150.
const (
	floorEnglishTop1      = 0.86
	floorEnglishPrecision = 0.945
	floorEnglishCoverage  = 0.53
)

func TestEnglishQuestions(t *testing.T) {
	book, err := NewBook(entriesIn(t, "testdata/clinc150/kb.jsonl"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/clinc150/queries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var n, inScope, top1, answered, right float64
	for line := range bytes.Lines(data) {
		var q labelled
		if err := json.Unmarshal(line, &q); err != nil {
			t.Fatal(err)
		}
		d := book.Decide(Question{Text: q.Text, Private: true})
		n++
		if q.Expect != nil {
			inScope++
			if len(d.Candidates) > 0 && d.Candidates[0].EntryID == *q.Expect {
				top1++
			}
		}
		if d.Action == Answer {
			answered++
			if q.Expect != nil && d.Entry() == *q.Expect {
				right++
			}
		}
	}
	for _, c := range []struct {
		name       string
		got, floor float64
	}{
		{"top1", top1 / inScope, floorEnglishTop1},
		{"precision", right / answered, floorEnglishPrecision},
		{"coverage", answered / n, floorEnglishCoverage},
	} {
		t.Logf("%s %.3f", c.name, c.got)
		if c.got < c.floor {
			t.Errorf("%s is %.3f, below its floor %.3f", c.name, c.got, c.floor)
		}
	}
}
