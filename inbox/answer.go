package inbox

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/markdown"
	"github.com/poruch/poruch/knowledge"
)

// entriesOf reads the entries that a decision names. When one was taken out
// between the decision and now, the decision becomes a hand-off.
func (d *Desk) entriesOf(ctx context.Context, brand string, decision *knowledge.Decision) ([]knowledge.Entry, error) {
	if decision.Action != knowledge.Answer && decision.Action != knowledge.Clarify {
		return nil, nil
	}
	var entries []knowledge.Entry
	for _, id := range decision.Entries {
		entry, ok, err := d.Answers.Entry(ctx, brand, id)
		if err != nil {
			return nil, fmt.Errorf("read entry %s: %w", id, err)
		}
		if ok {
			entries = append(entries, entry)
		}
	}
	if len(entries) == 0 || len(entries) < len(decision.Entries) {
		decision.Action, decision.Reason, decision.Entries = knowledge.HandOff, knowledge.Unsure, nil
	}
	return entries, nil
}

// answer tells the contact what the knowledge base says: a message for each
// entry, and under the last the buttons for a verdict on them all.
func (d *Desk) answer(ctx context.Context, tx Tx, m *matter, decision knowledge.Decision, entries []knowledge.Entry) error {
	if err := d.openFor(ctx, tx, m, decision); err != nil {
		return err
	}
	m.t.ChangedAt = d.Now() // the verdict on this answer is awaited from now on
	why := strings.Join(decision.Entries, " ")
	if err := d.change(ctx, tx, &m.t, change{kind: "answered", to: StateAnswered, by: theBot, why: why}); err != nil {
		return err
	}
	var answers []Message
	for _, e := range entries {
		a := answerOf(e, m.lang, m.b)
		a.Direction = FromBot
		answers = append(answers, a)
	}
	last := &answers[len(answers)-1]
	last.Buttons = append(last.Buttons,
		[]bots.Button{{Label: d.Phrases.Helped(m.lang), Data: pressHelped}},
		[]bots.Button{{Label: d.Phrases.AskPerson(m.lang), Data: pressPerson}},
	)
	return d.respond(ctx, tx, m, answers...)
}

// answerOf is what an entry says in a language, with its links and files.
func answerOf(e knowledge.Entry, lang knowledge.Lang, b Brand) Message {
	text, _ := e.Answer(lang, b.Lang)
	m := Message{Text: markdown.Parse(text), Entry: e.ID}
	for _, l := range e.Links {
		m.Buttons = append(m.Buttons, []bots.Button{{Label: label(l.Label, l.URL), URL: l.URL}})
	}
	for _, f := range e.Files {
		m.StaffFiles = append(m.StaffFiles, StaffFile{Sum: f.Sum, Name: f.Name, MIME: f.Type, Size: f.Size})
	}
	return m
}

// clarify asks the contact which of a few entries is meant.
func (d *Desk) clarify(ctx context.Context, tx Tx, m *matter, decision knowledge.Decision, entries []knowledge.Entry) error {
	if err := d.openFor(ctx, tx, m, decision); err != nil {
		return err
	}
	m.t.ChangedAt = d.Now() // the choice is awaited from now on
	why := strings.Join(decision.Entries, " ")
	if err := d.change(ctx, tx, &m.t, change{kind: "asked_back", to: StateAnswered, by: theBot, why: why}); err != nil {
		return err
	}
	ask := Message{Direction: FromBot, Text: bots.Plain(d.Phrases.WhichOne(m.lang)), Choices: decision.Entries}
	for i, e := range entries {
		ask.Buttons = append(ask.Buttons, []bots.Button{{Label: label(e.Title, e.ID), Data: pressChoice + strconv.Itoa(i+1)}})
	}
	ask.Buttons = append(ask.Buttons, []bots.Button{{Label: d.Phrases.SomethingElse(m.lang), Data: pressOther}})
	return d.respond(ctx, tx, m, ask)
}

// respond says what the bot has to say on a message, shows it to people who
// have the matter before them, and begins to wait for what the contact does.
func (d *Desk) respond(ctx context.Context, tx Tx, m *matter, ms ...Message) error {
	var news []int64
	if !m.shown {
		news = append(news, m.msg.ID)
	}
	for _, msg := range ms {
		msg.Ticket, msg.About, msg.ReplyTo = m.t.ID, m.msg.ID, m.replyTo()
		said, err := d.say(ctx, tx, m.c, msg)
		if err != nil {
			return err
		}
		news = append(news, said.ID)
	}
	if m.t.broughtToPeople() { // reopened: people see what is said in their thread
		for _, id := range news {
			if err := d.toStaff(ctx, tx, m.t, JobPost, id, Payload{}); err != nil {
				return err
			}
		}
		if err := d.card(ctx, tx, m.t); err != nil {
			return err
		}
	}
	return tx.SettleAt(ctx, m.t.ID, d.Now().Add(m.b.SettleAfter))
}

// maxLabel is how long a button's words may be, in characters: what a phone
// shows in two lines.
const maxLabel = 60

// label is a title on a button: one line, cut where it is too long. An empty
// one is replaced.
func label(title, instead string) string {
	title = strings.Join(strings.Fields(title), " ")
	if title == "" {
		title = instead
	}
	if r := []rune(title); len(r) > maxLabel {
		return strings.TrimSpace(string(r[:maxLabel-1])) + "…"
	}
	return title
}
