package slack

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/poruch/poruch/bots"
)

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// angle is what Slack puts in angle brackets: links, mentions, commands. What a
// person typed arrives escaped, so a bare < is always Slack's.
var angle = regexp.MustCompile(`<([^<>\n]*)>`)

// fromMrkdwn turns an agent's message into text with spans. Mentions of people
// become their names, of channels and groups their labels; ids never leave
// Slack. name finds a member's public name.
func fromMrkdwn(s string, name func(id string) string) bots.Text {
	w := &reader{name: name}
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
	parts := strings.Split(s, "```")
	for i, part := range parts {
		if i%2 == 1 && i < len(parts)-1 {
			w.span(bots.Block, "", func() { w.plain(strings.Trim(part, "\n")) })
			continue
		}
		if i%2 == 1 {
			w.plain("```") // never closed
		}
		w.lines(part)
	}
	return bots.Text{Plain: w.out.String(), Spans: ordered(w.spans)}
}

type reader struct {
	name  func(string) string
	out   strings.Builder
	spans []bots.Span
}

func (w *reader) span(kind bots.SpanKind, address string, do func()) {
	start := w.out.Len()
	at := len(w.spans)
	do()
	if end := w.out.Len(); end > start {
		w.spans = append(w.spans, bots.Span{})
		copy(w.spans[at+1:], w.spans[at:])
		w.spans[at] = bots.Span{Kind: kind, Start: start, End: end, URL: address}
	}
}

// plain writes characters as they were typed; Slack's angle brackets in it are
// read, without formatting.
func (w *reader) plain(s string) {
	last := 0
	for _, m := range angle.FindAllStringSubmatchIndex(s, -1) {
		w.out.WriteString(unescape.Replace(s[last:m[0]]))
		label, _ := w.bracket(s[m[2]:m[3]])
		w.out.WriteString(label)
		last = m[1]
	}
	w.out.WriteString(unescape.Replace(s[last:]))
}

func (w *reader) lines(s string) {
	for i, line := range strings.SplitAfter(s, "\n") {
		if rest, ok := strings.CutPrefix(line, "&gt; "); ok && (i > 0 || w.out.Len() == 0) {
			w.span(bots.Quote, "", func() { w.inline(strings.TrimSuffix(rest, "\n")) })
			if strings.HasSuffix(rest, "\n") {
				w.out.WriteString("\n")
			}
			continue
		}
		w.inline(line)
	}
}

var marks = map[byte]bots.SpanKind{'*': bots.Bold, '_': bots.Italic, '~': bots.Strike, '`': bots.Code}

// inline reads formatting, mentions and links.
func (w *reader) inline(s string) {
	start := 0
	flush := func(to int) { w.out.WriteString(unescape.Replace(s[start:to])) }
	for i := 0; i < len(s); {
		if s[i] == '<' {
			if end := bracketEnd(s[i:]); end > 0 {
				flush(i)
				label, address := w.bracket(s[i+1 : i+end])
				if address == "" {
					w.out.WriteString(label)
				} else {
					w.span(bots.Link, address, func() { w.out.WriteString(label) })
				}
				i += end + 1
				start = i
				continue
			}
		}
		kind, ok := marks[s[i]]
		end := -1
		if ok && opensMark(s, i) {
			end = closingMark(s, i)
		}
		if end < 0 {
			i++
			continue
		}
		flush(i)
		inner := s[i+1 : end]
		w.span(kind, "", func() {
			if kind == bots.Code {
				w.plain(inner)
				return
			}
			w.inline(inner)
		})
		i = end + 1
		start = i
	}
	flush(len(s))
}

// opensMark: a mark formats only at the beginning of a word.
func opensMark(s string, i int) bool {
	if i+1 >= len(s) || s[i+1] == ' ' || s[i+1] == s[i] || s[i+1] == '\n' {
		return false
	}
	return i == 0 || !isWord(s[i-1])
}

// closingMark finds the mark that ends a word on the same line, or -1.
func closingMark(s string, i int) int {
	unclosed := false // no bracket closes on the rest of the line
	for j := i + 1; j < len(s) && s[j] != '\n'; j++ {
		if s[j] == '<' && !unclosed { // what is in angle brackets stays whole
			end := bracketEnd(s[j:])
			unclosed = end == 0
			j += end
			continue
		}
		if j > i+1 && s[j] == s[i] && s[j-1] != ' ' && (j+1 == len(s) || !isWord(s[j+1])) {
			return j
		}
	}
	return -1
}

// bracketEnd is where the angle bracket closes that s begins with; 0 when it
// does not.
func bracketEnd(s string) int {
	if end := strings.IndexAny(s, ">\n"); end > 0 && s[end] == '>' {
		return end
	}
	return 0
}

// isWord: a letter or digit; bytes above ASCII belong to letters.
func isWord(b byte) bool {
	return b >= 0x80 || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// bracket reads what stands in angle brackets: its words, and the address of a
// link that leads out of Slack.
func (w *reader) bracket(inner string) (label, address string) {
	target, shown, _ := strings.Cut(inner, "|")
	shown = unescape.Replace(shown)
	switch {
	case strings.HasPrefix(target, "@"):
		if shown == "" {
			shown = w.name(strings.TrimPrefix(target, "@"))
		}
		return strings.TrimPrefix(shown, "@"), ""
	case strings.HasPrefix(target, "#"):
		return shown, ""
	case strings.HasPrefix(target, "!date^"):
		return shown, ""
	case strings.HasPrefix(target, "!"):
		return "", "" // <!here>, <!channel>, groups: nothing for a customer
	}
	target = unescape.Replace(target)
	if shown == "" {
		shown = strings.TrimPrefix(strings.TrimPrefix(target, "mailto:"), "tel:")
	}
	u, err := url.Parse(target)
	if err != nil || inside(u) {
		return shown, ""
	}
	if shown == target || u.Scheme == "mailto" || u.Scheme == "tel" {
		return shown, "" // platforms link bare addresses by themselves
	}
	return shown, target
}

// inside: the address means something in Slack only, or nothing at all.
func inside(u *url.URL) bool {
	switch u.Scheme {
	case "http", "https":
		host := strings.ToLower(u.Hostname())
		return host == "slack.com" || strings.HasSuffix(host, ".slack.com")
	case "mailto", "tel":
		return false
	}
	return true
}

// ordered puts outer spans before inner ones.
func ordered(ss []bots.Span) []bots.Span {
	for i := 1; i < len(ss); i++ {
		for j := i; j > 0 && before(ss[j], ss[j-1]); j-- {
			ss[j], ss[j-1] = ss[j-1], ss[j]
		}
	}
	return ss
}

func before(a, b bots.Span) bool {
	if a.Start != b.Start {
		return a.Start < b.Start
	}
	return a.End > b.End
}
