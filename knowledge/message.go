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
}

// concept is a meaning of a word, or of a phrase of several.
type concept struct {
	tag   string
	words int
}

// understand is read, with the meanings marked.
func understand(text string) message {
	m := read(text)
	mark(m.words)
	return m
}

// mark finds the meanings of words, once for all who ask.
func mark(words []word) {
	for i := range words {
		words[i].concepts = nil
	}
	lexicons().concepts.find(words, func(tag string, start, n int) {
		words[start].concepts = append(words[start].concepts, concept{tag, n})
	})
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
	text = addresses.ReplaceAllStringFunc(text, func(s string) string {
		if s[0] != '@' {
			m.links++
		}
		return " "
	})
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
		switch {
		case invisible(r):
		case apostrophe(r): // before the letters: U+02BC counts as one
			if len(cur) == 0 || i+1 == len(rs) || !unicode.IsLetter(rs[i+1]) {
				flush()
			}
		case unicode.IsLetter(r):
			letters++
			if unicode.IsUpper(r) {
				capitals++
			}
			switch {
			case unicode.Is(unicode.Latin, r):
				m.latin++
			case unicode.Is(unicode.Cyrillic, r):
				m.cyrillic++
			}
			cur = append(cur, unicode.ToLower(r))
		case unicode.IsDigit(r):
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

// invisible characters are dropped without ending a word: formatting marks,
// accents that stand alone, and the letters that Unicode draws as nothing.
func invisible(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me)
}

// apostrophe: the signs that people type for the one in «кав’ярня».
func apostrophe(r rune) bool { return strings.ContainsRune("'’ʼ`´‘*′", r) }

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
