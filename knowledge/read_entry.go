package knowledge

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// readEntry is an entry's texts, taken apart.
type readEntry struct {
	texts   [][]word // title first, then the phrasings
	asked   [][]word // the same without politeness
	answers [][]word // in all languages
}

func readEntryOf(e Entry) readEntry {
	var r readEntry
	for _, text := range append([]string{e.Title}, e.Phrasings...) {
		words := understand(text).words
		r.texts, r.asked = append(r.texts, words), append(r.asked, withoutPoliteness(words))
	}
	for _, text := range e.answers() {
		r.answers = append(r.answers, understand(text).words)
	}
	return r
}

// readEntries takes all entries apart, on all cores.
func readEntries(entries []Entry) []readEntry {
	out := make([]readEntry, len(entries))
	inParallel(len(entries), func(i int) { out[i] = readEntryOf(entries[i]) })
	return out
}

// inParallel calls do for 0 to n-1, in any order and on all cores.
func inParallel(n int, do func(i int)) {
	const most = 32 // at a time
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+most-1)/most) {
		all.Go(func() {
			for {
				to := int(next.Add(most))
				for i := to - most; i < min(to, n); i++ {
					do(i)
				}
				if to >= n {
					return
				}
			}
		})
	}
	all.Wait()
}
