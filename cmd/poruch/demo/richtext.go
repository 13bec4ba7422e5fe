package demo

import (
	"cmp"
	"encoding/json"
	"html/template"
	"strconv"
	"strings"
)

// rich is an element of a rich_text block at any depth
// (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block).
type rich struct {
	Type     string          `json:"type"`
	Elements []rich          `json:"elements"`
	Text     string          `json:"text"`
	URL      string          `json:"url"`
	Name     string          `json:"name"`
	UserID   string          `json:"user_id"`
	Channel  string          `json:"channel_id"`
	Range    string          `json:"range"`
	Fallback string          `json:"fallback"`
	Style    json.RawMessage `json:"style"` // "bullet" of a list, or the marks of a text
	Indent   int             `json:"indent"`
	Offset   int             `json:"offset"`
}

type richMarks struct{ Bold, Italic, Strike, Code bool }

func richText(raw []json.RawMessage, who names) template.HTML {
	var b strings.Builder
	for _, one := range raw {
		var e rich
		if json.Unmarshal(one, &e) == nil {
			e.write(&b, who)
		}
	}
	return template.HTML(b.String()) // every text in it went through esc
}

func esc(s string) string { return template.HTMLEscapeString(s) }

func (e rich) inside(b *strings.Builder, who names) {
	for _, x := range e.Elements {
		x.write(b, who)
	}
}

func (e rich) write(b *strings.Builder, who names) {
	wrap := func(tag string) {
		b.WriteString("<" + tag + ">")
		e.inside(b, who)
		b.WriteString("</" + strings.Fields(tag)[0] + ">")
	}
	switch e.Type {
	case "rich_text_section":
		wrap(`div class="line"`)
	case "rich_text_quote":
		wrap("blockquote")
	case "rich_text_preformatted":
		wrap("pre")
	case "rich_text_list":
		e.list(b, who)
	default:
		b.WriteString(e.leaf(who))
	}
}

func (e rich) list(b *strings.Builder, who names) {
	var style string
	_ = json.Unmarshal(e.Style, &style) // anything but a string is a bullet list
	tag, class := "ul", ` class="indent`+strconv.Itoa(min(max(e.Indent, 0), 5))+`"`
	if style == "ordered" {
		tag = "ol"
		class += ` start="` + strconv.Itoa(e.Offset+1) + `"`
	}
	b.WriteString("<" + tag + class + ">")
	for _, item := range e.Elements {
		b.WriteString("<li>")
		item.inside(b, who)
		b.WriteString("</li>")
	}
	b.WriteString("</" + tag + ">")
}

func (e rich) leaf(who names) string {
	var out string
	switch e.Type {
	case "text":
		out = strings.ReplaceAll(esc(e.Text), "\n", "<br>")
	case "link":
		out = anchor(e.URL, esc(cmp.Or(e.Text, e.URL)))
	case "emoji":
		out = esc(emoji(e.Name))
	case "user":
		out = mention("@" + cmp.Or(who["@"+e.UserID], e.UserID))
	case "channel":
		out = mention("#" + cmp.Or(who["#"+e.Channel], e.Channel))
	case "broadcast":
		out = mention("@" + e.Range)
	default: // dates, colours, user groups
		out = esc(cmp.Or(e.Fallback, e.Text))
	}
	var m richMarks
	_ = json.Unmarshal(e.Style, &m) // no style: no marks
	for _, mark := range []struct {
		on  bool
		tag string
	}{{m.Code, "code"}, {m.Strike, "s"}, {m.Italic, "i"}, {m.Bold, "b"}} {
		if mark.on {
			out = "<" + mark.tag + ">" + out + "</" + mark.tag + ">"
		}
	}
	return out
}
