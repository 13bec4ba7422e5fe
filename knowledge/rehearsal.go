package knowledge

import (
	"strings"
	"sync"
)

// A book rehearses on its own phrasings before it meets customers. Of the
// questions that reach a brand about one in three has no entry: 35 % among the
// messages written for two Ukrainian brands.
const outOfScope = 0.35

// Customers often ask nearly as somebody before them, and often in other words.
const nearlyTheSame = 0.5

// maxRehearsed keeps fitting fast for books of many thousands of phrasings.
const maxRehearsed = 1200

// rehearse asks the book each of its phrasings four ways: as it stands but
// hurried, and as if it had never been written, which should find its entry;
// and both as if the whole entry were missing, where any answer is wrong.
// Strangers' messages, where any answer is wrong too, are the fifth.
func (b *Book) rehearse() []sample {
	var in, out []sample
	docs := b.index.docs
	step := 1 + len(docs)/maxRehearsed
	for i := 0; i < len(docs); i += step {
		d := docs[i]
		hurried := hurry(d.words)
		if s := b.index.entries[d.entry]; s.to-s.from > 1 {
			in = b.try(in, trial{words: d.words, skip: i, without: -1, want: d.entry}, 1-nearlyTheSame)
		}
		in = b.try(in, trial{words: hurried, skip: -1, without: -1, want: d.entry}, nearlyTheSame)
		out = b.try(out, trial{words: d.words, skip: i, without: d.entry, want: -1}, 1)
	}
	share(in, 1-outOfScope)
	var far []sample
	for _, m := range strangers() {
		for _, words := range b.views(m, languageOf(m)) {
			far = b.try(far, trial{words: withoutPoliteness(words), skip: -1, without: -1, want: -1}, 1)
		}
	}
	share(out, outOfScope/2)
	share(far, outOfScope/2)
	return scale(append(append(in, out...), far...), float64(len(in)))
}

// trial is one question of a rehearsal; skip, without and want may be -1.
type trial struct {
	words               []word
	skip, without, want int
}

func (b *Book) try(list []sample, t trial, weight float64) []sample {
	g := b.grounds(t.words, t.skip, t.without)
	if len(g) == 0 {
		return list
	}
	return append(list, sample{g[0].grounds, g[0].entry == t.want, weight})
}

// share makes the weights add up to total.
func share(list []sample, total float64) {
	var sum float64
	for _, s := range list {
		sum += s.weight
	}
	for i := range list {
		list[i].weight *= total / sum
	}
}

func scale(list []sample, by float64) []sample {
	for i := range list {
		list[i].weight *= by
	}
	return list
}

// hurry writes words as on a phone in the street: one word is left out, and
// the longest one has two letters swapped.
func hurry(words []word) []word {
	if len(words) == 0 {
		return nil
	}
	longest := 0
	for i, w := range words {
		if len(w.fold) > len(words[longest].fold) {
			longest = i
		}
	}
	var out []word
	for i, w := range words {
		if i == 0 && len(words) >= 3 && i != longest {
			continue
		}
		if rs := []rune(w.raw); i == longest && len(rs) >= 5 {
			k := len(rs) / 2
			rs[k], rs[k+1] = rs[k+1], rs[k]
			w = newWord(rs, w.sentence)
		}
		out = append(out, w)
	}
	return out
}

var strangers = sync.OnceValue(func() (list []message) {
	b, err := lexiconFiles.ReadFile("lexicon/outside.txt")
	if err != nil {
		panic(err) // embedded: a mistake of the build
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, read(line))
		}
	}
	return list
})
