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
		return d.sayPlain(ctx, tx, m.c, Ticket{}, d.Phrases.Welcome(m.lang, m.b.Name), "")
	}
	decision, err := d.Answers.Decide(ctx, m.b.ID, knowledge.Question{
		Text: m.msg.words(), Private: m.c.Private, Addressed: m.c.Private || m.msg.Addressed,
	})
	if err != nil {
		return fmt.Errorf("ask the knowledge base: %w", err)
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

// act carries a decision out.
func (d *Desk) act(ctx context.Context, tx Tx, m matter, decision knowledge.Decision) error {
	if m.hasPapers() && decision.Action != knowledge.HandOff && decision.Reason != knowledge.Spam {
		// What a picture or a document says is for people to look at, whatever
		// the words beside it.
		decision.Action, decision.Reason = knowledge.HandOff, knowledge.Files
	}
	if !m.mayAct(decision) {
		return nil
	}
	switch decision.Action {
	case knowledge.Answer:
		return d.answer(ctx, tx, m, decision)
	case knowledge.Ignore:
		return d.ignore(ctx, tx, m, decision)
	default: // HandOff, and Clarify until there is a dialog for it
		return d.handOff(ctx, tx, m, decision)
	}
}

// hasPapers: files that carry a meaning of their own, addressed to the brand.
func (m matter) hasPapers() bool {
	if !m.c.Private && !m.msg.Addressed {
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
	if m.c.Private || m.msg.Addressed {
		return true
	}
	goesOn := m.t.ID != 0 && m.t.State == StateAnswered
	switch {
	case decision.Action == knowledge.Ignore:
		return goesOn
	case m.b.Groups == GroupAddressed:
		return goesOn && decision.Reason != knowledge.Unsure
	case decision.Action == knowledge.Answer, m.b.Groups == GroupAll:
		return true
	case decision.Reason == knowledge.Unsure, decision.Action == knowledge.Clarify:
		return false
	case decision.Reason == knowledge.Complaint:
		return true // people look, the bot stays silent
	default:
		return goesOn
	}
}

// answer tells the contact what the knowledge base says.
func (d *Desk) answer(ctx context.Context, tx Tx, m matter, decision knowledge.Decision) error {
	entry, ok, err := d.Answers.Entry(ctx, m.b.ID, decision.Entry())
	if err != nil {
		return fmt.Errorf("read entry %s: %w", decision.Entry(), err)
	}
	if !ok { // taken out between the decision and now
		decision.Action, decision.Reason = knowledge.HandOff, knowledge.Unsure
		return d.handOff(ctx, tx, m, decision)
	}
	text, _ := entry.Answer(m.lang, m.b.Lang)
	if err := d.openFor(ctx, tx, &m, decision); err != nil {
		return err
	}
	m.t.ChangedAt = d.Now() // the verdict on this answer is awaited from now on
	if err := d.change(ctx, tx, &m.t, change{kind: "answered", to: StateAnswered, by: theBot, why: entry.ID}); err != nil {
		return err
	}
	reply, err := d.say(ctx, tx, m.c, Message{
		Ticket: m.t.ID, Direction: FromBot, Text: markdown.Parse(text), Entry: entry.ID, ReplyTo: m.replyTo(),
		Buttons: [][]bots.Button{
			{{Label: d.Phrases.Helped(m.lang), Data: pressHelped}},
			{{Label: d.Phrases.AskPerson(m.lang), Data: pressPerson}},
		},
	})
	if err != nil {
		return err
	}
	if m.t.broughtToPeople() { // reopened: people see what is said in their thread
		for _, id := range []int64{m.msg.ID, reply.ID} {
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

// handOff brings the matter to people. From here on the bot is silent on it.
func (d *Desk) handOff(ctx context.Context, tx Tx, m matter, decision knowledge.Decision) error {
	goesOn := m.t.ID != 0 && m.t.State == StateAnswered
	if err := d.openFor(ctx, tx, &m, decision); err != nil {
		return err
	}
	if decision.Urgent {
		m.t.Priority = PriorityHigh
	}
	tell := !m.t.Told && (m.c.Private || m.msg.Addressed || goesOn)
	m.t.Told = m.t.Told || tell
	err := d.change(ctx, tx, &m.t, change{kind: "handed_off", to: StateOpen, by: theBot, why: string(decision.Reason)})
	if err != nil {
		return err
	}
	if err := d.bring(ctx, tx, &m); err != nil || !tell {
		return err
	}
	wait := m.b.Hours.Wait(d.Now(), m.b.ReplyWithin)
	return d.sayPlain(ctx, tx, m.c, m.t, d.Phrases.PeopleLook(m.lang, m.b.Name, wait, d.Now(), m.b.Hours.Zone), m.replyTo())
}

// bring puts the matter before people: as a new thread, or in the one it has.
func (d *Desk) bring(ctx context.Context, tx Tx, m *matter) error {
	if !m.t.broughtToPeople() {
		upTo, err := tx.DecidedUpTo(ctx, m.c.ID)
		if err != nil {
			return err
		}
		m.t.Subject, m.t.HistoryUpTo = m.msg.ID, upTo
		if err := tx.SaveTicket(ctx, &m.t); err != nil {
			return err
		}
		if err := d.toStaff(ctx, tx, m.t, JobOpen, m.msg.ID, Payload{}); err != nil {
			return err
		}
		if len(m.msg.Files) == 0 {
			return nil // the card shows the words
		}
		return d.toStaff(ctx, tx, m.t, JobPost, m.msg.ID, Payload{FilesOnly: true})
	}
	if !m.shown {
		if err := d.toStaff(ctx, tx, m.t, JobPost, m.msg.ID, Payload{}); err != nil {
			return err
		}
	}
	return d.card(ctx, tx, m.t)
}

// ignore leaves a message without an answer; in a private chat politeness asks
// for a word.
func (d *Desk) ignore(ctx context.Context, tx Tx, m matter, decision knowledge.Decision) error {
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
		return d.sayPlain(ctx, tx, m.c, Ticket{}, d.Phrases.Greeting(m.lang, m.b.Name), "")
	case knowledge.Thanks:
		return d.sayPlain(ctx, tx, m.c, Ticket{}, d.Phrases.GladToHelp(m.lang), "")
	case knowledge.Empty:
		return d.sayPlain(ctx, tx, m.c, Ticket{}, d.Phrases.NothingToRead(m.lang), "")
	}
	return nil
}

// followUp adds a message to a ticket that people hold; the bot says nothing.
func (d *Desk) followUp(ctx context.Context, tx Tx, m matter) error {
	m.msg.Ticket = m.t.ID
	if err := tx.SaveMessage(ctx, m.msg); err != nil {
		return err
	}
	if err := d.toStaff(ctx, tx, m.t, JobPost, m.msg.ID, Payload{}); err != nil {
		return err
	}
	if m.t.State != StatePending && m.t.State != StateSnoozed {
		return nil
	}
	err := d.change(ctx, tx, &m.t, change{kind: "customer_wrote", to: StateOpen, by: byContact(m.c.Contact)})
	if err != nil {
		return err
	}
	return d.card(ctx, tx, m.t)
}

// openFor makes m.t the unresolved ticket of the matter: the present one, the
// last one reopened, or a new one; and puts the message on it.
func (d *Desk) openFor(ctx context.Context, tx Tx, m *matter, decision knowledge.Decision) error {
	now := d.Now()
	switch {
	case m.t.ID != 0 && !m.t.Settled():
	case m.reopen:
		m.t.Told = false
		if err := tx.AddEvent(ctx, Event{
			Ticket: m.t.ID, Kind: "reopened", Actor: byContact(m.c.Contact), From: m.t.State, To: m.t.State, At: now,
		}); err != nil {
			return err
		}
		if m.t.broughtToPeople() {
			if err := d.note(ctx, tx, m.t, d.Phrases.Reopened(m.b.StaffLang)); err != nil {
				return err
			}
		}
	default:
		m.t = Ticket{
			Brand: m.b.ID, Conversation: m.c.ID, State: StateNew, Priority: PriorityNormal,
			OpenedAt: now, ChangedAt: now,
		}
	}
	m.t.Lang, m.t.Decision, m.t.Message = m.lang, decision, m.msg.ID
	isNew := m.t.ID == 0
	if err := tx.SaveTicket(ctx, &m.t); err != nil {
		return err
	}
	m.msg.Ticket = m.t.ID
	if err := tx.SaveMessage(ctx, m.msg); err != nil || !isNew {
		return err
	}
	return tx.AddEvent(ctx, Event{
		Ticket: m.t.ID, Kind: "opened", Actor: byContact(m.c.Contact), To: StateNew, At: now,
	})
}

// replyTo quotes the question in a group, where others talk in between.
func (m matter) replyTo() bots.MessageID {
	if m.c.Private {
		return ""
	}
	return m.msg.ExternalID
}
