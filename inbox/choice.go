package inbox

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/knowledge"
)

// choiceOf reads which of a message's choices was pressed, from 0; -1 for none.
func choiceOf(m Message, button string) int {
	number, ok := strings.CutPrefix(button, pressChoice)
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || n > len(m.Choices) {
		return -1
	}
	return n - 1
}

// withChoice shows under the question of a message what was chosen.
func withChoice(t bots.Text, title string) bots.Text {
	t.Plain += "\n\n✔️ " + title
	return t
}

// chose answers with the entry that the contact chose.
func (d *Desk) chose(ctx context.Context, tx Tx, m matter, n int) (notice string, err error) {
	under, id := m.msg, m.msg.Choices[n]
	title := labelOf(under, n, id)
	if !m.t.Settled() && m.t.HandedOff { // people took over meanwhile: they hear it and decide
		return d.Phrases.AlreadyAsked(m.lang), d.note(ctx, tx, m.t, d.Phrases.CustomerChose(m.b.StaffLang, title))
	}
	if err := d.returnTo(ctx, tx, &m, under.About); err != nil {
		return "", err
	}
	decision, err := d.decisionOn(ctx, m)
	if err != nil {
		return "", err
	}
	decision.Action, decision.Reason, decision.Entries, decision.Suggested = knowledge.Answer, chosen, []string{id}, ""
	entry, ok, err := d.Answers.Entry(ctx, m.b.ID, id)
	switch {
	case err != nil:
		return "", fmt.Errorf("read entry %s: %w", id, err)
	case ok && d.mayAnswer(m, entry):
		err = d.answer(ctx, tx, &m, decision, []knowledge.Entry{entry})
	default: // taken out or withdrawn since it was offered
		decision.Action, decision.Reason, decision.Entries = knowledge.HandOff, knowledge.Withheld, nil
		if ok && entry.Trust != knowledge.Off {
			decision.Suggested = id
		}
		err = d.handOff(ctx, tx, &m, decision)
	}
	if err != nil {
		return "", err
	}
	return "", d.amendLine(ctx, tx, &m, decision)
}

// mayAnswer says whether an entry may still answer by itself, here and now.
func (d *Desk) mayAnswer(m matter, e knowledge.Entry) bool {
	return (e.Trust == knowledge.Auto || e.Trust == "") && e.Valid(d.Now()) && e.For(string(m.c.At.Chat))
}

// labelOf is what the button of a choice says.
func labelOf(m Message, n int, instead string) string {
	if n < len(m.Buttons) && len(m.Buttons[n]) > 0 {
		return m.Buttons[n][0].Label
	}
	return instead
}

// returnTo makes an earlier message the one that the matter is about: it was
// asked of the bot, and people who have the ticket have seen it.
func (d *Desk) returnTo(ctx context.Context, tx Tx, m *matter, message int64) error {
	question, err := tx.Message(ctx, message)
	if err != nil {
		return err
	}
	m.msg, m.shown = question, m.t.broughtToPeople() && question.Ticket == m.t.ID
	m.msg.Addressed = true
	m.reopen = m.t.Settled() && (m.reopen || m.t.ID == question.Ticket)
	return nil
}

// decisionOn is what was decided on the matter's message: the ticket keeps the
// last, and an earlier one is made again.
func (d *Desk) decisionOn(ctx context.Context, m matter) (knowledge.Decision, error) {
	if m.t.Message == m.msg.ID {
		return m.t.Decision, nil
	}
	return d.ask(ctx, m)
}
