package slack

import (
	"github.com/slack-go/slack"

	"github.com/poruch/poruch/bots"
)

// words shows plain text as it was typed: rich_text's text elements are never
// parsed for formatting, mentions or links.
func words(s string) *slack.RichTextBlock {
	return rich(bots.Plain(safe(s)), false)
}

// formatted shows our own or an agent's text with its spans.
func formatted(t bots.Text) *slack.RichTextBlock { return rich(t, true) }

func rich(t bots.Text, spans bool) *slack.RichTextBlock {
	t.Plain = cut(t.Plain, maxWords)
	if t.Plain == "" {
		t.Plain = " " // an empty element is refused
	}
	var es []slack.RichTextSectionElement
	for _, run := range runs(t, spans) {
		if run.url != "" {
			es = append(es, slack.NewRichTextSectionLinkElement(run.url, run.text, run.style))
			continue
		}
		es = append(es, slack.NewRichTextSectionTextElement(run.text, run.style))
	}
	return slack.NewRichTextBlock("", slack.NewRichTextSection(es...))
}

// run is a piece of text in one style.
type run struct {
	text  string
	url   string
	style *slack.RichTextSectionTextStyle
}

// runs cuts a text wherever a span begins or ends.
func runs(t bots.Text, spans bool) []run {
	if !spans || len(t.Spans) == 0 {
		return []run{{text: t.Plain}}
	}
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
