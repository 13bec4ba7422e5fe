package telegram

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/poruch/poruch/bots"
)

// Telegram's limits, in UTF-16 code units.
const (
	maxText    = 4096 // https://core.telegram.org/bots/api#sendmessage
	maxCaption = 1024 // https://core.telegram.org/bots/api#sendphoto
	maxNotice  = 200  // https://core.telegram.org/bots/api#answercallbackquery
)

// split cuts a text into parts of at most max units: between paragraphs where
// it can, else between lines, else between words. Spans go on over a cut. There
// is always at least one part.
func split(t bots.Text, max int) []bots.Text {
	var parts []bots.Text
	for start := 0; ; {
		rest := t.Plain[start:]
		if units(rest) <= max {
			if strings.TrimSpace(rest) != "" || len(parts) == 0 {
				parts = append(parts, piece(t, start, len(t.Plain)))
			}
			return parts
		}
		cut := cutAt(rest, max)
		if part := piece(t, start, start+len(strings.TrimRight(rest[:cut], " \n"))); strings.TrimSpace(part.Plain) != "" {
			parts = append(parts, part)
		}
		start += cut
		for start < len(t.Plain) && (t.Plain[start] == ' ' || t.Plain[start] == '\n') {
			start++
		}
	}
}

// cutAt is where to cut a text that is too long: the last good place in its
// last three quarters, else anywhere between two runes.
func cutAt(s string, max int) int {
	end := byteAt(s, max)
	if units(s[:end]) > max { // a pair of surrogates lies over the border
		_, size := utf8.DecodeLastRuneInString(s[:end])
		end -= size
	}
	for _, border := range []string{"\n\n", "\n", " "} {
		if at := strings.LastIndex(s[:end], border); at > end/4 {
			return at + len(border)
		}
	}
	return end
}

// piece is t.Plain[start:end] with the parts of spans that lie in it.
func piece(t bots.Text, start, end int) bots.Text {
	p := bots.Text{Plain: t.Plain[start:end]}
	for _, s := range t.Spans {
		from, to := max(s.Start, start), min(s.End, end)
		if from < to {
			s.Start, s.End = from-start, to-start
			p.Spans = append(p.Spans, s)
		}
	}
	return p
}

// cutUnits keeps at most max units of a text, with an ellipsis where it cut.
func cutUnits(s string, max int) string {
	if units(s) <= max {
		return s
	}
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > max-1 {
			return s[:i] + "…"
		}
	}
	return s
}
