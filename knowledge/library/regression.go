package library

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/poruch/poruch/knowledge"
)

// Confirmed is a question whose right answer is known.
type Confirmed struct {
	Message int64 // 0 for a phrasing
	Text    string
	Expect  string // the right entry; "": none that there is
	// Expected is what was right before the change; "": the same.
	Expected string
	Not      string // an entry that was wrong; "" for none
}

// Report compares what answers before a change with what would after it, over
// all confirmed questions and all phrasings.
type Report struct {
	Replayed  int      `json:"replayed"`
	Confirmed int      `json:"confirmed"` // of them: confirmed questions
	Changes   []Change `json:"changes"`   // those that get worse first
	Worse     int      `json:"worse"`     // right before, and no longer
	Better    int      `json:"better"`    // right now, and not before
}

// Change is one question that is answered in another way.
type Change struct {
	Text      string  `json:"text"`
	Confirmed bool    `json:"confirmed"` // a person or the customer said what is right
	Expect    string  `json:"expect"`
	Before    Outcome `json:"before"`
	After     Outcome `json:"after"`
	Effect    Effect  `json:"effect"`
}

// Outcome is a decision in short.
type Outcome struct {
	Action     knowledge.Action `json:"action"`
	Entries    []string         `json:"entries"`
	Confidence float64          `json:"confidence"`
}

// Effect is what a change does to a question.
type Effect string

// The effects. Other: neither was right, or nobody said what is.
const (
	Worse  Effect = "worse"
	Better Effect = "better"
	Other  Effect = "other"
)

// replay is the comparison of two books.
type replay struct {
	before, after *knowledge.Book
	// gone are the entries that are taken out on purpose: that they answer no
	// more makes no question worse.
	gone map[string]bool
}

// run decides each question by both books, on all cores. It ends with ctx.
func (p replay) run(ctx context.Context, questions []Confirmed) (Report, error) {
	changes := make([]*Change, len(questions))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				changes[i] = p.compare(questions[i])
			}
		})
	}
	for i := range questions {
		select {
		case next <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	r := Report{Replayed: len(questions), Changes: []Change{}}
	for i, c := range changes {
		if questions[i].Message != 0 {
			r.Confirmed++
		}
		if c == nil {
			continue
		}
		switch c.Effect {
		case Worse:
			r.Worse++
		case Better:
			r.Better++
		}
		r.Changes = append(r.Changes, *c)
	}
	order := []Effect{Worse, Better, Other}
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		return slices.Index(order, a.Effect) - slices.Index(order, b.Effect)
	})
	return r, nil
}

// compare is nil for a question that is decided as before.
func (p replay) compare(q Confirmed) *Change {
	ask := knowledge.Question{Text: q.Text, Private: true}
	before, after := outcome(p.before.Decide(ask)), outcome(p.after.Decide(ask))
	if before.Action == after.Action && slices.Equal(before.Entries, after.Entries) {
		return nil
	}
	c := &Change{Text: q.Text, Confirmed: q.Message != 0, Expect: q.Expect, Before: before, After: after, Effect: Other}
	then := q
	then.Expect = cmp.Or(q.Expected, q.Expect)
	switch was, is := p.right(then, before), p.right(q, after); {
	case was && !is:
		c.Effect = Worse
	case is && !was:
		c.Effect = Better
	}
	return c
}

func outcome(d knowledge.Decision) Outcome {
	o := Outcome{Action: d.Action, Entries: []string{}, Confidence: d.Confidence}
	if d.Action == knowledge.Answer {
		o.Entries = d.Entries
	}
	return o
}

// right says whether a question is answered as it should be. Where no entry is
// right, or the right one is taken out on purpose, silence is.
func (p replay) right(q Confirmed, o Outcome) bool {
	switch {
	case q.Expect == "" || p.gone[q.Expect]:
		return len(o.Entries) == 0 || q.Not != "" && !slices.Contains(o.Entries, q.Not)
	default:
		return slices.Contains(o.Entries, q.Expect)
	}
}

// questions joins the confirmed questions and the phrasings of entries as they
// were and will be; what was confirmed counts where the texts are the same.
func questions(confirmed []Confirmed, before, after []knowledge.Entry) []Confirmed {
	at := map[string]int{}
	var all []Confirmed
	for _, q := range confirmed {
		if _, known := at[q.Text]; !known {
			at[q.Text] = len(all)
			all = append(all, q)
		}
	}
	eachText(after, func(text, entry string) {
		if _, known := at[text]; !known {
			at[text] = len(all)
			all = append(all, Confirmed{Text: text, Expect: entry})
		}
	})
	eachText(before, func(text, entry string) {
		i, known := at[text]
		switch {
		case !known:
			at[text] = len(all)
			all = append(all, Confirmed{Text: text, Expect: entry})
		case all[i].Message == 0 && all[i].Expected == "":
			all[i].Expected = entry
		}
	})
	return all
}

func eachText(entries []knowledge.Entry, visit func(text, entry string)) {
	for _, e := range entries {
		for _, text := range append([]string{e.Title}, e.Phrasings...) {
			visit(text, e.ID)
		}
	}
}
