package inbox

import (
	"context"
	"strconv"
	"strings"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/knowledge"
)

// What the buttons under an answer say back, with the message under which they
// are; that one says which ticket is meant.
const (
	pressHelped = "helped"
	pressPerson = "person"
)

// buttonsOf are a message's buttons on their way out: what they send back names
// the message.
func buttonsOf(m Message) [][]bots.Button {
	out := make([][]bots.Button, len(m.Buttons))
	for i, row := range m.Buttons {
		for _, b := range row {
			b.Data += ":" + strconv.FormatInt(m.ID, 10)
			out[i] = append(out[i], b)
		}
	}
	return out
}

// readButton is what buttonsOf wrote.
func readButton(data string) (button string, message int64, ok bool) {
	button, number, _ := strings.Cut(data, ":")
	message, err := strconv.ParseInt(number, 10, 64)
	return button, message, err == nil
}

// press takes a contact's verdict on an answer and returns what to tell them.
func (d *Desk) press(ctx context.Context, tx Tx, j Job) (notice string, err error) {
	m, err := d.matter(ctx, tx, j.Message)
	if err != nil {
		return "", err
	}
	if m.t.ID != 0 && m.t.Lang != "" {
		m.lang = m.t.Lang
	}
	if j.Payload.Presser != m.c.Contact.User {
		return d.Phrases.NotYourButton(m.lang), nil
	}
	under := m.msg
	if len(under.Buttons) == 0 || m.t.ID == 0 {
		return "", nil // pressed twice; the buttons are on their way out
	}
	switch j.Payload.Button {
	case pressHelped:
		notice = d.Phrases.ThanksForVerdict(m.lang)
		err = d.helped(ctx, tx, m)
	case pressPerson:
		notice, err = d.askedPerson(ctx, tx, m)
	default:
		return "", nil
	}
	if err != nil {
		return "", err
	}
	under.Buttons = nil
	if err := tx.SaveMessage(ctx, under); err != nil {
		return "", err
	}
	return notice, tx.Enqueue(ctx, Job{
		Lane: contactLane(m.c.ID), Kind: JobEdit, Brand: m.c.Brand, Ticket: under.Ticket, Message: under.ID,
	})
}

func (d *Desk) helped(ctx context.Context, tx Tx, m matter) error {
	if m.t.ID != m.msg.Ticket || m.t.Settled() {
		return nil
	}
	if m.t.State == StateAnswered {
		err := d.change(ctx, tx, &m.t, change{kind: "resolved", to: StateResolved, by: byContact(m.c.Contact), why: pressHelped})
		if err != nil || !m.t.broughtToPeople() {
			return err
		}
		return d.card(ctx, tx, m.t)
	}
	// People hold it by now: they hear the verdict and decide.
	return d.note(ctx, tx, m.t, d.Phrases.CustomerSaysHelped(m.b.StaffLang))
}

func (d *Desk) askedPerson(ctx context.Context, tx Tx, m matter) (string, error) {
	if !m.t.Settled() && m.t.HandedOff {
		return d.Phrases.AlreadyAsked(m.lang), nil
	}
	// The question is what people want to see, not the answer with the button.
	question, err := tx.Message(ctx, m.t.Message)
	if err != nil {
		return "", err
	}
	decision := m.t.Decision
	decision.Action, decision.Reason = knowledge.HandOff, knowledge.Person
	if m.t.broughtToPeople() {
		// People have the question and the answer before them already.
		if err := d.note(ctx, tx, m.t, d.Phrases.CustomerAsksPerson(m.b.StaffLang)); err != nil {
			return "", err
		}
		m.shown = true
	}
	m.msg = question
	m.msg.Addressed = true
	if m.t.Settled() {
		m.reopen = m.reopen || m.t.ID == question.Ticket
	}
	return "", d.handOff(ctx, tx, m, decision)
}
