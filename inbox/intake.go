package inbox

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/knowledge"
)

// Cursor returns where a bot's intake continues.
func (d *Desk) Cursor(ctx context.Context, bot string) (string, error) {
	return d.Store.Cursor(ctx, bot)
}

// Deliver stores a batch and its cursor in one transaction; nil means stored.
// Should a message be impossible to store, the others are stored without it and
// its payload is kept as failed, so that one poisoned update never blocks a bot.
func (d *Desk) Deliver(ctx context.Context, b bots.Batch) error {
	err := d.deliver(ctx, b)
	if !errors.Is(err, ErrInvalid) {
		return err
	}
	d.Log.ErrorContext(ctx, "batch holds a message that cannot be stored; storing one by one", "bot", b.Bot, "err", err)
	for _, m := range b.Messages {
		err := d.deliver(ctx, bots.Batch{Bot: b.Bot, Messages: []bots.Message{m}})
		if errors.Is(err, ErrInvalid) {
			err = d.keepFailed(ctx, b.Bot, m, err)
		}
		if err != nil {
			return err
		}
	}
	b.Messages = nil
	return d.deliver(ctx, b)
}

func (d *Desk) deliver(ctx context.Context, b bots.Batch) error {
	brand, ok := d.BrandOf[b.Bot]
	if !ok {
		return fmt.Errorf("bot %q speaks for no brand", b.Bot)
	}
	fresh := 0
	err := d.inTx(ctx, func(ctx context.Context, tx Tx) error {
		isNew, err := tx.Receive(ctx, b.Bot, receipts(b))
		if err != nil {
			return err
		}
		for i, m := range b.Messages {
			if !isNew[i] {
				continue
			}
			fresh++
			if err := d.take(ctx, tx, brand, m); err != nil {
				return fmt.Errorf("take update %s: %w", m.UpdateID, err)
			}
		}
		if b.Next == "" {
			return nil
		}
		return tx.SetCursor(ctx, b.Bot, b.Next)
	})
	if err != nil {
		return err
	}
	d.Observe.Received(b.Bot, fresh)
	return nil
}

func receipts(b bots.Batch) []Receipt {
	rs := make([]Receipt, 0, len(b.Messages)+len(b.Unread))
	for _, m := range b.Messages {
		rs = append(rs, Receipt{EventID: m.UpdateID, Raw: m.Raw})
	}
	for _, u := range b.Unread {
		rs = append(rs, Receipt{EventID: u.UpdateID, Raw: u.Raw, Unread: true, Why: u.Why})
	}
	return rs
}

func (d *Desk) keepFailed(ctx context.Context, bot string, m bots.Message, cause error) error {
	d.Log.ErrorContext(ctx, "update cannot be stored; its payload is kept as failed", "bot", bot, "update", m.UpdateID, "err", cause)
	return d.Store.InTx(ctx, func(ctx context.Context, tx Tx) error {
		_, err := tx.Receive(ctx, bot, []Receipt{{EventID: m.UpdateID, Raw: m.Raw, Failed: true, Why: cause.Error()}})
		return err
	})
}

// take stores one new thing that a platform told.
func (d *Desk) take(ctx context.Context, tx Tx, brand string, m bots.Message) error {
	switch m.Kind {
	case bots.New:
		return d.takeNew(ctx, tx, brand, m)
	case bots.Edited:
		return d.takeEdit(ctx, tx, m)
	case bots.Deleted:
		return d.takeDeletion(ctx, tx, m)
	case bots.Pressed:
		return d.takePress(ctx, tx, m)
	case bots.Blocked, bots.Returned:
		return d.takeBlocked(ctx, tx, m)
	case bots.Migrated:
		return tx.MoveChat(ctx, m.From.Bot, m.From.Chat, m.MovedTo)
	}
	return fmt.Errorf("%w: unknown kind %q", ErrInvalid, m.Kind)
}

func (d *Desk) takeNew(ctx context.Context, tx Tx, brand string, m bots.Message) error {
	if m.Author.Bot {
		return nil // programs and channels are nobody's customers; the payload is kept
	}
	c, err := tx.ConversationFor(ctx, brand, m)
	if err != nil {
		return err
	}
	if m.Album != "" {
		first, joined, err := tx.JoinAlbum(ctx, m)
		if err != nil {
			return err
		}
		if joined {
			return d.postLateFiles(ctx, tx, c, first, len(first.Files)-len(m.Files))
		}
	}
	msg := Message{
		Conversation: c.ID, Direction: FromContact, Author: m.Author.Name, ExternalID: m.ID, Album: m.Album, ReplyTo: m.ReplyTo,
		Text: m.Text, Files: m.Files, Link: m.Chat.Link, Addressed: m.Addressed, Command: m.Command,
		Delivery: Received, SentAt: m.SentAt,
	}
	isNew, err := tx.AddMessage(ctx, c, &msg)
	if err != nil || !isNew {
		return err
	}
	job := Job{Lane: decideLane(c.ID), Kind: JobDecide, Brand: c.Brand, Message: msg.ID}
	if m.Album != "" {
		// The other parts of an album come as messages of their own, within
		// about a second: the decision waits for them.
		job.RunAt = d.Now().Add(albumWait)
	}
	return tx.Enqueue(ctx, job)
}

// postLateFiles brings the files of an album to people when its first message
// has already been decided.
func (d *Desk) postLateFiles(ctx context.Context, tx Tx, c Conversation, first Message, from int) error {
	waits, err := tx.Undecided(ctx, first.ID)
	if err != nil || waits || first.Ticket == 0 {
		return err
	}
	t, err := tx.Ticket(ctx, first.Ticket)
	if err != nil || !t.HandedOff {
		return err
	}
	return d.toStaff(ctx, tx, t, JobPost, first.ID, Payload{FilesOnly: true, FilesFrom: from})
}

func (d *Desk) takeEdit(ctx context.Context, tx Tx, m bots.Message) error {
	msg, err := d.lockMessage(ctx, tx, m)
	if errors.Is(err, ErrNotFound) || err == nil && msg.Direction != FromContact {
		return nil // said before we were there, or our own
	}
	if err != nil {
		return err
	}
	if msg.Text.Plain == m.Text.Plain && slices.Equal(msg.Text.Spans, m.Text.Spans) {
		return nil // only a reaction count or a link preview changed
	}
	if err := tx.KeepEdit(ctx, msg.ID, msg.Text, d.Now()); err != nil {
		return err
	}
	before := msg.Text
	msg.Text, msg.Edited = m.Text, true
	if err := tx.SaveMessage(ctx, msg); err != nil {
		return err
	}
	return d.revise(ctx, tx, msg, &before)
}

func (d *Desk) takeDeletion(ctx context.Context, tx Tx, m bots.Message) error {
	msg, err := d.lockMessage(ctx, tx, m)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	msg.Deleted = true
	if err := tx.SaveMessage(ctx, msg); err != nil {
		return err
	}
	return d.revise(ctx, tx, msg, nil)
}

// lockMessage finds a message by the platform's id, with its conversation locked.
func (d *Desk) lockMessage(ctx context.Context, tx Tx, m bots.Message) (Message, error) {
	msg, err := tx.MessageByExternal(ctx, m.From, m.ID)
	if err != nil {
		return Message{}, err
	}
	if _, err := tx.LockConversation(ctx, msg.Conversation); err != nil {
		return Message{}, err
	}
	return tx.Message(ctx, msg.ID)
}

// revise shows people that a message which they have before them was changed.
func (d *Desk) revise(ctx context.Context, tx Tx, msg Message, before *bots.Text) error {
	if msg.Ticket == 0 {
		return nil
	}
	t, err := tx.Ticket(ctx, msg.Ticket)
	if err != nil || !t.broughtToPeople() {
		return err
	}
	return d.toStaff(ctx, tx, t, JobRevise, msg.ID, Payload{Before: before})
}

// takePress finds the message by what the button carries: the platform's id of
// a message that was sent a moment ago may not be stored yet.
func (d *Desk) takePress(ctx context.Context, tx Tx, m bots.Message) error {
	button, id, ok := readButton(m.Button)
	if !ok {
		return nil
	}
	under, err := tx.Message(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := tx.LockConversation(ctx, under.Conversation)
	if err != nil {
		return err
	}
	if c.At != m.From {
		return nil // forged: the message is not in this chat
	}
	return tx.Enqueue(ctx, Job{
		Lane: decideLane(c.ID), Kind: JobPress, Brand: c.Brand, Ticket: under.Ticket, Message: under.ID,
		Payload: Payload{Button: button, PressID: m.PressID, Presser: m.Author.ID, Bot: m.From.Bot},
	})
}

func (d *Desk) takeBlocked(ctx context.Context, tx Tx, m bots.Message) error {
	if !m.Chat.Private {
		return nil // the bot left or joined a group; nobody became unreachable in private
	}
	blocked := m.Kind == bots.Blocked
	cs, err := tx.SetBlocked(ctx, m.From.Bot, m.Author.ID, blocked)
	if err != nil {
		return err
	}
	for _, c := range cs {
		if !c.Private {
			continue
		}
		t, err := tx.LastTicket(ctx, c.ID)
		if errors.Is(err, ErrNotFound) || err == nil && (t.Settled() || !t.broughtToPeople()) {
			continue
		}
		if err != nil {
			return err
		}
		lang := d.brand(c.Brand).StaffLang
		text := d.Phrases.CustomerReturned(lang)
		if blocked {
			text = d.Phrases.CustomerBlocked(lang)
		}
		if err := d.note(ctx, tx, t, text); err != nil {
			return err
		}
		if err := d.card(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}

// customerLang is the language to answer in: as heard in this message, else
// before, else the brand's.
func customerLang(heard knowledge.Lang, c Contact, b Brand) knowledge.Lang {
	for _, l := range []knowledge.Lang{heard, c.Lang} {
		if l == knowledge.Ukrainian || l == knowledge.Russian || l == knowledge.English {
			return l
		}
	}
	return b.Lang
}
