package telegramtest

import (
	"html"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// entity marks a part of a text, in UTF-16 units
// (https://core.telegram.org/bots/api#messageentity).
type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
	User   *struct {
		ID int64 `json:"id"`
	} `json:"user,omitempty"`
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

var found = regexp.MustCompile(`(?:^|\s)(/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?)|(?:^|\W)(@\w{4,32})|(https?://[^\s<>"]+)`)

// detect finds what Telegram itself marks in what people type.
func detect(text string) []entity {
	var out []entity
	for _, m := range found.FindAllStringSubmatchIndex(text, -1) {
		for i, kind := range []string{"bot_command", "mention", "url"} {
			if from, to := m[2+2*i], m[3+2*i]; from >= 0 {
				out = append(out, entity{Type: kind, Offset: units(text[:from]), Length: units(text[from:to])})
			}
		}
	}
	return out
}

// checkEntities refuses what the real server would: marks outside of the text.
func checkEntities(text string, es []entity) *apiError {
	n := units(text)
	for _, e := range es {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > n {
			return badRequest("ENTITY_BOUNDS_INVALID")
		}
		if e.Type == "text_link" && e.URL == "" {
			return badRequest("ENTITY_URL_INVALID")
		}
	}
	return nil
}

var tagOf = map[string]string{
	"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code",
	"pre": "pre", "blockquote": "blockquote", "expandable_blockquote": "blockquote", "text_link": "a", "url": "a",
}

// renderHTML shows a text with its marks. All characters are escaped, only the
// tags of tagOf are written, and links keep to schemes that cannot run code.
func renderHTML(text string, es []entity) string {
	shown := make([]entity, 0, len(es))
	for _, e := range es {
		if tagOf[e.Type] != "" {
			shown = append(shown, e)
		}
	}
	sort.SliceStable(shown, func(i, j int) bool {
		if shown[i].Offset != shown[j].Offset {
			return shown[i].Offset < shown[j].Offset
		}
		return shown[i].Length > shown[j].Length
	})
	var b strings.Builder
	var open []entity
	at, next := 0, 0
	closeTo := func(pos int) {
		for len(open) > 0 {
			top := open[len(open)-1]
			if top.Offset+top.Length > pos {
				return
			}
			b.WriteString("</" + tagOf[top.Type] + ">")
			open = open[:len(open)-1]
		}
	}
	for i := 0; i < len(text); {
		closeTo(at)
		for ; next < len(shown) && shown[next].Offset <= at; next++ {
			e := shown[next]
			if len(open) > 0 { // crossing marks are cut to stay inside
				top := open[len(open)-1]
				e.Length = min(e.Offset+e.Length, top.Offset+top.Length) - e.Offset
			}
			b.WriteString(openTag(text, e))
			open = append(open, e)
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		b.WriteString(html.EscapeString(string(r)))
		i += size
		at += max(1, utf16.RuneLen(r))
	}
	for _, e := range slices.Backward(open) {
		b.WriteString("</" + tagOf[e.Type] + ">")
	}
	return b.String()
}

func openTag(text string, e entity) string {
	tag := tagOf[e.Type]
	if tag != "a" {
		return "<" + tag + ">"
	}
	link := e.URL
	if e.Type == "url" {
		u := utf16.Encode([]rune(text))
		link = string(utf16.Decode(u[e.Offset : e.Offset+e.Length]))
	}
	low := strings.ToLower(link)
	for _, scheme := range []string{"http://", "https://", "tel:", "mailto:"} {
		if strings.HasPrefix(low, scheme) {
			return `<a href="` + html.EscapeString(link) + `" rel="noopener noreferrer" target="_blank">`
		}
	}
	return "<a>"
}

var parsed = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "s": "strikethrough", "del": "strikethrough",
	"code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link",
}

var (
	tagRE  = regexp.MustCompile(`<(/?)([a-zA-Z]+)((?:\s[^<>]*)?)>`)
	hrefRE = regexp.MustCompile(`href\s*=\s*"([^"]*)"`)
)

// parseHTML reads parse_mode HTML (https://core.telegram.org/bots/api#html-style).
func parseHTML(src string) (string, []entity, *apiError) {
	var b strings.Builder
	var es, open []entity
	last := 0
	for _, m := range tagRE.FindAllStringSubmatchIndex(src, -1) {
		b.WriteString(html.UnescapeString(src[last:m[0]]))
		last = m[1]
		name := strings.ToLower(src[m[4]:m[5]])
		kind, ok := parsed[name]
		if !ok {
			return "", nil, badRequest(`can't parse entities: Unsupported start tag "` + name + `"`)
		}
		at := units(b.String())
		if m[2] == m[3] {
			e := entity{Type: kind, Offset: at}
			if href := hrefRE.FindStringSubmatch(src[m[6]:m[7]]); href != nil {
				e.URL = html.UnescapeString(href[1])
			}
			open = append(open, e)
			continue
		}
		if len(open) == 0 || open[len(open)-1].Type != kind {
			return "", nil, badRequest("can't parse entities: Unmatched end tag")
		}
		e := open[len(open)-1]
		open = open[:len(open)-1]
		if e.Length = at - e.Offset; e.Length > 0 {
			es = append(es, e)
		}
	}
	if len(open) > 0 {
		return "", nil, badRequest("can't parse entities: Can't find end tag")
	}
	b.WriteString(html.UnescapeString(src[last:]))
	return b.String(), es, nil
}
