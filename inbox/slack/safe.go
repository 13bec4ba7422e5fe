package slack

import (
	"strings"
	"unicode"
)

// Slack's limits, in characters.
// https://docs.slack.dev/reference/block-kit/blocks
const (
	maxHeader  = 150
	maxSection = 3000
	maxLabel   = 75
	maxValue   = 2000
	maxWords   = 12000 // of one message's text as we show it
	maxName    = 80    // of a customer, as a username
)

// safe takes out what could disturb staff: control characters, those that turn
// the direction of text, and invisible ones.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r):
			return -1
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u061c', r == '\u200e', r == '\u200f':
			return -1 // direction
		case r == '\u200b', r == '\u2060', r == '\ufeff', r >= '\U000e0000' && r <= '\U000e007f':
			return -1 // invisible
		case r == unicode.ReplacementChar:
			return r
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// cut keeps at most n characters, with an ellipsis where it cut.
func cut(s string, n int) string {
	count := 0
	for i := range s {
		if count++; count > n {
			runes := []rune(s[:i])
			return string(runes[:n-1]) + "…"
		}
	}
	return s
}

// oneLine is safe text on one line.
func oneLine(s string, n int) string {
	return cut(strings.Join(strings.Fields(safe(s)), " "), n)
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// fallback is the plain text of a post, which notifications show: escaped, so
// that it cannot ping.
func fallback(s string) string { return escape.Replace(cut(safe(s), maxSection)) }
