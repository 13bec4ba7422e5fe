package inbox

import (
	"context"

	"github.com/poruch/poruch/knowledge"
)

// handOff brings the matter to people. From here on the bot is silent on it.
func (d *Desk) handOff(ctx context.Context, tx Tx, m *matter, decision knowledge.Decision) error {
	goesOn := m.t.ID != 0 && m.t.State == StateAnswered
	if err := d.openFor(ctx, tx, m, decision); err != nil {
		return err
	}
	if decision.Urgent {
		m.t.Priority = PriorityHigh
	}
	tell := !m.t.Told && (m.addressed() || goesOn)
	m.t.Told = m.t.Told || tell
	err := d.change(ctx, tx, &m.t, change{kind: "handed_off", to: StateOpen, by: theBot, why: string(decision.Reason)})
	if err != nil {
		return err
	}
	if err := d.bring(ctx, tx, m); err != nil || !tell {
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
