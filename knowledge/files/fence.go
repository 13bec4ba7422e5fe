package files

import (
	"regexp"
	"strings"
)

var fence = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})(.*)$")

// fenceOf reads the sign and length of a line that could open or close a block
// of code; n is 0 for others.
func fenceOf(line string) (sign byte, n int, rest string) {
	if !begins(line, "`~") {
		return 0, 0, ""
	}
	m := fence.FindStringSubmatch(line)
	if m == nil {
		return 0, 0, ""
	}
	return m[1][0], len(m[1]), strings.TrimSpace(m[2])
}

// begins spares most lines a look by a slower way.
func begins(line, signs string) bool {
	line = strings.TrimLeft(line, " ")
	return line != "" && strings.IndexByte(signs, line[0]) >= 0
}

// blocks finds the blocks of code among lines: for each first line, the last
// one. A block that is never closed is none.
func blocks(lines []string) map[int]int {
	found := map[int]int{}
	never := map[byte]int{} // from this length on, nothing closes a block any more
	for i := 0; i < len(lines); i++ {
		sign, n, info := fenceOf(lines[i])
		if n == 0 || sign == '`' && strings.Contains(info, "`") || never[sign] != 0 && n >= never[sign] {
			continue
		}
		end := closes(lines[i+1:], sign, n)
		if end < 0 {
			never[sign] = n
			continue
		}
		found[i] = i + 1 + end
		i = found[i]
	}
	return found
}

func closes(lines []string, sign byte, n int) int {
	for i, line := range lines {
		if s, m, rest := fenceOf(line); s == sign && m >= n && rest == "" {
			return i
		}
	}
	return -1
}

// fenced says of each line whether it lies in a block of code.
func fenced(lines []string) []bool {
	in := make([]bool, len(lines))
	for first, last := range blocks(lines) {
		for i := first; i <= last; i++ {
			in[i] = true
		}
	}
	return in
}

// Lines of an answer that would begin something in a document carry a
// backslash, as Markdown has it. One that has backslashes already gets one more.
var (
	escapable = regexp.MustCompile("^( {0,3})(\\\\*#{1,6}(?:[ \\t].*)?|\\\\+(?:`{3}|~{3}).*)$")
	escape    = regexp.MustCompile("^( {0,3})\\\\(\\\\*(?:#{1,6}(?:[ \\t].*)?|(?:`{3}|~{3}).*))$")
)

func escaped(lines []string) []string {
	out := make([]string, len(lines))
	code := fenced(lines)
	for i, line := range lines {
		_, n, _ := fenceOf(line)
		switch {
		case code[i]:
			out[i] = line
		case n > 0:
			bare := strings.TrimLeft(line, " ")
			out[i] = line[:len(line)-len(bare)] + `\` + bare
		case !begins(line, `\#`):
			out[i] = line
		default:
			out[i] = escapable.ReplaceAllString(line, `$1\$2`)
		}
	}
	return out
}

func unescaped(lines []string) []string {
	out := make([]string, len(lines))
	code := fenced(lines)
	for i, line := range lines {
		out[i] = line
		if !code[i] && begins(line, `\`) {
			out[i] = escape.ReplaceAllString(line, "$1$2")
		}
	}
	return out
}
