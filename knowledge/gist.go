package knowledge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Gist is a message without greetings, thanks and "please tell me", on one
// line; a message of nothing else stays whole. The words left are as they were
// typed.
func Gist(text string) string {
	fields := strings.Fields(strings.ToValidUTF8(firstRunes(text), ""))
	var words []word
	var field []int // by word: which field it is in
	for i, f := range fields {
		for _, w := range read(f).words {
			words, field = append(words, w), append(field, i)
		}
	}
	polite := make([]bool, len(words))
	lexicons().rules.find(words, func(tag string, start, n int) {
		if tag == "greeting" || tag == "polite" || tag == "thanks" {
			for i := start; i < start+n; i++ {
				polite[i] = true
			}
		}
	})
	spoken, idle := make([]bool, len(fields)), make([]bool, len(fields))
	for i, f := range field {
		spoken[f] = spoken[f] || !polite[i]
		idle[f] = idle[f] || polite[i]
	}
	var kept []string
	for i, f := range fields {
		switch {
		case spoken[i]:
			kept = append(kept, f)
		case idle[i] || len(kept) == 0: // politeness, or signs before the first word
		case strings.ContainsFunc(f, letterless):
			kept = append(kept, f)
		}
	}
	if gist := trimSigns(strings.Join(kept, " ")); gist != "" {
		return gist
	}
	return strings.Join(fields, " ")
}

func letterless(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// trimSigns takes off the commas and dashes that stood between politeness and
// the matter.
func trimSigns(s string) string {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return letterless(r) && !strings.ContainsRune("«\"“„(#№", r) })
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		if !strings.ContainsRune(" ,;:-–—", r) {
			break
		}
		s = s[:len(s)-n]
	}
	return s
}
