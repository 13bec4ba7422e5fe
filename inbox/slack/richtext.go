package slack

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/bots"
)

// typed is people's text as it was typed: rich_text's text elements are never
// parsed for formatting, mentions or links
// (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block).
func typed(s string) []slack.RichTextSectionElement {
	s = strings.Trim(cut(clean(s), maxWords), "\n")
	if s == "" {
		s = " " // Slack refuses an empty element
	}
	return []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(s, nil)}
}

// formatted is our own or an agent's text with its spans.
func formatted(t bots.Text) []slack.RichTextSectionElement {
	var es []slack.RichTextSectionElement
	left := maxWords
	for _, run := range runs(t) {
		text := cut(run.text, left)
		left -= utf8.RuneCountInString(text)
		switch {
		case text == "":
		case run.url != "":
			es = append(es, slack.NewRichTextSectionLinkElement(run.url, text, run.style))
		default:
			es = append(es, slack.NewRichTextSectionTextElement(text, run.style))
		}
		if left <= 0 {
			break
		}
	}
	if len(es) == 0 {
		return typed("")
	}
	return es
}

// label is a line of our own above somebody's words.
func label(s string) *slack.RichTextSection {
	return slack.NewRichTextSection(slack.NewRichTextSectionTextElement(s, &slack.RichTextSectionTextStyle{Bold: true}))
}

// section is text without a frame, quote with one.
func section(es []slack.RichTextSectionElement) *slack.RichTextSection {
	return slack.NewRichTextSection(es...)
}

func quote(es []slack.RichTextSectionElement) *slack.RichTextQuote {
	return &slack.RichTextQuote{Type: slack.RTEQuote, Elements: es}
}

// struck crosses words out.
func struck(s string) []slack.RichTextSectionElement {
	es := typed(s)
	es[0].(*slack.RichTextSectionTextElement).Style = &slack.RichTextSectionTextStyle{Strike: true}
	return es
}

// run is a piece of text in one style.
type run struct {
	text  string
	url   string
	style *slack.RichTextSectionTextStyle
}

// runs cuts a text wherever a span begins or ends.
func runs(t bots.Text) []run {
	borders := map[int]bool{0: true, len(t.Plain): true}
	for _, s := range t.Spans {
		if s.Start >= 0 && s.End <= len(t.Plain) && s.Start < s.End {
			borders[s.Start], borders[s.End] = true, true
		}
	}
	var out []run
	start := 0
	for at := 1; at <= len(t.Plain); at++ {
		if !borders[at] {
			continue
		}
		r := run{text: t.Plain[start:at]}
		style := slack.RichTextSectionTextStyle{}
		for _, s := range t.Spans {
			if s.Start > start || s.End < at {
				continue
			}
			switch s.Kind {
			case bots.Bold:
				style.Bold = true
			case bots.Italic:
				style.Italic = true
			case bots.Strike:
				style.Strike = true
			case bots.Code, bots.Block:
				style.Code = true
			case bots.Link:
				r.url = s.URL
			}
		}
		if style != (slack.RichTextSectionTextStyle{}) {
			r.style = &style
		}
		out = append(out, r)
		start = at
	}
	return out
}
