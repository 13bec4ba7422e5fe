package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/poruch/poruch/configs"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
	"github.com/poruch/poruch/knowledge/synthetic"
)

// BenchMatchCmd measures the matcher.
type BenchMatchCmd struct {
	Entries int  `help:"How many entries; without it 60, and then 5000." placeholder:"N"`
	JSON    bool `name:"json" help:"Print one JSON object for each size, a line each."`
}

// The sizes that are measured.
const (
	benchSmall, benchLarge             = 60, 5000
	benchSmallPhrasings, benchPhrasing = 6, 10
	benchQuestions                     = 1000
	benchRepeats                       = 5
)

// matchCost is what a book of one size costs.
type matchCost struct {
	Entries    int     `json:"entries"`
	Phrasings  int     `json:"phrasings"`
	BuildMS    float64 `json:"build_ms"`
	ChangeMS   float64 `json:"change_live_ms"` // one changed entry, until the first question that it answers is decided on
	HeapMB     float64 `json:"heap_mb"`
	LexiconsMB float64 `json:"lexicons_mb"` // that all books of a process share
	P50        float64 `json:"p50_us"`
	P99        float64 `json:"p99_us"`
}

// Run measures one size, or both.
func (c *BenchMatchCmd) Run() error {
	if c.Entries < 0 {
		return fmt.Errorf("--entries %d is not a number of entries", c.Entries)
	}
	sizes := []int{benchSmall, benchLarge}
	if c.Entries > 0 {
		sizes = []int{c.Entries}
	}
	seeds, err := benchSeeds()
	if err != nil {
		return err
	}
	before := heapBytes()
	knowledge.Prepare()
	lexicons := heapBytes() - before
	for _, n := range sizes {
		cost, err := costOf(seeds, n)
		if err != nil {
			return err
		}
		cost.LexiconsMB = megabytes(lexicons)
		if err := cost.print(os.Stdout, c.JSON); err != nil {
			return err
		}
	}
	return nil
}

// benchSeeds are the entries of the demo's brand.
func benchSeeds() ([]synthetic.Seed, error) {
	entries, err := files.Parse("rankova.yaml", bytes.NewReader(configs.RankovaKnowledge))
	if err != nil {
		return nil, fmt.Errorf("read the knowledge that ships with the program: %w", err)
	}
	var seeds []synthetic.Seed
	for _, e := range entries {
		seeds = append(seeds, synthetic.Seed{Entry: e})
	}
	return seeds, nil
}

func costOf(seeds []synthetic.Seed, n int) (cost matchCost, err error) {
	size := synthetic.Size{Entries: n, Phrasings: benchPhrasing, Questions: benchQuestions}
	if n <= benchSmall {
		size.Phrasings = benchSmallPhrasings
	}
	base := synthetic.Grow(seeds, size)
	before := heapBytes()
	var book *knowledge.Book
	var builds []time.Duration
	for range benchRepeats {
		book = nil // one at a time is held
		began := time.Now()
		if book, err = knowledge.NewBook(base.Entries, knowledge.Options{}); err != nil {
			return cost, err
		}
		builds = append(builds, time.Since(began))
	}
	cost = matchCost{Entries: n, BuildMS: milliseconds(middle(builds)), HeapMB: megabytes(heapBytes() - before)}
	for _, e := range base.Entries {
		cost.Phrasings += len(e.Phrasings)
	}
	changed, err := changes(book, base)
	if err != nil {
		return cost, err
	}
	cost.ChangeMS = milliseconds(middle(changed))
	asked := make([]time.Duration, 0, benchRepeats*len(base.Questions))
	for range benchRepeats {
		for _, q := range base.Questions {
			began := time.Now()
			book.Decide(knowledge.Question{Text: q.Text, Private: true})
			asked = append(asked, time.Since(began))
		}
	}
	slices.Sort(asked)
	cost.P50, cost.P99 = microseconds(asked[len(asked)/2]), microseconds(asked[len(asked)*99/100])
	return cost, nil
}

// changes takes the time of changing one entry after another.
func changes(book *knowledge.Book, base synthetic.Base) (took []time.Duration, err error) {
	for i := range benchRepeats {
		e := base.Entries[i*len(base.Entries)/benchRepeats]
		text := fmt.Sprintf("чи є у вас нова послуга номер %d", i)
		e.Phrasings = append(slices.Clone(e.Phrasings), text)
		began := time.Now()
		if book, err = book.With([]knowledge.Entry{e}, nil); err != nil {
			return nil, err
		}
		d := book.Decide(knowledge.Question{Text: text, Private: true})
		took = append(took, time.Since(began))
		if d.Entry() != e.ID {
			return nil, fmt.Errorf("the changed entry %s did not answer its new phrasing", e.ID)
		}
	}
	return took, nil
}

func middle(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

func heapBytes() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what pools held is gone only now
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }
func microseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
func megabytes(n int64) float64            { return float64(n) / 1e6 }

func (c matchCost) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(c)
	}
	_, err := fmt.Fprintf(w, `entries, phrasings   %d, %d
new book             %.0f ms
one entry changed    %.0f ms until it answers
heap                 %.0f MB, and %.0f MB that all books share
question p50, p99    %.0f µs, %.0f µs

`, c.Entries, c.Phrasings, c.BuildMS, c.ChangeMS, c.HeapMB, c.LexiconsMB, c.P50, c.P99)
	return err
}
