package slack

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Slack's limits, in characters
// (https://docs.slack.dev/reference/block-kit/blocks), and ours below them.
const (
	maxHeader  = 150
	maxSection = 3000
	maxButton  = 75
	maxValue   = 2000
	maxBlockID = 255
	maxLink    = 3000
	maxText    = 4000 // of a text that is edited later
	maxName    = 60   // of a customer, with room for what we add
	maxWords   = 8000 // of one message: more than 12,000 in all blocks of a post are refused
	maxVersion = 4200 // of each version of a changed one; Telegram's longest is 4096
)

// maxMarks is how many combining marks may follow one character. Living
// languages need up to three; more pile up over other people's lines.
const maxMarks = 3

// clean takes out what is not meant to be read: control characters, direction
// overrides, invisible characters and piles of marks. Line breaks and tabs stay.
func clean(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	var last rune
	for i, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case r == '\r':
			continue // \r\n is one line break, and a lone \r hides what came before
		case r == '\u2028' || r == '\u2029':
			r = '\n'
		case r == zwj:
			next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(zwj):])
			if !pictorial(last) || !unicode.Is(unicode.So, next) || invisible(next) {
				continue
			}
		case r == emojiStyle && !unicode.Is(unicode.M, last):
		case unicode.Is(unicode.Variation_Selector, r), invisible(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			continue
		}
		switch {
		case r == emojiStyle:
		case unicode.Is(unicode.M, r):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

const (
	zwj        = '\u200D'
	emojiStyle = '\uFE0F' // shows the character before it as a picture
)

// pictorial: after these a zero-width joiner makes one picture of two.
func pictorial(r rune) bool {
	return unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) || r == emojiStyle
}

// invisible: letters of Unicode that show nothing, though they count as letters
// or marks.
func invisible(r rune) bool {
	return r == '\u2800' || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// visible says whether a reader would see anything.
func visible(s string) bool {
	return strings.ContainsFunc(clean(s), func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.M, r) })
}

// cleanLine is clean for names and titles: one line, single spaces.
func cleanLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// cut shortens a text to n characters, the last being "…".
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := 0
	for i := range s {
		if runes == n-1 {
			return strings.TrimRight(s[:i], " \n\t") + "…"
		}
		runes++
	}
	return s
}

// escape makes a text harmless where Slack reads mrkdwn:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// fallback is a post's plain text, which notifications show: escaped, so that
// it can neither ping nor link.
func fallback(s string) string {
	s = cut(clean(s), maxSection)
	for n := utf8.RuneCountInString(s); ; n /= 2 {
		if text := escape.Replace(cut(s, n)); utf8.RuneCountInString(text) <= maxText {
			return text
		}
	}
}

// looksLike maps characters to the Latin letter that they are taken for.
var looksLike = func() map[rune]rune {
	m := map[rune]rune{}
	pairs := "аa вb еe ёe єe зz іi їi йu кk мm нh оo рp сc тt уy хx ѕs јj һh ԁd ԛq ԝw гr пn иu ьb бb ґr " +
		"αa βb εe ηn ιi κk νv οo ρp τt υu χx ωw γy μm " +
		"0o 1l il |l !l 3z 5s 8b ıl ɑa ɡg ѵv"
	for _, p := range strings.Fields(pairs) {
		r := []rune(p)
		m[r[0]] = r[1]
	}
	for from, to := range m { // і → i → l
		if onward, ok := m[to]; ok {
			m[from] = onward
		}
	}
	return m
}()

// fold makes one word of all names that look alike.
func fold(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(clean(name))) {
		if like, ok := looksLike[r]; ok {
			r = like
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
