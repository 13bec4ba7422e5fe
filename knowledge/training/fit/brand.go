package main

import (
	"bufio"
	"encoding/json"
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
}

type brand struct {
	name    string
	queries []query
	entries []knowledge.Entry
	book    *knowledge.Book
	terms   sense.Brand
	rows    []row
}

// row is a query with the cases of the ways to read it.
type row struct {
	q     query
	views [][]knowledge.Case
}

func (q query) right(id string) bool {
	return q.Expect != nil && (*q.Expect == id || slices.Contains(q.Accept, id))
}

func load(dir string) (*brand, error) {
	f, err := os.Open(filepath.Join(dir, "kb.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := files.ParseQuestions(filepath.Join(dir, "kb.jsonl"), f)
	if err != nil {
		return nil, err
	}
	b := &brand{name: filepath.Base(dir), entries: entries}
	if b.book, err = knowledge.NewBook(entries, knowledge.Options{}); err != nil {
		return nil, err
	}
	in, err := os.Open(filepath.Join(dir, "queries.jsonl"))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var q query
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return nil, err
		}
		b.queries = append(b.queries, q)
	}
	place := map[string]int{}
	for i, e := range entries {
		place[e.ID] = i
		var list [][]string
		for _, text := range append([]string{e.Title}, e.Phrasings...) {
			list = append(list, b.book.Terms(text))
		}
		b.terms.Phrasings = append(b.terms.Phrasings, list)
	}
	b.terms.Messages = make([][][]string, len(entries))
	for _, q := range b.queries {
		if q.Expect != nil {
			i := place[*q.Expect]
			b.terms.Messages[i] = append(b.terms.Messages[i], b.book.Terms(q.Text))
		}
	}
	return b, nil
}

// weigh gathers the evidence on all queries, with senses from elsewhere.
func (b *brand) weigh(t *knowledge.SenseTable) {
	b.book.UseSenses(t)
	b.rows = nil
	for _, q := range b.queries {
		b.rows = append(b.rows, row{q, b.book.Cases(q.Text)})
	}
}

func learnSenses(brands []*brand) *knowledge.SenseTable {
	var list []sense.Brand
	for _, b := range brands {
		list = append(list, b.terms)
	}
	return knowledge.NewSenseTable(sense.Learn(list))
}
