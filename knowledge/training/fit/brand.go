package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
	"github.com/poruch/poruch/knowledge/training/sense"
)

type query struct {
	Text   string   `json:"text"`
	Expect *string  `json:"expect"`
	Accept []string `json:"accept"`
	Lang   string   `json:"lang"`
	Kind   string   `json:"kind"`
	weight float64  // in what is measured
}

func (q query) right(id string) bool {
	return q.Expect != nil && (*q.Expect == id || slices.Contains(q.Accept, id))
}

// family is one brand's or one public set's texts, with the books that are made
// of them. It is learnt from, or left out, as a whole.
type family struct {
	name    string
	entries []knowledge.Entry
	queries []query
	books   []*rehearsal
	terms   sense.Brand
}

// rehearsal is a book with messages, as a brand could have them.
type rehearsal struct {
	name   string
	weight float64 // of a message in what is learnt
	book   *knowledge.Book
	rows   []row
}

// row is a query with the cases of the ways to read it.
type row struct {
	q     query
	views [][]knowledge.Case
}

func read(dir string) (*family, error) {
	f, err := os.Open(filepath.Join(dir, "kb.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := files.ParseQuestions(filepath.Join(dir, "kb.jsonl"), f)
	if err != nil {
		return nil, err
	}
	in, err := os.Open(filepath.Join(dir, "queries.jsonl"))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	fam := &family{name: filepath.Base(dir), entries: entries}
	known := map[string]bool{}
	for _, e := range entries {
		known[e.ID] = true
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		q := query{weight: 1}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return nil, fmt.Errorf("%s/queries.jsonl:%d: %w", dir, len(fam.queries)+1, err)
		}
		if q.Expect != nil && !known[*q.Expect] {
			return nil, fmt.Errorf("%s/queries.jsonl:%d: there is no entry %q", dir, len(fam.queries)+1, *q.Expect)
		}
		fam.queries = append(fam.queries, q)
	}
	return fam, lines.Err()
}

// rehearse adds a book of entries, and messages to try it with.
func (f *family) rehearse(name string, weight float64, entries []knowledge.Entry, queries []query) error {
	// A threshold of its own: the judgement is not fitted yet.
	book, err := knowledge.NewBook(entries, knowledge.Options{Threshold: 1})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	r := &rehearsal{name: name, weight: weight, book: book}
	for _, q := range queries {
		r.rows = append(r.rows, row{q: q})
	}
	f.books = append(f.books, r)
	return nil
}

// senseTexts is how many phrasings of an entry the senses are learnt from.
const senseTexts = 20

// takeTerms collects what the senses are learnt from; any book of the family
// reads texts alike.
func (f *family) takeTerms() {
	book := f.books[0].book
	place := map[string]int{}
	for i, e := range f.entries {
		place[e.ID] = i
		var list [][]string
		for _, text := range append([]string{e.Title}, e.Phrasings[:min(senseTexts, len(e.Phrasings))]...) {
			list = append(list, book.Terms(text))
		}
		f.terms.Phrasings = append(f.terms.Phrasings, list)
	}
	f.terms.Messages = make([][][]string, len(f.entries))
	for _, q := range f.queries {
		if q.Expect != nil {
			i := place[*q.Expect]
			f.terms.Messages[i] = append(f.terms.Messages[i], book.Terms(q.Text))
		}
	}
}

// weigh gathers the evidence on all messages, with senses from elsewhere.
func (f *family) weigh(t *knowledge.SenseTable) {
	for _, b := range f.books {
		b.book.UseSenses(t)
		for i := range b.rows {
			b.rows[i].views = b.book.Cases(b.rows[i].q.Text)
		}
	}
}

func learnSenses(families []*family) *knowledge.SenseTable {
	var list []sense.Brand
	for _, f := range families {
		list = append(list, f.terms)
	}
	return knowledge.NewSenseTable(sense.Learn(list))
}
