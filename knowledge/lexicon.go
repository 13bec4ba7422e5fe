package knowledge

import (
	"bufio"
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// lexicon finds words and short phrases that mean something to the rules. Its
// files have lines "tag: phrase, phrase"; a word with * at its end stands for
// all words that begin so, and # begins a comment.
type lexicon struct {
	exact, prefix map[string][]phrase // by the first word, folded
	longest       int                 // runes of the longest prefix
}

type phrase struct {
	tag  string
	rest []part // after the first word
}

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
	for i, w := range words {
		try := func(phrases []phrase) {
			for _, p := range phrases {
				if p.follows(words[i+1:]) {
					hit(p.tag, i, 1+len(p.rest))
				}
			}
		}
		try(l.exact[w.fold])
		n := 0
		for j := range w.fold {
			if j > 0 {
				try(l.prefix[w.fold[:j]])
			}
			if n++; n > l.longest {
				break
			}
		}
		try(l.prefix[w.fold])
	}
}

func (p phrase) follows(words []word) bool {
	if len(words) < len(p.rest) {
		return false
	}
	for i, part := range p.rest {
		if !part.fits(words[i]) {
			return false
		}
	}
	return true
}

// is says whether a word stands in the lexicon by itself, without a *.
func (l *lexicon) is(w word) bool {
	for _, p := range l.exact[w.fold] {
		if len(p.rest) == 0 {
			return true
		}
	}
	return false
}

func parseLexicon(name, text string) (*lexicon, error) {
	l := &lexicon{exact: map[string][]phrase{}, prefix: map[string][]phrase{}}
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
			if err := l.add(strings.TrimSpace(tag), strings.Fields(item)); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
		}
	}
	return l, lines.Err()
}

func (l *lexicon) add(tag string, words []string) error {
	parts := make([]part, len(words))
	for i, s := range words {
		bare, prefix := strings.CutSuffix(s, "*")
		m := read(bare)
		if len(m.words) != 1 {
			return fmt.Errorf("%q is not one word", s)
		}
		parts[i] = part{fold: m.words[0].fold, prefix: prefix}
	}
	p, first := phrase{tag: tag, rest: parts[1:]}, parts[0]
	list := l.exact
	if first.prefix {
		list = l.prefix
		l.longest = max(l.longest, len([]rune(first.fold)))
	}
	// Folding makes «так і не» and «так и не» one phrase; it counts once.
	same := func(o phrase) bool { return o.tag == p.tag && slices.Equal(o.rest, p.rest) }
	if !slices.ContainsFunc(list[first.fold], same) {
		list[first.fold] = append(list[first.fold], p)
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
	all.concepts = load("concepts")
	all.function = load("function")
	return all
})

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
