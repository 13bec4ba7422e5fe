package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
)

// bookFlags choose a knowledge file and how to ask it.
type bookFlags struct {
	KB        string  `name:"kb" required:"" help:"Knowledge file: .yaml, .jsonl, .csv, .tsv or .md." placeholder:"FILE"`
	Precision float64 `help:"Target precision, between 0 and 1." default:"0.95"`
	Threshold float64 `help:"Confidence that an answer needs, instead of the fitted one." placeholder:"0..1"`
	Group     bool    `help:"Take the questions as said in a group to nobody in particular; by default they are said to the bot."`
}

func (f bookFlags) book() (*knowledge.Book, error) {
	entries, err := readKnowledge(f.KB, files.ParseQuestions)
	if err != nil {
		return nil, err
	}
	return knowledge.NewBook(entries, knowledge.Options{Precision: f.Precision, Threshold: f.Threshold})
}

func (f bookFlags) question(text string) knowledge.Question {
	return knowledge.Question{Text: text, Private: !f.Group, Addressed: !f.Group}
}

// KBAskCmd decides on questions.
type KBAskCmd struct {
	bookFlags
	JSONL   bool `name:"jsonl" help:"Print one JSON object a line."`
	Explain bool `help:"Say what spoke for and against each candidate, and why nothing was answered."`
}

// Run reads the standard input.
func (c *KBAskCmd) Run() error {
	if c.KB == "-" {
		return errors.New("the questions come from the standard input, so --kb needs a file")
	}
	book, err := c.book()
	if err != nil {
		return err
	}
	return c.ask(book, os.Stdin, os.Stdout)
}

// asked is a decision as scripts read it.
type asked struct {
	Text       string           `json:"text"`
	Decision   knowledge.Action `json:"decision"`
	Reason     knowledge.Reason `json:"reason"`
	ID         *string          `json:"id"`            // null unless answered
	IDs        []string         `json:"ids,omitempty"` // where the decision names several entries: all of them
	Suggested  string           `json:"suggested,omitempty"`
	Doubt      knowledge.Doubt  `json:"doubt,omitempty"`
	Confidence float64          `json:"confidence"`
	Threshold  float64          `json:"threshold"`
	Candidates []askedCandidate `json:"candidates"`
	Lang       knowledge.Lang   `json:"lang"`
	Micros     int64            `json:"micros"`
}

type askedCandidate struct {
	ID         string   `json:"id"`
	Confidence float64  `json:"confidence"`
	Words      []string `json:"words,omitempty"`
	Against    []string `json:"against,omitempty"`
	Concepts   []string `json:"concepts,omitempty"`
	Phrasing   string   `json:"phrasing,omitempty"`
}

// ask answers line by line, so that a person can converse with it. A line may
// be as long as it likes.
func (c *KBAskCmd) ask(book *knowledge.Book, in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for {
		line, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read questions: %w", err)
		}
		last := err != nil
		if line = strings.TrimRight(line, "\r\n"); line != "" || !last {
			began := time.Now()
			d := book.Decide(c.question(line))
			a := newAsked(line, d, time.Since(began), c.Explain)
			if c.JSONL {
				err = enc.Encode(a)
			} else {
				err = a.print(out, c.Explain)
			}
			if err != nil {
				return fmt.Errorf("write decisions: %w", err)
			}
		}
		if last {
			return nil
		}
	}
}

func newAsked(text string, d knowledge.Decision, took time.Duration, explain bool) asked {
	a := asked{
		Text: text, Decision: d.Action, Reason: d.Reason, Confidence: d.Confidence, Threshold: d.Threshold,
		Candidates: []askedCandidate{}, Lang: d.Lang, Micros: took.Microseconds(), Suggested: d.Suggested, Doubt: d.Doubt,
	}
	if d.Action == knowledge.Answer {
		a.ID = &d.Entries[0]
	}
	if len(d.Entries) > 1 {
		a.IDs = d.Entries
	}
	for _, k := range d.Candidates {
		c := askedCandidate{ID: k.EntryID, Confidence: k.Confidence}
		if explain {
			c.Words, c.Against, c.Concepts, c.Phrasing = k.Words, k.Against, k.Concepts, k.Phrasing
		}
		a.Candidates = append(a.Candidates, c)
	}
	return a
}

// doubts says what spoke against an answer.
var doubts = map[knowledge.Doubt]string{
	knowledge.DoubtRival:   "two entries are close to each other",
	knowledge.DoubtWord:    "a telling word has nothing to do with the best entry",
	knowledge.DoubtWeak:    "no entry resembles the message enough",
	knowledge.DoubtSeveral: "it asks for several things, and not two of them surely",
	knowledge.DoubtEmpty:   "there is no entry at all",
}

// print is for people: the decision, then what was considered.
func (a asked) print(w io.Writer, explain bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)", a.Decision, a.Reason)
	switch {
	case len(a.IDs) > 0:
		fmt.Fprintf(&b, " %s", strings.Join(a.IDs, " + "))
	case a.ID != nil:
		fmt.Fprintf(&b, " %s", *a.ID)
	}
	fmt.Fprintf(&b, " %.3f of %.3f %s\n", a.Confidence, a.Threshold, a.Lang)
	if explain {
		if a.Suggested != "" {
			fmt.Fprintf(&b, "  people would be shown %s\n", a.Suggested)
		}
		if a.Doubt != "" {
			fmt.Fprintf(&b, "  why not: %s\n", doubts[a.Doubt])
		}
	}
	for _, c := range a.Candidates {
		fmt.Fprintf(&b, "  %.3f %s\n", c.Confidence, c.ID)
		for _, g := range []struct {
			what string
			list []string
		}{{"for", c.Words}, {"in meaning", c.Concepts}, {"against", c.Against}} {
			if len(g.list) > 0 {
				fmt.Fprintf(&b, "        %s: %s\n", g.what, strings.Join(g.list, ", "))
			}
		}
		if c.Phrasing != "" {
			fmt.Fprintf(&b, "        nearest: %s\n", c.Phrasing)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
