package files

import (
	"regexp"
	"slices"
	"strings"

	"github.com/poruch/poruch/knowledge"
)

// itemsOf splits a cell. One with line breaks has an item a line; else the items
// stand between " | ", or, where they are short words, between the signs.
func itemsOf(text, signs string) (items []string) {
	var parts []string
	switch {
	case strings.Contains(text, "\n"):
		parts = strings.Split(text, "\n")
	case strings.Contains(text, " | "):
		parts = strings.Split(text, " | ")
	default:
		parts = strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(signs, r) })
	}
	for _, s := range parts {
		if s = strings.TrimSpace(s); s != "" {
			items = append(items, s)
		}
	}
	return items
}

// itemsText is the other way round: a line each, and a line break behind a
// single item that would be split.
func itemsText(items []string, signs string) string {
	text := strings.Join(items, "\n")
	if len(items) == 1 && !slices.Equal(itemsOf(text, signs), items) {
		return text + "\n"
	}
	return text
}

var markdownLink = regexp.MustCompile(`^\[(.*)\]\((https?://\S+)\)$`)

// linkOf reads "label https://…" or "[label](https://…)".
func linkOf(text string) knowledge.Link {
	text = strings.TrimSpace(text)
	if m := markdownLink.FindStringSubmatch(text); m != nil {
		return knowledge.Link{Label: strings.TrimSpace(m[1]), URL: m[2]}
	}
	if i := strings.LastIndexByte(text, ' '); i >= 0 {
		return knowledge.Link{Label: strings.TrimSpace(text[:i]), URL: text[i+1:]}
	}
	return knowledge.Link{URL: text}
}

func linkText(l knowledge.Link) string { return l.Label + " " + l.URL }

// Spreadsheets run cells that begin like a formula, and they round long numbers
// and drop leading zeros. An apostrophe in front keeps them texts, as advised in
// https://owasp.org/www-community/attacks/CSV_Injection. A cell that has its own
// apostrophes there gets one more, so that taking one away gives what there was.
var risky = regexp.MustCompile(`^'*(?:[=+\-@\t\r\n＝＋－＠]|[0-9]{12,}\s*$|0[0-9]+\s*$)`)

func guard(cell string) string {
	if risky.MatchString(cell) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if strings.HasPrefix(cell, "'") && risky.MatchString(cell) {
		return cell[1:]
	}
	return cell
}
