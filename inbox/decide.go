package inbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/markdown"
	"github.com/poruch/poruch/knowledge"
)

// albumWait is how long the decision on an album waits for its other parts.
// Telegram sends them within about a second and does not say how many come.
const albumWait = 1200 * time.Millisecond

// matter is one message of a contact with all that a decision needs.
type matter struct {
	c      Conversation
	b      Brand
	msg    Message
	t      Ticket // the conversation's newest; ID 0: none
	lang   knowledge.Lang
	reopen bool // t is settled, and young enough to be reopened
	shown  bool // the message is in the ticket's thread already
}

// decide settles what to do with a contact's message.
func (d *Desk) decide(ctx context.Context, tx Tx, j Job) error {
	m, err := d.matter(ctx, tx, j.Message)
	if err != nil || m.msg.Deleted {
		return err
	}
	if m.t.ID != 0 && !m.t.Settled() && m.t.HandedOff {
		return d.followUp(ctx, tx, m)
	}
	if m.c.Private && (m.msg.Command == "start" || m.msg.Command == "help") {
		if m.msg.Command == "start" && m.b.Greeting[m.lang] != "" {
			return d.greet(ctx, tx, m)
		}
		return d.sayPlain(ctx, tx, m.c, Ticket{}, d.Phrases.Welcome(m.lang, m.b.Name), "")
	}
	decision, err := d.ask(ctx, m)
	if err != nil {
		return err
	}
	d.Observe.Decided(decision)
	if decision.Lang != "" && decision.Lang != m.c.Contact.Lang && decision.Reason != knowledge.Empty {
		if err := tx.SetLang(ctx, m.c.Contact.ID, decision.Lang); err != nil {
			return err
		}
	}
	m.lang = customerLang(decision.Lang, m.c.Contact, m.b)
	return d.act(ctx, tx, m, decision)
}

// ask asks the knowledge base about the matter's message.
func (d *Desk) ask(ctx context.Context, m matter) (knowledge.Decision, error) {
	decision, err := d.Answers.Decide(ctx, m.b.ID, knowledge.Question{
		Text: m.msg.words(), Private: m.c.Private, Addressed: m.c.Private || m.msg.Addressed,
		Community: string(m.c.At.Chat), At: m.msg.SentAt,
	})
	if err != nil {
		return knowledge.Decision{}, fmt.Errorf("ask the knowledge base: %w", err)
	}
	return decision, nil
}

// matter locks the conversation of a message and reads what a decision needs.
func (d *Desk) matter(ctx context.Context, tx Tx, message int64) (matter, error) {
	msg, err := tx.Message(ctx, message)
	if err != nil {
		return matter{}, err
	}
	c, err := tx.LockConversation(ctx, msg.Conversation)
	if err != nil {
		return matter{}, err
	}
	if msg, err = tx.Message(ctx, message); err != nil { // as it is under the lock
		return matter{}, err
	}
	m := matter{c: c, b: d.brand(c.Brand), msg: msg}
	m.lang = customerLang("", c.Contact, m.b)
	m.t, err = tx.LastTicket(ctx, c.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return matter{}, err
	}
	m.reopen = m.t.ID != 0 && m.t.Settled() && d.Now().Sub(m.t.ResolvedAt) <= m.b.ReopenFor
	return m, nil
}

// words is what a message says to the matcher: its text without the command
// that addressed the bot.
func (m Message) words() string {
	text := m.Text.Plain
	if m.Command != "" {
		_, text, _ = strings.Cut(text, " ")
	}
	return strings.TrimSpace(text)
}

// act carries a decision out, and enters into the ledger what it became.
func (d *Desk) act(ctx context.Context, tx Tx, m matter, decision knowledge.Decision) error {
	if m.hasPapers() && decision.Action != knowledge.HandOff && decision.Reason != knowledge.Spam {
		// What a picture or a document says is for people to look at, whatever
		// the words beside it.
		if decision.Action == knowledge.Answer {
			decision.Suggested = decision.Entry()
		}
		decision.Action, decision.Reason, decision.Entries = knowledge.HandOff, knowledge.Files, nil
	}
	switch {
	case !m.mayAct(decision):
		decision.Action, decision.Entries, decision.Suggested = knowledge.Ignore, nil, "" // of the reason it stays to be seen
		return d.enter(ctx, tx, &m, decision)
	case decision.Action == knowledge.Clarify && !m.addressed():
		decision.Action, decision.Entries = knowledge.HandOff, nil // nobody asked the bot, so it asks nobody back
	}
	if err := d.objection(ctx, tx, m, decision); err != nil {
		return err
	}
	entries, err := d.entriesOf(ctx, m.b.ID, &decision)
	if err != nil {
		return err
	}
	switch decision.Action {
	case knowledge.Answer:
		err = d.answer(ctx, tx, &m, decision, entries)
	case knowledge.Clarify:
		err = d.clarify(ctx, tx, &m, decision, entries)
	case knowledge.Ignore:
		err = d.ignore(ctx, tx, &m, decision)
	default:
		err = d.handOff(ctx, tx, &m, decision)
	}
	if err != nil {
		return err
	}
	return d.enter(ctx, tx, &m, decision)
}

// objection hears that the bot's last words did not help: the contact says so,
// or asks for a person.
func (d *Desk) objection(ctx context.Context, tx Tx, m matter, decision knowledge.Decision) error {
	waits := m.t.State == StateAnswered || m.reopen
	spoke := m.t.Decision.Action == knowledge.Answer || m.t.Decision.Action == knowledge.Clarify
	if !waits || !spoke || decision.Reason != knowledge.Negative && decision.Reason != knowledge.Person {
		return nil
	}
	return d.heard(ctx, tx, m.t.Message, Unhelpful)
}

// addressed: the contact speaks to the brand.
func (m matter) addressed() bool { return m.c.Private || m.msg.Addressed }

// hasPapers: files that carry a meaning of their own, addressed to the brand.
func (m matter) hasPapers() bool {
	if !m.addressed() {
		return false
	}
	for _, f := range m.msg.Files {
		if f.Kind != bots.Sticker {
			return true
		}
	}
	return false
}

// mayAct applies the brand's policy for groups to a message that did not
// address the bot.
func (m matter) mayAct(decision knowledge.Decision) bool {
	if m.addressed() {
		return true
	}
	goesOn := m.t.ID != 0 && m.t.State == StateAnswered
	switch {
	case decision.Action == knowledge.Ignore:
		return goesOn
	case decision.Action == knowledge.Clarify:
		return m.b.Groups == GroupAll
	case m.b.Groups == GroupAddressed:
		return goesOn && decision.Reason != knowledge.Unsure
	case decision.Action == knowledge.Answer, m.b.Groups == GroupAll:
		return true
	case decision.Reason == knowledge.Unsure:
		return false
	case decision.Reason == knowledge.Complaint:
		return true // people look, the bot stays silent
	default:
		return goesOn
	}
}

// ignore leaves a message without an answer; in a private chat politeness asks
// for a word.
func (d *Desk) ignore(ctx context.Context, tx Tx, m *matter, decision knowledge.Decision) error {
	if m.t.ID != 0 && (!m.t.Settled() || m.reopen) {
		m.msg.Ticket = m.t.ID
		if err := tx.SaveMessage(ctx, m.msg); err != nil {
			return err
		}
		if m.t.broughtToPeople() {
			if err := d.toStaff(ctx, tx, m.t, JobPost, m.msg.ID, Payload{}); err != nil {
				return err
			}
		}
	}
	if !m.c.Private {
		return nil
	}
	switch decision.Reason {
	case knowledge.Greeting:
		if m.b.Greeting[m.lang] != "" {
			return d.greet(ctx, tx, *m)
		}
		return d.sayPlain(ctx, tx, m.c, Ticket{}, d.Phrases.Greeting(m.lang, m.b.Name), "")
	case knowledge.Thanks:
		return d.sayPlain(ctx, tx, m.c, Ticket{}, d.Phrases.GladToHelp(m.lang), "")
	case knowledge.Empty:
		return d.sayPlain(ctx, tx, m.c, Ticket{}, d.Phrases.NothingToRead(m.lang), "")
	}
	return nil
}

// greet says the brand's own hello.
func (d *Desk) greet(ctx context.Context, tx Tx, m matter) error {
	_, err := d.say(ctx, tx, m.c, Message{Direction: FromBot, Text: markdown.Parse(m.b.Greeting[m.lang])})
	return err
}

// replyTo quotes the question in a group, where others talk in between.
func (m matter) replyTo() bots.MessageID {
	if m.c.Private {
		return ""
	}
	return m.msg.ExternalID
}
