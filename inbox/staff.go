package inbox

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/poruch/poruch/bots"
)

// HandleReply stores what an agent wrote in a ticket's thread, and enqueues its
// way to the contact, in one transaction.
func (d *Desk) HandleReply(ctx context.Context, r Reply) error {
	return d.inTx(ctx, func(ctx context.Context, tx Tx) error {
		isNew, err := tx.Receive(ctx, consoleSource, []Receipt{{EventID: r.EventID, Raw: r.Raw}})
		if err != nil || !isNew[0] {
			return err
		}
		t, c, err := d.lockTicket(ctx, tx, func() (Ticket, error) { return tx.TicketInThread(ctx, r.Thread) })
		if errors.Is(err, ErrNotFound) {
			// People talk in the channel, or the thread is not recorded yet.
			return tx.KeepEarly(ctx, r)
		}
		if err != nil {
			return err
		}
		return d.takeReply(ctx, tx, t, c, r)
	})
}

func (d *Desk) takeReply(ctx context.Context, tx Tx, t Ticket, c Conversation, r Reply) error {
	switch r.Kind {
	case bots.New:
		return d.reply(ctx, tx, t, c, r)
	case bots.Edited:
		return d.editReply(ctx, tx, t, c, r)
	case bots.Deleted:
		return d.retractReply(ctx, tx, t, c, r)
	}
	return nil
}

// takeEarly takes what staff wrote in a thread before it was recorded as the
// ticket's.
func (d *Desk) takeEarly(ctx context.Context, tx Tx, t Ticket, c Conversation) error {
	early, err := tx.TakeEarly(ctx, t.Thread)
	if err != nil {
		return err
	}
	for _, r := range early {
		if t, err = tx.Ticket(ctx, t.ID); err != nil { // as the reply before left it
			return err
		}
		if err := d.takeReply(ctx, tx, t, c, r); err != nil {
			return err
		}
	}
	return nil
}

// lockTicket finds a ticket, locks its conversation and reads it again.
func (d *Desk) lockTicket(ctx context.Context, tx Tx, find func() (Ticket, error)) (Ticket, Conversation, error) {
	t, err := find()
	if err != nil {
		return Ticket{}, Conversation{}, err
	}
	c, err := tx.LockConversation(ctx, t.Conversation)
	if err != nil {
		return Ticket{}, Conversation{}, err
	}
	t, err = tx.Ticket(ctx, t.ID)
	return t, c, err
}

// isInternal: agents' notes start with // or note: and never leave the house.
func isInternal(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	return strings.HasPrefix(text, "//") || strings.HasPrefix(text, "note:")
}

func (d *Desk) reply(ctx context.Context, tx Tx, t Ticket, c Conversation, r Reply) error {
	msg := Message{
		Conversation: c.ID, Ticket: t.ID, Direction: FromAgent, Author: d.publicName(t, r.Agent), Agent: r.Agent,
		Text: r.Text, StaffFiles: r.Files, Post: r.Post, SentAt: r.At,
	}
	if isInternal(r.Text.Plain) {
		msg.Direction, msg.Delivery = Internal, Received
		if isNew, err := tx.AddMessage(ctx, c, &msg); err != nil || !isNew {
			return err
		}
		return tx.AddEvent(ctx, Event{Ticket: t.ID, Kind: "noted", Actor: byAgent(r.Agent), From: t.State, To: t.State, At: d.Now()})
	}
	if r.Text.Plain == "" && len(r.Files) == 0 {
		return nil
	}
	// A redelivered event has another id but the same post: it is one reply.
	if _, err := tx.MessageByPost(ctx, r.Post); err == nil {
		return nil
	} else if !errors.Is(err, ErrNotFound) {
		return err
	}
	if _, err := d.say(ctx, tx, c, msg); err != nil {
		return err
	}
	return d.staffAnswered(ctx, tx, t, r.Agent, "replied")
}

// staffAnswered moves a ticket on after people answered: it is theirs, it is
// the customer's turn, and whoever answers first has claimed it.
func (d *Desk) staffAnswered(ctx context.Context, tx Tx, t Ticket, by Agent, kind string) error {
	if t.Assignee.ID == "" {
		t.Assignee = by
	}
	ch := change{kind: kind, to: StatePending, by: byAgent(by)}
	if t.Settled() {
		// A later ticket may be the unresolved one; then this one stays settled
		// and only carries the words.
		last, err := tx.LastTicket(ctx, t.Conversation)
		if err != nil {
			return err
		}
		if last.ID != t.ID {
			ch.to = ""
		}
	}
	if err := d.change(ctx, tx, &t, ch); err != nil {
		return err
	}
	return d.card(ctx, tx, t)
}

func (d *Desk) publicName(t Ticket, a Agent) string {
	if name, ok := d.brand(t.Brand).Agents[a.ID]; ok {
		return name
	}
	return a.Name
}

func (d *Desk) editReply(ctx context.Context, tx Tx, t Ticket, c Conversation, r Reply) error {
	msg, err := tx.MessageByPost(ctx, r.Post)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil || msg.Text.Plain == r.Text.Plain {
		return err
	}
	if err := tx.KeepEdit(ctx, msg.ID, msg.Text, d.Now()); err != nil {
		return err
	}
	becameNote := msg.Direction != Internal && isInternal(r.Text.Plain)
	msg.Text, msg.Edited = r.Text, true
	if becameNote { // the agent hides it: the customer's copy goes, and the note stays
		msg.Deleted = true
	}
	if err := tx.SaveMessage(ctx, msg); err != nil {
		return err
	}
	switch {
	case becameNote:
		return tx.Enqueue(ctx, Job{Lane: contactLane(c.ID), Kind: JobRetract, Brand: t.Brand, Ticket: t.ID, Message: msg.ID})
	case msg.Direction == Internal && !isInternal(r.Text.Plain):
		return d.note(ctx, tx, t, d.Phrases.NoteStaysInside(d.brand(t.Brand).StaffLang))
	case msg.Direction == Internal || msg.Deleted:
		return nil
	}
	if msg.Delivery == Unsent || msg.Delivery == Failed {
		return nil
	}
	// Should it not have left yet, the edit follows it in the lane and finds
	// nothing to do.
	return tx.Enqueue(ctx, Job{Lane: contactLane(c.ID), Kind: JobEdit, Brand: t.Brand, Ticket: t.ID, Message: msg.ID})
}

func (d *Desk) retractReply(ctx context.Context, tx Tx, t Ticket, c Conversation, r Reply) error {
	msg, err := tx.MessageByPost(ctx, r.Post)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil || msg.Deleted {
		return err
	}
	msg.Deleted = true
	if err := tx.SaveMessage(ctx, msg); err != nil || msg.Direction == Internal {
		return err
	}
	return tx.Enqueue(ctx, Job{Lane: contactLane(c.ID), Kind: JobRetract, Brand: t.Brand, Ticket: t.ID, Message: msg.ID})
}

// HandleAction does what an agent clicked, and returns what to tell the agent.
func (d *Desk) HandleAction(ctx context.Context, a Action) (notice string, err error) {
	err = d.inTx(ctx, func(ctx context.Context, tx Tx) error {
		isNew, err := tx.Receive(ctx, consoleSource, []Receipt{{EventID: a.EventID, Raw: a.Raw}})
		if err != nil || !isNew[0] {
			return err
		}
		t, c, err := d.lockTicket(ctx, tx, func() (Ticket, error) { return tx.Ticket(ctx, a.Ticket) })
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		switch a.Kind {
		case Claim:
			notice, err = d.claim(ctx, tx, t, a)
		case Resolve:
			notice, err = d.resolve(ctx, tx, t, a)
		case Snooze:
			notice, err = d.snooze(ctx, tx, t, a)
		case Suggest:
			notice, err = d.suggest(ctx, tx, t, c, a)
		case Reopen:
			notice, err = d.reopen(ctx, tx, t, a)
		case Confirm, Refute:
			notice, err = d.judge(ctx, tx, t, a)
		}
		return err
	})
	return notice, err
}

func (d *Desk) claim(ctx context.Context, tx Tx, t Ticket, a Action) (string, error) {
	lang := d.brand(t.Brand).StaffLang
	if t.Assignee.ID != "" {
		return d.Phrases.AlreadyClaimedBy(lang, t.Assignee.Name), nil
	}
	t.Assignee = a.Agent
	if err := d.change(ctx, tx, &t, change{kind: "claimed", by: byAgent(a.Agent)}); err != nil {
		return "", err
	}
	return "", d.card(ctx, tx, t)
}

func (d *Desk) resolve(ctx context.Context, tx Tx, t Ticket, a Action) (string, error) {
	if t.Settled() {
		return d.Phrases.AlreadyResolved(d.brand(t.Brand).StaffLang), nil
	}
	if err := d.change(ctx, tx, &t, change{kind: "resolved", to: StateResolved, by: byAgent(a.Agent)}); err != nil {
		return "", err
	}
	return "", d.card(ctx, tx, t)
}

func (d *Desk) snooze(ctx context.Context, tx Tx, t Ticket, a Action) (string, error) {
	b := d.brand(t.Brand)
	if t.Settled() {
		return d.Phrases.AlreadyResolved(b.StaffLang), nil
	}
	until := snoozeEnd(SnoozeFor(a.Value), d.Now(), b.Hours)
	if err := t.MoveTo(StateSnoozed, d.Now()); err != nil {
		return "", err
	}
	t.SnoozedUntil = until
	if err := d.change(ctx, tx, &t, change{kind: "snoozed", by: byAgent(a.Agent), why: a.Value}); err != nil {
		return "", err
	}
	if !until.IsZero() {
		if err := tx.WakeAt(ctx, t.ID, until); err != nil {
			return "", err
		}
	}
	return "", d.card(ctx, tx, t)
}

// snoozeEnd is when a snoozed ticket comes back; zero: when the customer writes.
func snoozeEnd(s SnoozeFor, now time.Time, h Hours) time.Time {
	switch s {
	case SnoozeHour:
		return now.Add(time.Hour)
	case SnoozeFour:
		return now.Add(4 * time.Hour)
	case SnoozeTomorrow:
		return h.After(now)
	}
	return time.Time{}
}

func (d *Desk) suggest(ctx context.Context, tx Tx, t Ticket, c Conversation, a Action) (string, error) {
	b := d.brand(t.Brand)
	entry, ok, err := d.Answers.Entry(ctx, b.ID, a.Value)
	if err != nil {
		return "", err
	}
	if !ok {
		return d.Phrases.UnknownSuggestion(b.StaffLang), nil
	}
	msg := answerOf(entry, t.Lang, b)
	msg.Ticket, msg.Direction, msg.Author, msg.Agent = t.ID, FromAgent, d.publicName(t, a.Agent), a.Agent
	if msg, err = d.say(ctx, tx, c, msg); err != nil {
		return "", err
	}
	if err := d.toStaff(ctx, tx, t, JobPost, msg.ID, Payload{}); err != nil {
		return "", err
	}
	if err := d.judgeSent(ctx, tx, t, a.Agent, entry.ID); err != nil {
		return "", err
	}
	return "", d.staffAnswered(ctx, tx, t, a.Agent, "suggestion_sent")
}

func (d *Desk) reopen(ctx context.Context, tx Tx, t Ticket, a Action) (string, error) {
	if !t.Settled() {
		return "", nil
	}
	last, err := tx.LastTicket(ctx, t.Conversation)
	if err != nil {
		return "", err
	}
	if last.ID != t.ID && !last.Settled() {
		return d.Phrases.LaterTicketOpen(d.brand(t.Brand).StaffLang, last.ID), nil
	}
	if err := d.change(ctx, tx, &t, change{kind: "reopened", to: StateOpen, by: byAgent(a.Agent)}); err != nil {
		return "", err
	}
	return "", d.card(ctx, tx, t)
}

// Wake brings a snoozed ticket back when its time has come. Calls that come
// too early, too late or twice change nothing.
func (d *Desk) Wake(ctx context.Context, ticket int64) error {
	return d.inTx(ctx, func(ctx context.Context, tx Tx) error {
		t, _, err := d.lockTicket(ctx, tx, func() (Ticket, error) { return tx.Ticket(ctx, ticket) })
		if errors.Is(err, ErrNotFound) {
			return nil // erased in the meantime
		}
		if err != nil || t.State != StateSnoozed || t.SnoozedUntil.IsZero() || t.SnoozedUntil.After(d.Now()) {
			return err
		}
		if err := d.change(ctx, tx, &t, change{kind: "woke", to: StateOpen, by: theSystem}); err != nil {
			return err
		}
		if err := d.note(ctx, tx, t, d.Phrases.SnoozeOver(d.brand(t.Brand).StaffLang)); err != nil {
			return err
		}
		return d.card(ctx, tx, t)
	})
}

// Settle resolves an answered ticket whose customer has been silent for the
// brand's time. Calls that come too early or twice change nothing.
func (d *Desk) Settle(ctx context.Context, ticket int64) error {
	return d.inTx(ctx, func(ctx context.Context, tx Tx) error {
		t, _, err := d.lockTicket(ctx, tx, func() (Ticket, error) { return tx.Ticket(ctx, ticket) })
		if errors.Is(err, ErrNotFound) {
			return nil // erased in the meantime
		}
		if err != nil || t.State != StateAnswered || t.ChangedAt.Add(d.brand(t.Brand).SettleAfter).After(d.Now()) {
			return err
		}
		if err := tx.Assume(ctx, t.ID, d.Now()); err != nil {
			return err
		}
		err = d.change(ctx, tx, &t, change{kind: "resolved", to: StateResolved, by: theSystem, why: "silence"})
		if err != nil || !t.broughtToPeople() {
			return err
		}
		return d.card(ctx, tx, t)
	})
}
