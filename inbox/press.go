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
	pressChoice = "choice" // with the number of the choice, from 1
	pressOther  = "other"  // none of the choices
)

// buttonsOf are a message's buttons on their way out: what they send back names
// the message.
func buttonsOf(m Message) [][]bots.Button {
	out := make([][]bots.Button, len(m.Buttons))
	for i, row := range m.Buttons {
		for _, b := range row {
			if b.URL != "" {
				out[i] = append(out[i], b)
				continue
			}
			b.Data += ":" + strconv.FormatInt(m.ID, 10)
			out[i] = append(out[i], b)
		}
	}
	return out
}

// linksOf are the buttons that stay when the others have been pressed.
func linksOf(m Message) (links [][]bots.Button) {
	for _, row := range m.Buttons {
		if len(row) > 0 && row[0].URL != "" {
			links = append(links, row)
		}
	}
	return links
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
	links := linksOf(under)
	if len(under.Buttons) == len(links) || m.t.ID == 0 {
		return "", nil // pressed twice; the buttons are on their way out
	}
	n := choiceOf(under, j.Payload.Button)
	switch {
	case n >= 0:
		under.Text = withChoice(under.Text, labelOf(under, n, under.Choices[n]))
		notice, err = d.chose(ctx, tx, m, n)
	case j.Payload.Button == pressHelped:
		notice = d.Phrases.ThanksForVerdict(m.lang)
		err = d.helped(ctx, tx, m)
	case j.Payload.Button == pressPerson:
		notice, err = d.askedPerson(ctx, tx, m, pressPerson)
	case j.Payload.Button == pressOther:
		under.Text = withChoice(under.Text, d.Phrases.SomethingElse(m.lang))
		notice, err = d.askedPerson(ctx, tx, m, pressOther)
	default:
		return "", nil
	}
	if err != nil {
		return "", err
	}
	under.Buttons = links
	if err := tx.SaveMessage(ctx, under); err != nil {
		return "", err
	}
	return notice, tx.Enqueue(ctx, Job{
		Lane: contactLane(m.c.ID), Kind: JobEdit, Brand: m.c.Brand, Ticket: under.Ticket, Message: under.ID,
	})
}

// about is the question under whose answer the buttons are. Messages from
// before it was kept are about the ticket's last.
func (m matter) about() int64 {
	if m.msg.About != 0 {
		return m.msg.About
	}
	return m.t.Message
}

func (d *Desk) helped(ctx context.Context, tx Tx, m matter) error {
	if err := d.heard(ctx, tx, m.msg.About, Confirmed); err != nil {
		return err
	}
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

// askedPerson hands off the question under whose answer, or choices, the contact
// asked for more.
func (d *Desk) askedPerson(ctx context.Context, tx Tx, m matter, button string) (string, error) {
	if err := d.heard(ctx, tx, m.msg.About, Unhelpful); err != nil {
		return "", err
	}
	if !m.t.Settled() && m.t.HandedOff {
		return d.Phrases.AlreadyAsked(m.lang), nil
	}
	reason, news := knowledge.Person, d.Phrases.CustomerAsksPerson(m.b.StaffLang)
	if button == pressOther {
		reason, news = knowledge.Close, d.Phrases.CustomerChoseNone(m.b.StaffLang)
	}
	// The question is what people want to see, not the answer with the button.
	if err := d.returnTo(ctx, tx, &m, m.about()); err != nil {
		return "", err
	}
	decision, err := d.decisionOn(ctx, m)
	if err != nil {
		return "", err
	}
	decision.Action, decision.Reason, decision.Entries = knowledge.HandOff, reason, nil
	if m.t.broughtToPeople() {
		// People have the question and the answer before them already.
		if err := d.note(ctx, tx, m.t, news); err != nil {
			return "", err
		}
	}
	return "", d.handOff(ctx, tx, &m, decision)
}
