package slack

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/poruch/poruch/bots"
)

// agentText is what an agent wrote, ready to leave Slack. The rich text of the
// message says exactly what was meant; its mrkdwn is read where there is none.
// name finds a member's public name.
func agentText(blocks json.RawMessage, mrkdwn string, name func(id string) string) bots.Text {
	var all []richBlock
	if json.Unmarshal(blocks, &all) == nil {
		w := &reader{name: name}
		for _, b := range all {
			if b.Type == "rich_text" {
				w.parts(b.Elements, 0)
			}
		}
		if text := strings.TrimRight(w.out.String(), "\n "); strings.TrimSpace(text) != "" {
			return trimmed(bots.Text{Plain: w.out.String(), Spans: ordered(w.spans)})
		}
	}
	return trimmed(fromMrkdwn(mrkdwn, name))
}

// richBlock is a rich_text block or a part of one:
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
type richBlock struct {
	Type     string          `json:"type"`
	Elements []richBlock     `json:"elements"`
	Text     string          `json:"text"`
	URL      string          `json:"url"`
	UserID   string          `json:"user_id"`
	Name     string          `json:"name"`    // of an emoji
	Unicode  string          `json:"unicode"` // of an emoji, in hexadecimal, joined by dashes
	Value    string          `json:"value"`   // of a colour
	Fallback string          `json:"fallback"`
	Style    json.RawMessage `json:"style"` // an object on text, a word on lists
	Indent   int             `json:"indent"`
	Offset   int             `json:"offset"`
}

// maxNesting is deeper than Slack's own editor goes.
const maxNesting = 16

// parts writes sections, lists, quotes and code blocks, each on lines of its own.
func (w *reader) parts(bs []richBlock, depth int) {
	if depth > maxNesting {
		return
	}
	for _, b := range bs {
		switch b.Type {
		case "rich_text_section":
			w.elements(b.Elements)
		case "rich_text_quote":
			w.newLine()
			w.span(bots.Quote, "", func() { w.elements(b.Elements) })
			w.newLine()
		case "rich_text_preformatted":
			w.newLine()
			w.span(bots.Block, "", func() { w.elements(b.Elements) })
			w.newLine()
		case "rich_text_list":
			w.list(b, depth)
		}
	}
}

func (w *reader) list(b richBlock, depth int) {
	w.newLine()
	var style string
	_ = json.Unmarshal(b.Style, &style) // anything else is a plain list
	for i, item := range b.Elements {
		w.out.WriteString(strings.Repeat("    ", max(0, min(b.Indent, maxNesting))))
		if style == "ordered" {
			w.out.WriteString(strconv.Itoa(b.Offset+i+1) + ". ")
		} else {
			w.out.WriteString("• ")
		}
		w.parts([]richBlock{item}, depth+1)
		w.newLine()
	}
}

func (w *reader) newLine() {
	if s := w.out.String(); s != "" && !strings.HasSuffix(s, "\n") {
		w.out.WriteString("\n")
	}
}

// elements writes what stands in a line. Ids of people, channels and groups
// stay in Slack.
func (w *reader) elements(es []richBlock) {
	for _, e := range es {
		switch e.Type {
		case "text":
			w.styled(e.Style, func() { w.out.WriteString(valid(e.Text)) })
		case "link":
			words := e.Text
			if words == "" {
				words = strings.TrimPrefix(strings.TrimPrefix(e.URL, "mailto:"), "tel:")
			}
			w.styled(e.Style, func() {
				if u, err := url.Parse(e.URL); err != nil || inside(u) || words == e.URL || u.Scheme == "mailto" || u.Scheme == "tel" {
					w.out.WriteString(valid(words))
					return
				}
				w.span(bots.Link, e.URL, func() { w.out.WriteString(valid(words)) })
			})
		case "user":
			w.out.WriteString(w.name(e.UserID))
		case "emoji":
			w.out.WriteString(emoji(e))
		case "date":
			w.out.WriteString(valid(e.Fallback))
		case "color":
			w.out.WriteString(valid(e.Value))
		}
	}
}

// styled writes with the spans of an element's style, the outer ones first.
func (w *reader) styled(raw json.RawMessage, write func()) {
	var style struct{ Bold, Italic, Strike, Code bool }
	_ = json.Unmarshal(raw, &style) // without a style, or with an unknown one: plain
	for _, s := range []struct {
		on   bool
		kind bots.SpanKind
	}{{style.Code, bots.Code}, {style.Strike, bots.Strike}, {style.Italic, bots.Italic}, {style.Bold, bots.Bold}} {
		if s.on {
			inner := write
			write = func() { w.span(s.kind, "", inner) }
		}
	}
	write()
}

// emoji is the character itself; a workspace's own picture has only a name.
func emoji(e richBlock) string {
	var b strings.Builder
	for _, hex := range strings.Split(e.Unicode, "-") {
		r, err := strconv.ParseUint(hex, 16, 32)
		if err != nil || r == 0 || r > 0x10FFFF || r >= 0xD800 && r < 0xE000 {
			return fmt.Sprintf(":%s:", valid(e.Name))
		}
		b.WriteRune(rune(r))
	}
	return b.String()
}

// valid is text that Postgres and every platform can hold.
func valid(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

// trimmed takes blank lines off both ends, and the spans with them.
func trimmed(t bots.Text) bots.Text {
	cutset := " \n\t"
	start := len(t.Plain) - len(strings.TrimLeft(t.Plain, cutset))
	end := len(strings.TrimRight(t.Plain, cutset))
	if end <= start {
		return bots.Text{}
	}
	out := bots.Text{Plain: t.Plain[start:end]}
	for _, s := range t.Spans {
		s.Start, s.End = max(s.Start, start)-start, min(s.End, end)-start
		if s.Start < s.End {
			out.Spans = append(out.Spans, s)
		}
	}
	return out
}
