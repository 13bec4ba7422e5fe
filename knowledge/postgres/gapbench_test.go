package postgres_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/knowledge/files"
	"github.com/poruch/poruch/knowledge/gaps"
	"github.com/poruch/poruch/knowledge/postgres"
)

// BenchmarkCollect collects questions spliced from halves of others, beside a
// thousand that were collected before. One operation is one question.
func BenchmarkCollect(b *testing.B) {
	f, err := os.Open("../testdata/uk-coffee/kb.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	entries, err := files.ParseQuestions("kb.jsonl", f)
	if err != nil {
		b.Fatal(err)
	}
	var halves [][]string
	for _, e := range entries {
		for _, text := range append(e.Phrasings, e.Title) {
			words := strings.Fields(text)
			halves = append(halves, words[:(len(words)+1)/2], words[len(words)/2:])
		}
	}
	h := newHistory(b)
	at := began
	say := func(n int) {
		for i := range n {
			at = at.Add(time.Second)
			one, two := halves[i*31%len(halves)], halves[i*17%len(halves)]
			h.say(said{text: fmt.Sprintf("%s %s", strings.Join(one, " "), strings.Join(two, " ")), by: fmt.Sprint(i % 300), at: at})
		}
	}
	collector := gaps.Collector{Store: postgres.NewGaps(h.db)}
	take := func(want int) {
		if n, err := collector.Collect(b.Context(), "rankova"); err != nil || n != want {
			b.Fatalf("took %d of %d: %v", n, want, err)
		}
	}
	say(1000)
	take(1000)
	say(b.N)
	b.ResetTimer()
	take(b.N)
}
