package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// KBEvalCmd measures the matcher.
type KBEvalCmd struct {
	bookFlags
	Queries string `required:"" help:"Labelled questions: JSONL with text and expect (an id, or null when no entry answers); - is the standard input." placeholder:"FILE"`
	JSON    bool   `name:"json" help:"Print one JSON object."`
}

// labelled is a question with its right answer.
type labelled struct {
	Text   string  `json:"text"`
	Expect *string `json:"expect"`
}

// Run prints the measurements.
func (c *KBEvalCmd) Run() error {
	if c.KB == "-" && c.Queries == "-" {
		return errors.New("--kb and --queries cannot both be the standard input")
	}
	book, err := c.book()
	if err != nil {
		return err
	}
	queries, err := readLabelled(c.Queries)
	if err != nil {
		return err
	}
	for i, q := range queries {
		if q.Expect == nil {
			continue
		}
		if _, ok := book.Entry(*q.Expect); !ok {
			return fmt.Errorf("question %d expects the entry %q, which %s does not have", i+1, *q.Expect, filepath.Base(c.KB))
		}
	}
	return measure(book, queries, c.question).print(os.Stdout, c.JSON)
}

func readLabelled(path string) ([]labelled, error) {
	in, err := openInput(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("read questions: %w", err)
	}
	var list []labelled
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var q labelled
		if err := json.Unmarshal(line, &q); err != nil {
			return nil, fmt.Errorf("%s:%d: want {\"text\": …, \"expect\": an id or null}: %w", filepath.Base(path), n, err)
		}
		list = append(list, q)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s has no questions", filepath.Base(path))
	}
	return list, nil
}

// measurement is how well a book does. Shares are of all questions unless said
// otherwise, and null where there was nothing to take a share of.
type measurement struct {
	Queries     int      `json:"queries"`
	InScope     int      `json:"in_scope"`
	Top1        *float64 `json:"top1"`         // of those in scope: the first candidate is right
	Coverage    float64  `json:"coverage"`     // answered
	Precision   *float64 `json:"precision"`    // of those answered: right
	OOSRejected *float64 `json:"oos_rejected"` // of those out of scope: not answered
	// The best coverage that any threshold would give at that precision: a
	// bound read off these questions, not a promise for others.
	CoverageAt95 float64 `json:"coverage_at_95"`
	CoverageAt98 float64 `json:"coverage_at_98"`
	Threshold    float64 `json:"threshold"`
	P50          int64   `json:"p50_us"`
	P99          int64   `json:"p99_us"`
}

// graded is one decision that a threshold could turn into an answer.
type graded struct {
	confidence float64
	right      bool
}

func measure(book *knowledge.Book, queries []labelled, ask func(string) knowledge.Question) measurement {
	m := measurement{Queries: len(queries), Threshold: book.Threshold()}
	var top, answered, right, outside, rejected int
	var curve []graded
	took := make([]time.Duration, 0, len(queries))
	for _, q := range queries {
		began := time.Now()
		d := book.Decide(ask(q.Text))
		took = append(took, time.Since(began))
		first := q.Expect != nil && len(d.Candidates) > 0 && d.Candidates[0].EntryID == *q.Expect
		if q.Expect != nil {
			m.InScope++
		} else {
			outside++
		}
		if first {
			top++
		}
		switch {
		case d.Action == knowledge.Answer:
			answered++
			if q.Expect != nil && d.Entry() == *q.Expect {
				right++
			}
		case q.Expect == nil:
			rejected++
		}
		if d.Reason == knowledge.Sure || d.Reason == knowledge.Unsure || d.Reason == knowledge.Close {
			curve = append(curve, graded{d.Confidence, first})
		}
	}
	m.Coverage = float64(answered) / float64(len(queries))
	m.Top1, m.Precision, m.OOSRejected = ratio(top, m.InScope), ratio(right, answered), ratio(rejected, outside)
	m.CoverageAt95 = coverageAt(curve, 0.95, len(queries))
	m.CoverageAt98 = coverageAt(curve, 0.98, len(queries))
	slices.Sort(took)
	m.P50, m.P99 = took[len(took)/2].Microseconds(), took[len(took)*99/100].Microseconds()
	return m
}

func ratio(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	r := float64(part) / float64(whole)
	return &r
}

// coverageAt walks from the surest decision down; equal confidences stand or
// fall together.
func coverageAt(curve []graded, precision float64, all int) float64 {
	slices.SortFunc(curve, func(a, b graded) int { return cmp.Compare(b.confidence, a.confidence) })
	right, best := 0, 0
	for i, g := range curve {
		if g.right {
			right++
		}
		if (i+1 == len(curve) || curve[i+1].confidence < g.confidence) && float64(right) >= precision*float64(i+1) {
			best = i + 1
		}
	}
	return float64(best) / float64(all)
}

func (m measurement) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(m)
	}
	percent := func(r *float64) string {
		if r == nil {
			return "-"
		}
		return fmt.Sprintf("%.1f %%", 100**r)
	}
	_, err := fmt.Fprintf(w, `questions           %d, %d in scope
right first         %s of those in scope
answered            %s, right %s of them
refused             %s of those out of scope
coverage at 95 %%    %s
coverage at 98 %%    %s
threshold           %.3f
time p50, p99       %d µs, %d µs
`, m.Queries, m.InScope, percent(m.Top1), percent(&m.Coverage), percent(m.Precision), percent(m.OOSRejected),
		percent(&m.CoverageAt95), percent(&m.CoverageAt98), m.Threshold, m.P50, m.P99)
	return err
}
