package knowledge_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
	"github.com/poruch/poruch/knowledge/synthetic"
)

// Both sizes that docs/matching.md tells the cost of.

func BenchmarkSmall(b *testing.B) {
	seeds := seedsIn(b, "testdata/uk-coffee")
	var base synthetic.Base
	for _, s := range seeds {
		base.Entries = append(base.Entries, s.Entry)
	}
	for _, q := range messagesIn(b, "testdata/uk-coffee") {
		base.Questions = append(base.Questions, synthetic.Question{Text: q.Text})
	}
	benchmark(b, base)
}

func BenchmarkLarge(b *testing.B) {
	dirs, err := filepath.Glob("training/brands/*")
	if err != nil || len(dirs) == 0 {
		b.Fatalf("%d training brands: %v", len(dirs), err)
	}
	var seeds []synthetic.Seed
	for _, dir := range dirs {
		seeds = append(seeds, seedsIn(b, dir)...)
	}
	benchmark(b, synthetic.Grow(seeds, synthetic.Size{Entries: 5000, Phrasings: 10, Questions: 1000}))
}

func benchmark(b *testing.B, base synthetic.Base) {
	knowledge.Prepare()
	before := heap()
	book := made(b, base.Entries)
	held := heap() - before
	b.Run("Decide", func(b *testing.B) {
		var took []time.Duration
		for i := 0; b.Loop(); i++ {
			q := base.Questions[i%len(base.Questions)]
			began := time.Now()
			book.Decide(knowledge.Question{Text: q.Text, Private: true})
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-µs")
		b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-µs")
		b.ReportMetric(float64(held)/1e6, "heap-MB")
	})
	b.Run("NewBook", func(b *testing.B) {
		for b.Loop() {
			made(b, base.Entries)
		}
	})
	b.Run("With", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			e := base.Entries[i*7%len(base.Entries)]
			e.Phrasings = append(slices.Clone(e.Phrasings), base.Questions[i%len(base.Questions)].Text)
			if _, err := book.With([]knowledge.Entry{e}, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func made(b *testing.B, entries []knowledge.Entry) *knowledge.Book {
	book, err := knowledge.NewBook(entries, knowledge.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return book
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func seedsIn(b *testing.B, dir string) (seeds []synthetic.Seed) {
	f, err := os.Open(filepath.Join(dir, "kb.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	entries, err := files.ParseQuestions("kb.jsonl", f)
	if err != nil {
		b.Fatal(err)
	}
	messages := map[string][]string{}
	for _, q := range messagesIn(b, dir) {
		if q.Expect != nil {
			messages[*q.Expect] = append(messages[*q.Expect], q.Text)
		}
	}
	for _, e := range entries {
		s := synthetic.Seed{Entry: e, Messages: messages[e.ID]}
		s.Entry.ID = filepath.Base(dir) + "/" + e.ID
		seeds = append(seeds, s)
	}
	return seeds
}

type message struct {
	Text   string
	Expect *string
}

func messagesIn(b *testing.B, dir string) (list []message) {
	data, err := os.ReadFile(filepath.Join(dir, "queries.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var m message
		if err := json.Unmarshal(line, &m); err != nil {
			b.Fatal(err)
		}
		list = append(list, m)
	}
	return list
}
