package embeddings

import (
	"regexp"
	"strings"

	"github.com/poruch/poruch/knowledge"
)

// masks replace what points to a person and means nothing to a matcher, before
// a text leaves: addresses of mail, links, names of accounts, and numbers of
// five digits and more, as of phones, cards and orders.
var masks = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`[^\s<>()@]+@[^\s<>()@]+\.[^\s<>()@]+`), "mail"},
	{regexp.MustCompile(`(?i)(?:https?://|www\.|t\.me/)\S+`), "link"},
	{regexp.MustCompile(`@[A-Za-z0-9_]{3,}`), "name"},
	{regexp.MustCompile(`\+?\d(?:[\s().-]{0,2}\d){4,}`), "number"},
}

// tidy is a text as it is sent and hashed: masked, white space made one space,
// without the end that the matcher would not read either. "" has no vector.
func tidy(text string) string {
	n := 0
	for i := range text {
		if n == knowledge.MaxRunes {
			text = text[:i]
			break
		}
		n++
	}
	for _, m := range masks {
		text = m.what.ReplaceAllLiteralString(text, m.with)
	}
	return strings.Join(strings.Fields(text), " ")
}
