package slack

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// The action ids of a card's buttons. A suggestion's has its number behind it,
// for ids must differ within a message; so verdicts on what the bot answered and
// on what it would have answered have their own.
const (
	actionClaim   = "claim"
	actionResolve = "resolve"
	actionSnooze  = "snooze"
	actionReopen  = "reopen"
	actionSuggest = "suggest_"
	actionOpen    = "open_link"

	actionRight       = "right"
	actionWrong       = "wrong"
	actionRightAnswer = "right_answer"
	actionWrongAnswer = "wrong_answer"
)

// Lengths of what a card quotes; the whole words are in the thread or on the
// platform.
const (
	maxPreview = 160
	maxQuoted  = 300
)

// card is a ticket's head of thread being drawn.
type card struct {
	inbox.Card
	words    words
	customer string
	blocks   []slack.Block
}

// drawCard makes the blocks and the fallback text of a card.
func (c *Console) drawCard(ctx context.Context, in inbox.Card) ([]slack.Block, string) {
	if in.Lang == "" {
		in.Lang = c.cfg.StaffLang
	}
	d := &card{Card: in, words: c.words, customer: c.customerName(ctx, in.Lang, in.Contact.Name)}
	d.head()
	d.question()
	d.grounds()
	d.history()
	d.answered()
	d.suggestions()
	d.buttons()
	return d.blocks, fallback(d.title() + " · " + d.customer + ": " + in.Question.Text.Plain)
}

func (d *card) say(id string, data ...vars) string { return d.words.say(d.Lang, id, data...) }

func (d *card) add(b ...slack.Block) { d.blocks = append(d.blocks, b...) }

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

func (d *card) title() string {
	return d.say("title", vars{"Ticket": d.Ticket.ID, "State": d.say("state_" + string(d.Ticket.State))})
}

// head says who asks, where, and who answers.
func (d *card) head() {
	title := d.title()
	if d.Ticket.Priority == inbox.PriorityHigh && !d.Ticket.Settled() {
		title = d.say("urgent") + " · " + title
	}
	d.add(slack.NewHeaderBlock(plain(cut(title, maxHeader)), slack.HeaderBlockOptionBlockID(blockID(d.Key))))
	var open *slack.Accessory
	if isWebLink(d.Link) {
		button := slack.NewButtonBlockElement(actionOpen, "", plain(cut(d.say("open_platform", vars{"Platform": d.Platform}), maxButton)))
		button.URL = d.Link
		open = slack.NewAccessory(button)
	}
	d.add(slack.NewSectionBlock(plain(d.say("customer", vars{"Name": d.customer})), nil, open))
	facts := []string{d.place()}
	if lang := d.words.language(d.Lang, d.Ticket.Lang); lang != "" {
		facts = append(facts, d.say("writes_in", vars{"Lang": lang}))
	}
	facts = append(facts, d.holder())
	d.add(smallPrint(facts...))
	if d.Ticket.State == inbox.StateSnoozed {
		d.add(slack.NewContextBlock("", slack.NewTextBlockObject(slack.MarkdownType, d.snoozed(), false, false)))
	}
	if d.Contact.Blocked {
		d.add(slack.NewSectionBlock(plain(d.say("blocked")), nil, nil))
	}
}

// smallPrint is a line of small print.
func smallPrint(facts ...string) *slack.ContextBlock {
	var es []slack.MixedElement
	for _, f := range facts {
		es = append(es, plain(cut(f, maxSection)))
	}
	return slack.NewContextBlock("", es...)
}

func (d *card) place() string {
	if title := cut(cleanLine(d.Community), maxHeader); title != "" {
		return d.say("in_community", vars{"Platform": d.Platform, "Community": title})
	}
	return d.say("in_private", vars{"Platform": d.Platform})
}

func (d *card) holder() string {
	switch {
	case d.Ticket.Assignee.Name != "":
		return d.say("claimed_by", vars{"Name": d.Ticket.Assignee.Name})
	case d.Ticket.Assignee.ID != "":
		return d.say("claimed")
	}
	return d.say("unclaimed")
}

// snoozed says until when, in each reader's own time zone:
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
func (d *card) snoozed() string {
	until := d.Ticket.SnoozedUntil
	if until.IsZero() {
		return d.say("snoozed_customer")
	}
	at := fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", until.Unix(), until.UTC().Format(time.RFC822))
	return d.say("snoozed_until", vars{"Time": at})
}

func (d *card) question() {
	text := d.Question.Text.Plain
	es := []slack.RichTextElement{label(d.say("question"))}
	if d.Question.Deleted {
		es = append(es, section(typed(d.say("retracted"))))
	}
	if visible(text) {
		es = append(es, quote(typed(cut(text, maxSection))))
	} else if len(d.Question.Files) == 0 {
		es = append(es, section(typed(d.say("no_words"))))
	}
	for _, f := range d.Question.Files {
		es = append(es, section(typed("\n"+d.fileName(f))))
	}
	d.add(slack.NewRichTextBlock("", es...))
}

func (d *card) fileName(f bots.File) string {
	if cleanLine(f.Name) == "" {
		return d.fileNamed(f.Note)
	}
	return d.fileNamed(f.Name)
}

func (d *card) fileNamed(name string) string {
	name = cut(cleanLine(name), maxName)
	if name == "" {
		name = d.say("file_unnamed")
	}
	return d.say("file_name", vars{"Name": name})
}

func (d *card) history() {
	if len(d.History) == 0 {
		return
	}
	es := []slack.RichTextElement{label(d.say("history"))}
	for _, m := range d.History {
		who := d.speaker(m)
		words := cut(cleanLine(m.Text.Plain), maxQuoted)
		if words == "" {
			words = d.say("files", vars{"Count": len(m.Files) + len(m.StaffFiles)})
		}
		es = append(es, quote([]slack.RichTextSectionElement{
			slack.NewRichTextSectionTextElement(who+": ", &slack.RichTextSectionTextStyle{Bold: true}),
			slack.NewRichTextSectionTextElement(words, nil),
		}))
		es = append(es, list(linkLines(linksOf(m)))...)
	}
	d.add(slack.NewRichTextBlock("", es...))
}

func (d *card) speaker(m inbox.Message) string {
	switch m.Direction {
	case inbox.FromBot:
		return d.say("from_bot")
	case inbox.FromAgent:
		if m.Author != "" {
			return m.Author
		}
		return d.say("from_agent")
	case inbox.Internal:
		return d.say("note_by", vars{"Name": m.Author})
	}
	return d.customer
}

func (d *card) buttons() {
	value := buttonValue{Ticket: d.Ticket.ID}.String()
	button := func(action string, style slack.Style) slack.BlockElement {
		b := slack.NewButtonBlockElement(action, value, plain(cut(d.say(action), maxButton)))
		b.Style = style
		return b
	}
	if d.Ticket.Settled() {
		d.add(slack.NewActionBlock("", button(actionReopen, slack.StyleDefault)))
		return
	}
	var es []slack.BlockElement
	if d.Ticket.Assignee.ID == "" {
		es = append(es, button(actionClaim, slack.StyleDefault))
	}
	es = append(es, button(actionResolve, slack.StylePrimary), button(actionSnooze, slack.StyleDefault))
	d.add(slack.NewActionBlock("", es...), smallPrint(d.say("how")))
}

// customerName is how staff see a customer: one that reads like a member of
// the workspace is marked.
func (c *Console) customerName(ctx context.Context, lang knowledge.Lang, name string) string {
	name = cut(cleanLine(name), maxName)
	if !visible(name) {
		return c.words.say(lang, "nameless")
	}
	if c.people.mayBeMember(ctx, name) {
		name += " " + c.words.say(lang, "customer_mark")
	}
	return name
}

// linksOf are the links under a message of ours.
func linksOf(m inbox.Message) (links []knowledge.Link) {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.URL != "" {
				links = append(links, knowledge.Link{Label: b.Label, URL: b.URL})
			}
		}
	}
	return links
}

// isWebLink says whether Slack takes an address for a button or a link.
func isWebLink(s string) bool {
	return strings.HasPrefix(s, "https://") && len(s) <= maxLink && !strings.ContainsAny(s, "<>|")
}

// blockID carries a post's key; Slack hands it back with the message, and so
// Find knows it again.
func blockID(key string) string { return key[:min(len(key), maxBlockID)] }
