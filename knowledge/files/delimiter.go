package files

import (
	"regexp"
	"strings"
)

var separatorLine = regexp.MustCompile(`(?i)^"?sep=([,;\t|])"?[ ,;\t]*$`)

// delimited finds the sign between the cells: the one that the first line names
// as Excel does ("sep=;"), or the one that gives the first row the most names of
// columns. It empties the line of Excel, which keeps the numbers of the others.
func delimited(text string) (rest string, comma rune) {
	first, _, _ := strings.Cut(text, "\n")
	if m := separatorLine.FindStringSubmatch(first); m != nil {
		return text[len(first):], rune(m[1][0])
	}
	comma, most := ',', -1
	for _, sign := range []rune{';', ',', '\t'} {
		row, err := rowsOf(firstRows(text), sign).Read()
		if err != nil {
			continue
		}
		known := 0
		for _, cell := range row {
			if fieldNamed(strings.TrimSpace(cell)) != "" {
				known += 1000 // a known name outweighs many cells
			}
		}
		if known+min(len(row), 999) > most {
			comma, most = sign, known+min(len(row), 999)
		}
	}
	return text, comma
}

// firstRows is enough of a text to see the first row in that says something.
func firstRows(text string) string {
	const enough = 64 << 10
	for line := range strings.Lines(text) {
		if strings.Trim(line, "\n,;\t \"") != "" {
			break
		}
		text = text[len(line):]
	}
	return text[:min(len(text), enough)]
}
