package knowledge

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxRunes is how much of a message the matcher reads: the longest text that
// Telegram lets a person send, https://core.telegram.org/bots/api#sendmessage.
const MaxRunes = 4096

// maxWord bounds the work that one endless word can cause.
const maxWord = 48

// word is one word of a message or phrasing, in the forms that are compared.
type word struct {
	raw      string // as typed, in lower case, without apostrophes
	fold     string // letters that people confuse made equal
	stem     string // the beginning that survives inflection
	latin    bool   // written in Latin letters
	number   bool   // starts with a digit: an amount, an order, a date
	sentence int
	concepts []concept // that begin at this word; see mark
	rules    []concept // what the rules go by, likewise
	spelling *spelling // set while a book reads a message; see reader.look
}

// concept is a meaning of a word, or of a phrase of several.
type concept struct {
	tag   string
	place int32 // of the tag in the lexicon
	words int
}

// understand is read, with the meanings marked.
func understand(text string) message {
	m := read(text)
	mark(m.words)
	return m
}

// mark finds the meanings of words, and what the rules go by, once for all who
// ask.
func mark(words []word) {
	for i := range words {
		words[i].concepts, words[i].rules = nil, nil
	}
	all := lexicons()
	var room []concept // for those of one word: they are found together
	find := func(l *lexicon, of func(w *word) *[]concept) {
		at := -1
		l.findPlaces(words, func(place int32, start, n int) {
			if start != at {
				room, at = room[len(room):], start
			}
			room = append(room, concept{l.tags[place], place, n})
			*of(&words[start]) = room[:len(room):len(room)]
		})
	}
	find(all.concepts, func(w *word) *[]concept { return &w.concepts })
	find(all.rules, func(w *word) *[]concept { return &w.rules })
}

// eachConcept visits the marked meanings that lie within the words.
func eachConcept(words []word, visit func(tag string, start, n int)) {
	for i, w := range words {
		for _, c := range w.concepts {
			if i+c.words <= len(words) {
				visit(c.tag, i, c.words)
			}
		}
	}
}

// eachRule visits the tags of the rules that lie within the words.
func eachRule(words []word, visit func(tag string, start, n int)) {
	for i, w := range words {
		for _, c := range w.rules {
			if i+c.words <= len(words) {
				visit(c.tag, i, c.words)
			}
		}
	}
}

// eachMeaning is eachConcept with the tags' places in the lexicon.
func eachMeaning(words []word, visit func(place int32, start, n int)) {
	for i, w := range words {
		for _, c := range w.concepts {
			if i+c.words <= len(words) {
				visit(c.place, i, c.words)
			}
		}
	}
}

// message is a text taken apart.
type message struct {
	words    []word
	asks     bool    // has a question mark
	asking   []int   // the sentences that end with one
	shouts   int     // exclamation marks
	caps     float64 // share of capitals among the letters, 0 below 12 letters
	links    int
	latin    int // letters
	cyrillic int
}

var addresses = regexp.MustCompile(`(?i)\b(?:https?://|www\.|t\.me/)\S+|@[a-z0-9_]{3,}`)

// read takes a text apart. Any bytes will do.
func read(text string) message {
	var m message
	text = norm.NFC.String(strings.ToValidUTF8(firstRunes(text), " "))
	if strings.ContainsAny(text, "@/wW") { // else there is no address
		text = addresses.ReplaceAllStringFunc(text, func(s string) string {
			if s[0] != '@' {
				m.links++
			}
			return " "
		})
	}
	var capitals, letters int
	var cur []rune
	sentence, fresh := 0, true
	flush := func() {
		if len(cur) > 0 {
			m.words = append(m.words, newWord(cur, sentence))
			cur, fresh = cur[:0], false
		}
	}
	rs := []rune(text)
	for i, r := range rs {
		l := letterOf(r)
		switch {
		case l.is(isInvisible):
		case l.is(isApostrophe): // before the letters: U+02BC counts as one
			if len(cur) == 0 || i+1 == len(rs) || !letterOf(rs[i+1]).is(isLetter) {
				flush()
			}
		case l.is(isLetter):
			letters++
			if l.is(isUpper) {
				capitals++
			}
			switch {
			case l.is(isLatin):
				m.latin++
			case l.is(isCyrillic):
				m.cyrillic++
			}
			cur = append(cur, unicode.ToLower(r))
		case l.is(isDigit):
			cur = append(cur, r)
		default:
			flush()
			switch r {
			case '?':
				m.asks = true
				m.asking = append(m.asking, sentence)
			case '!':
				m.shouts++
			}
			if !fresh && strings.ContainsRune(".?!…;\n", r) {
				sentence, fresh = sentence+1, true
			}
		}
	}
	flush()
	if letters >= 12 {
		m.caps = float64(capitals) / float64(letters)
	}
	return m
}

func firstRunes(s string) string {
	if len(s) <= MaxRunes {
		return s
	}
	n := 0
	for i := range s {
		if n == MaxRunes {
			return s[:i]
		}
		n++
	}
	return s
}

// sentencesOf splits words by sentence.
func sentencesOf(words []word) (out [][]word) {
	start := 0
	for i := 1; i <= len(words); i++ {
		if i == len(words) || words[i].sentence != words[start].sentence {
			out = append(out, words[start:i])
			start = i
		}
	}
	return out
}

// unique keeps the first word of each stem.
func unique(words []word) []word {
	seen := map[string]bool{}
	var out []word
	for _, w := range words {
		if !seen[w.stem] {
			seen[w.stem] = true
			out = append(out, w)
		}
	}
	return out
}
