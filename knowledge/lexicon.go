package knowledge

import (
	"bufio"
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed lexicon/*.txt lexicon/concepts/*.txt
var lexiconFiles embed.FS

// lexicon finds words and short phrases that mean something to the rules. Its
// files have lines "tag: phrase, phrase"; a word with * at its end stands for
// all words that begin so, and # begins a comment.
type lexicon struct {
	exact  map[string][]phrase // by the first word, folded
	prefix *beginnings         // the same for first words that end in *
	words  int                 // of the longest phrase
	tags   []string
	rests  [][]part // of all phrases of several words
}

// phrase is kept small: there are tens of thousands.
type phrase struct {
	tag  int32 // its place in tags
	rest int32 // its place in rests, of what follows the first word; -1 for none
	next start // of the second word
}

// start is how a folded word begins: its first bytes, at most four.
type start struct{ bytes, mask uint32 }

func startOf(fold string) (s start) {
	for i := range min(len(fold), 4) {
		s.bytes |= uint32(fold[i]) << (8 * i)
		s.mask |= 0xff << (8 * i)
	}
	return s
}

// may says whether a word that begins as w could begin as s.
func (s start) may(w start) bool { return (s.bytes^w.bytes)&s.mask == 0 }

type part struct {
	fold   string
	prefix bool
}

func (p part) fits(w word) bool {
	if p.prefix {
		return strings.HasPrefix(w.fold, p.fold)
	}
	return w.fold == p.fold
}

// find calls hit for each phrase that begins at each word: its tag, where it
// begins and how many words it has.
func (l *lexicon) find(words []word, hit func(tag string, start, n int)) {
	l.findPlaces(words, func(place int32, start, n int) { hit(l.tags[place], start, n) })
}

// findPlaces is find with the tags' places.
func (l *lexicon) findPlaces(words []word, hit func(place int32, start, n int)) {
	for i, w := range words {
		var next start
		if i+1 < len(words) {
			next = startOf(words[i+1].fold)
		}
		try := func(phrases []phrase) {
			for _, p := range phrases {
				if p.rest >= 0 && !p.next.may(next) {
					continue
				}
				if n, ok := l.follows(p, words[i+1:]); ok {
					hit(p.tag, i, 1+n)
				}
			}
		}
		try(l.exact[w.fold])
		l.prefix.each(w.fold, try)
	}
}

// follows says whether the words go on as the phrase does, and for how many.
func (l *lexicon) follows(p phrase, words []word) (n int, ok bool) {
	if p.rest < 0 {
		return 0, true
	}
	rest := l.rests[p.rest]
	if len(words) < len(rest) {
		return 0, false
	}
	for i, part := range rest {
		if !part.fits(words[i]) {
			return 0, false
		}
	}
	return len(rest), true
}

// is says whether a word stands in the lexicon by itself, without a *.
func (l *lexicon) is(w word) bool {
	for _, p := range l.exact[w.fold] {
		if p.rest < 0 {
			return true
		}
	}
	return false
}

func parseLexicon(name, text string) (*lexicon, error) {
	l := &lexicon{exact: map[string][]phrase{}, prefix: newBeginnings()}
	places := map[string]int32{}
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		tag, list, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("%s:%d: no tag", name, n)
		}
		for _, item := range strings.Split(list, ",") {
			if strings.TrimSpace(item) == "" {
				continue
			}
			if err := l.add(l.place(places, strings.TrimSpace(tag)), strings.Fields(item)); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
		}
	}
	return l, lines.Err()
}

// place is a tag's place in tags.
func (l *lexicon) place(places map[string]int32, tag string) int32 {
	at, ok := places[tag]
	if !ok {
		at = int32(len(l.tags))
		places[tag] = at
		l.tags = append(l.tags, tag)
	}
	return at
}

func (l *lexicon) add(tag int32, words []string) error {
	parts := make([]part, len(words))
	for i, s := range words {
		bare, prefix := strings.CutSuffix(s, "*")
		m := read(bare)
		if len(m.words) != 1 {
			return fmt.Errorf("%q is not one word", s)
		}
		parts[i] = part{fold: m.words[0].fold, prefix: prefix}
	}
	first, rest := parts[0], slices.Clone(parts[1:])
	l.words = max(l.words, len(parts))
	list := l.exact[first.fold]
	if first.prefix {
		list = *l.prefix.at(first.fold)
	}
	// Folding makes «так і не» and «так и не» one phrase; it counts once.
	same := func(o phrase) bool {
		return o.tag == tag && (o.rest < 0 && len(rest) == 0 || o.rest >= 0 && slices.Equal(l.rests[o.rest], rest))
	}
	if slices.ContainsFunc(list, same) {
		return nil
	}
	p := phrase{tag: tag, rest: -1}
	if len(rest) > 0 {
		p.rest = int32(len(l.rests))
		p.next = startOf(rest[0].fold)
		l.rests = append(l.rests, rest)
	}
	if list = append(list, p); first.prefix {
		*l.prefix.at(first.fold) = list
	} else {
		l.exact[first.fold] = list
	}
	return nil
}

// words the rules and the matcher go by; they ship with the program, so a
// mistake in them is a mistake of the build, found by any test.
var lexicons = sync.OnceValue(func() (all struct {
	rules, concepts, function *lexicon
}) {
	load := func(names ...string) *lexicon {
		var text strings.Builder
		for _, name := range names {
			b, err := lexiconFiles.ReadFile("lexicon/" + name + ".txt")
			if err != nil {
				panic(err)
			}
			text.Write(b)
			text.WriteByte('\n')
		}
		l, err := parseLexicon(strings.Join(names, "+"), text.String())
		if err != nil {
			panic(err)
		}
		return l
	}
	all.rules = load("complaint", "person", "politeness", "question", "spam")
	all.concepts = load(conceptFiles()...)
	all.function = load("function")
	return all
})

// conceptFiles are the parts of the lexicon of concepts, by name.
func conceptFiles() (names []string) {
	files, err := lexiconFiles.ReadDir("lexicon/concepts")
	if err != nil {
		panic(err) // embedded: a mistake of the build
	}
	for _, f := range files {
		names = append(names, "concepts/"+strings.TrimSuffix(f.Name(), ".txt"))
	}
	return names
}

// Prepare reads the lexicons and models that ship with the program, which takes
// some tenths of a second, so that the first book need not wait for them.
func Prepare() {
	lexicons()
	judgement()
	senses()
}

// typedTags gives, for the words of lexicon/languages.txt as they are typed,
// the lists they stand in.
var typedTags = sync.OnceValue(func() map[string][]string {
	b, err := lexiconFiles.ReadFile("lexicon/languages.txt")
	if err != nil {
		panic(err)
	}
	tags := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		tag, list, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Split(list, ",") {
			w = strings.TrimSpace(w)
			tags[w] = append(tags[w], tag)
		}
	}
	return tags
})
