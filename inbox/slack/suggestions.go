package slack

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// maxListed is how many files, links or choices one message names.
const maxListed = 10

// suggestions are the brand's own words: vetted, but escaped all the same.
func (d *card) suggestions() {
	if d.Ticket.Settled() || len(d.Suggestions) == 0 {
		return
	}
	d.add(slack.NewDividerBlock(), slack.NewRichTextBlock("", label(d.say("suggestions"))))
	for i, s := range d.Suggestions {
		value := buttonValue{Ticket: d.Ticket.ID, Entry: s.EntryID}.String()
		if len(value) > maxValue {
			continue // an id that no button can carry
		}
		send := slack.NewButtonBlockElement(actionSuggest+strconv.Itoa(i+1), value, plain(cut(d.say("send"), maxButton)))
		d.add(slack.NewSectionBlock(d.mrkdwn(d.suggestion(s)), nil, slack.NewAccessory(send)))
		if s.Meant {
			d.judge(s)
		}
	}
}

// mrkdwn is text with our formatting: what people wrote in it is escaped. Slack
// makes no links of its own in it.
func (d *card) mrkdwn(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

// suggestion is an answer as staff read it before they send it.
func (d *card) suggestion(s inbox.Suggestion) string {
	var head string
	if s.Meant {
		head = d.say("meant")
		if s.Because != "" {
			head = d.say("meant_because", vars{"Why": d.say("because_" + string(s.Because))})
		}
		if v := d.verdict(s.Verdict); v != "" {
			head += "  " + v
		}
		head = escape.Replace(head) + "\n"
	}
	// The parts are short enough for a section, whatever escaping makes of them.
	text := head + "*" + escape.Replace(cut(cleanLine(s.Title), maxHeader)) + "*  " + percent(s.Confidence) + "\n" +
		escape.Replace(cut(s.Text.Plain, maxPreview))
	for _, name := range s.Files[:min(len(s.Files), maxListed)] {
		text = withLine(text, escape.Replace(d.fileNamed(name)))
	}
	for _, l := range s.Links {
		if isLink(l.URL) {
			text = withLine(text, "🔗 "+mrkdwnLink(l))
		}
	}
	return text
}

// withLine adds a line where the section has room for it.
func withLine(text, line string) string {
	if longer := text + "\n" + line; utf8.RuneCountInString(longer) <= maxSection {
		return longer
	}
	return text
}

// judge offers a verdict on what the bot would have answered.
func (d *card) judge(s inbox.Suggestion) {
	var es []slack.BlockElement
	if s.Verdict != inbox.Confirmed {
		es = append(es, d.verdictButton(actionRight, d.Ticket.Message))
	}
	if s.Verdict != inbox.Wrong {
		es = append(es, d.verdictButton(actionWrong, d.Ticket.Message))
	}
	d.add(slack.NewActionBlock("", es...))
}

func (d *card) verdictButton(action string, message int64) *slack.ButtonBlockElement {
	value := buttonValue{Ticket: d.Ticket.ID, Message: message}.String()
	return slack.NewButtonBlockElement(action, value, plain(cut(d.say(action), maxButton)))
}

// answered says what the bot answered, for staff to judge.
func (d *card) answered() {
	if d.Ticket.Settled() || d.Answered.Message == 0 || len(d.Answered.Titles) == 0 {
		return
	}
	var titles []string
	for _, t := range d.Answered.Titles {
		titles = append(titles, cut(cleanLine(t), maxName))
	}
	text := d.say("answered", vars{"Titles": strings.Join(titles, ", ")})
	if v := d.verdict(d.Answered.Verdict); v != "" {
		text += "  " + v
	}
	action := actionWrongAnswer
	if d.Answered.Verdict == inbox.Wrong {
		action = actionRightAnswer
	}
	d.add(slack.NewSectionBlock(plain(cut(text, maxSection)), nil, slack.NewAccessory(d.verdictButton(action, d.Answered.Message))))
}

// isLink says whether Slack takes an address for a link in a text.
func isLink(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && len(s) <= maxLink && !strings.ContainsAny(s, "<>| \n\t")
}

// mrkdwnLink is a link in mrkdwn; its label can be taken for nothing else.
func mrkdwnLink(l knowledge.Link) string {
	text := cut(cleanLine(l.Label), maxName)
	if text == "" {
		text = cut(l.URL, maxName)
	}
	return "<" + escape.Replace(l.URL) + "|" + escape.Replace(text) + ">"
}

// line is a line of rich text.
type line []slack.RichTextSectionElement

func span(s string) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(s, nil)
}

// linkLines are links in rich text, one a line. What is no address of the web
// stays words.
func linkLines(links []knowledge.Link) (lines []line) {
	for _, l := range links[:min(len(links), maxListed)] {
		text := cut(cleanLine(l.Label), maxName)
		if text == "" {
			text = cut(cleanLine(l.URL), maxName)
		}
		switch {
		case text == "":
		case isLink(l.URL):
			lines = append(lines, line{span("🔗 "), slack.NewRichTextSectionLinkElement(l.URL, text, nil)})
		default:
			lines = append(lines, line{span("🔗 " + text)})
		}
	}
	return lines
}

// list is lines below one another; nil when there are none.
func list(lines []line) []slack.RichTextElement {
	var es []slack.RichTextSectionElement
	for i, l := range lines {
		if i > 0 {
			es = append(es, span("\n"))
		}
		es = append(es, l...)
	}
	if len(es) == 0 {
		return nil
	}
	return []slack.RichTextElement{section(es)}
}
