package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/knowledge"
)

// cardHistory is how many earlier messages a card shows.
const cardHistory = 10

// fileTries is how often a contact's file is fetched before staff are told
// that it could not be.
const fileTries = 5

// threadKey finds the head of a ticket's thread again.
func threadKey(ticket int64) string { return fmt.Sprintf("ticket-%d", ticket) }

// openThread brings a ticket to people as a thread, once.
func (d *Desk) openThread(ctx context.Context, j Job) error {
	s, err := d.scene(ctx, j)
	if err != nil {
		return err
	}
	if s.t.Thread != (ThreadRef{}) {
		return d.record(ctx, j, func(context.Context, Tx) error { return nil })
	}
	key := consoleKey(s.b.Channel)
	if err := d.takeTurn(ctx, key); err != nil {
		return err
	}
	var card Card
	thread, err := d.findThread(ctx, j, s)
	if err == nil && thread == (ThreadRef{}) {
		if card, err = d.cardOf(ctx, s.t); err != nil {
			return err
		}
		thread, err = d.Console.Open(ctx, s.b.Channel, card)
	}
	if errors.Is(err, bots.ErrRejected) { // something in it cannot be shown; the ticket must be
		d.Log.ErrorContext(ctx, "console refused a card; showing it without words", "job", j.ID, "ticket", s.t.ID, "err", err)
		thread, err = d.Console.Open(ctx, s.b.Channel, d.bareCard(card))
	}
	if err != nil {
		d.obey(ctx, key, err)
		return d.patiently(j, err)
	}
	return d.record(ctx, j, func(ctx context.Context, tx Tx) error {
		if _, err := tx.TicketInThread(ctx, thread); !errors.Is(err, ErrNotFound) {
			return err // recorded by now, by another worker
		}
		now, err := d.sceneIn(ctx, tx, j)
		if err != nil {
			return err
		}
		now.t.Thread = thread
		if err := tx.SaveTicket(ctx, &now.t); err != nil {
			return err
		}
		if !now.t.ChangedAt.Equal(s.t.ChangedAt) { // it changed while the card was on its way
			if err := d.card(ctx, tx, now.t); err != nil {
				return err
			}
		}
		return d.takeEarly(ctx, tx, now.t, now.c)
	})
}

// bareCard is a card without people's words, for a console that refused them.
func (d *Desk) bareCard(c Card) Card {
	c.Contact.Name, c.Community, c.History, c.Suggestions, c.Answered = "", "", nil, nil, Answered{}
	c.Ticket.Decision.Candidates = nil // their grounds are the customer's words
	c.Question.Text, c.Question.Files = bots.Plain(d.Phrases.CannotShow(c.Lang)), nil
	return c
}

// findThread looks for the thread of an attempt that ended without an answer.
func (d *Desk) findThread(ctx context.Context, j Job, s scene) (ThreadRef, error) {
	if !j.Unsure {
		return ThreadRef{}, nil
	}
	ref, err := d.Console.Find(ctx, s.b.Channel, ThreadRef{}, threadKey(s.t.ID), j.CreatedAt)
	return ThreadRef(ref), err
}

// consoleKey paces a channel of the console.
func consoleKey(channel string) PaceKey { return PaceKey{Bot: consoleSource, Chat: channel} }

// patiently keeps a job of the staff side going: what is wrong there (the app
// was not invited, the token was revoked) is mended by people, and until then
// nothing may be lost. The readiness check and the log say what to do.
func (d *Desk) patiently(j Job, err error) error {
	if errors.Is(err, bots.ErrUnreachable) {
		return &bots.RetryError{After: backoff(max(j.Attempt, 4)), Err: err}
	}
	return err
}

// cardOf gathers what staff see of a ticket.
func (d *Desk) cardOf(ctx context.Context, t Ticket) (Card, error) {
	var card Card
	var verdicts verdicts
	err := d.Store.InTx(ctx, func(ctx context.Context, tx Tx) error {
		c, err := tx.LockConversation(ctx, t.Conversation)
		if err != nil {
			return err
		}
		if t, err = tx.Ticket(ctx, t.ID); err != nil {
			return err
		}
		b := d.brand(t.Brand)
		card = Card{
			Key: threadKey(t.ID), Ticket: t, Contact: c.Contact, Platform: d.Platform[c.At.Bot],
			Community: c.Title, Lang: b.StaffLang,
		}
		if card.Question, err = tx.Message(ctx, t.Subject); err != nil {
			return err
		}
		card.Link = card.Question.Link
		if card.History, err = d.historyOf(ctx, tx, t); err != nil {
			return err
		}
		verdicts, err = verdictsOn(ctx, tx, t)
		return err
	})
	if err != nil {
		return Card{}, err
	}
	if card.Answered, err = d.answeredOn(ctx, t, verdicts.answer); err != nil {
		return Card{}, err
	}
	card.Suggestions, err = d.suggestionsFor(ctx, t, card.Question.SentAt, verdicts.decision)
	return card, err
}

func (d *Desk) historyOf(ctx context.Context, tx Tx, t Ticket) ([]Message, error) {
	said, err := tx.Before(ctx, t.Conversation, t.HistoryUpTo+1, cardHistory+1)
	if err != nil {
		return nil, err
	}
	history := said[:0]
	for _, m := range said {
		if m.ID != t.Subject && !m.Deleted {
			history = append(history, m)
		}
	}
	return history[max(0, len(history)-cardHistory):], nil
}

// updateCard shows the ticket's present state at the head of its thread.
func (d *Desk) updateCard(ctx context.Context, j Job) error {
	s, err := d.scene(ctx, j)
	if err != nil {
		return err
	}
	if s.t.Thread == (ThreadRef{}) {
		return d.record(ctx, j, func(context.Context, Tx) error { return nil })
	}
	card, err := d.cardOf(ctx, s.t)
	if err != nil {
		return err
	}
	return d.inThread(ctx, j, s, func(ctx context.Context) error {
		return d.Console.Update(ctx, s.t.Thread, card)
	}, nil)
}

// inThread does one thing in a ticket's thread, and records it. When the
// console refuses somebody's words for good, a note in the thread says so.
func (d *Desk) inThread(ctx context.Context, j Job, s scene, act func(context.Context) error, then func(context.Context, Tx) error) error {
	key := consoleKey(s.t.Thread.Channel)
	if err := d.takeTurn(ctx, key); err != nil {
		return err
	}
	err := act(ctx)
	switch {
	case errors.Is(err, bots.ErrRejected):
		d.Log.ErrorContext(ctx, "console refused a post for good", "job", j.ID, "kind", j.Kind, "ticket", s.t.ID, "message", j.Message, "err", err)
		then = nil
		if j.Kind == JobPost || j.Kind == JobRevise {
			then = func(ctx context.Context, tx Tx) error {
				now, err := d.sceneIn(ctx, tx, j)
				if err != nil {
					return err
				}
				return d.note(ctx, tx, now.t, d.Phrases.CannotShow(now.b.StaffLang))
			}
		}
	case err != nil:
		d.obey(ctx, key, err)
		return d.patiently(j, err)
	}
	return d.record(ctx, j, func(ctx context.Context, tx Tx) error {
		if then == nil {
			return nil
		}
		return then(ctx, tx)
	})
}

// post shows a message in its ticket's thread.
func (d *Desk) post(ctx context.Context, j Job) error {
	s, err := d.scene(ctx, j)
	if err != nil {
		return err
	}
	p := d.postOf(j, s)
	if s.t.Thread == (ThreadRef{}) || p.Text.Plain == "" && len(p.Files) == 0 && len(p.Missing) == 0 {
		return d.record(ctx, j, func(context.Context, Tx) error { return nil })
	}
	var ref PostRef
	return d.inThread(ctx, j, s, func(ctx context.Context) error {
		if j.Unsure {
			if ref, err = d.Console.Find(ctx, s.t.Thread.Channel, s.t.Thread, p.Key, j.CreatedAt); err != nil || ref != (PostRef{}) {
				return err
			}
		}
		ref, err = d.postFiles(ctx, j, s, p)
		return err
	}, func(ctx context.Context, tx Tx) error {
		if s.msg.Post != (PostRef{}) || j.Payload.FilesOnly {
			return nil
		}
		now, err := d.sceneIn(ctx, tx, j)
		if err != nil {
			return err
		}
		now.msg.Post = ref
		return tx.SaveMessage(ctx, now.msg)
	})
}

// postOf is a message as staff see it in a thread.
func (d *Desk) postOf(j Job, s scene) Post {
	p := Post{
		Key: fmt.Sprintf("job-%d", j.ID), Author: s.msg.Author, Platform: d.Platform[s.c.At.Bot],
		Text: s.msg.Text, Link: s.msg.Link, Edited: s.msg.Edited, Deleted: s.msg.Deleted,
	}
	switch s.msg.Direction {
	case FromBot:
		p.Kind = PostBot
		p.Choices = choicesOf(s.msg)
	case FromAgent:
		p.Kind = PostAgent
	default:
		p.Kind = PostContact
	}
	for _, row := range linksOf(s.msg) {
		p.Links = append(p.Links, knowledge.Link{Label: row[0].Label, URL: row[0].URL})
	}
	for _, f := range s.msg.StaffFiles {
		p.Attached = append(p.Attached, f.Name)
	}
	files := s.msg.Files
	if j.Payload.FilesOnly {
		p.Text = bots.Text{}
		files = files[min(j.Payload.FilesFrom, len(files)):]
	}
	for _, f := range files {
		p.Files = append(p.Files, bots.Upload{
			Name: f.Name, MIME: f.MIME, Size: f.Size,
			Open: func(ctx context.Context) (io.ReadCloser, error) {
				r, err := d.Bots.OpenFile(ctx, s.c.At.Bot, f.ID)
				if err != nil {
					return nil, &fileError{name: f.Name, err: err}
				}
				return r, nil
			},
		})
	}
	return p
}

// fileError: a contact's file could not be fetched from its platform.
type fileError struct {
	name string
	err  error
}

func (e *fileError) Error() string { return fmt.Sprintf("fetch file: %v", e.err) }
func (e *fileError) Unwrap() error { return e.err }

// postFiles posts; a file that cannot be fetched is named instead of holding up
// the words.
func (d *Desk) postFiles(ctx context.Context, j Job, s scene, p Post) (PostRef, error) {
	for {
		ref, err := d.Console.Post(ctx, s.t.Thread, p)
		var missing *fileError
		if !errors.As(err, &missing) {
			return ref, err
		}
		gone := errors.Is(err, bots.ErrRejected) || errors.Is(err, bots.ErrUnreachable) || errors.Is(err, bots.ErrUnsupported)
		if !gone && j.Attempt < fileTries {
			return PostRef{}, &bots.RetryError{Err: err}
		}
		d.Log.WarnContext(ctx, "a contact's file could not be fetched", "ticket", s.t.ID, "message", s.msg.ID, "err", missing.err)
		for i, f := range p.Files {
			if f.Name == missing.name {
				p.Files = append(p.Files[:i:i], p.Files[i+1:]...)
				break
			}
		}
		p.Missing = append(p.Missing, d.Phrases.FileNotFetched(s.b.StaffLang, missing.name))
	}
}

// runRevise shows that a message which staff have before them was changed: in
// its post, on the card, or both.
func (d *Desk) runRevise(ctx context.Context, j Job) error {
	s, err := d.scene(ctx, j)
	if err != nil {
		return err
	}
	if s.t.Thread == (ThreadRef{}) || s.msg.Post == (PostRef{}) && s.t.onCard(s.msg.ID) {
		return d.updateCard(ctx, j)
	}
	p := d.postOf(j, s)
	p.Files = nil
	if j.Payload.Before != nil {
		p.Before = *j.Payload.Before
	}
	return d.inThread(ctx, j, s, func(ctx context.Context) error {
		err := bots.ErrRejected
		if s.msg.Post != (PostRef{}) {
			err = d.Console.Revise(ctx, s.msg.Post, p)
		}
		if errors.Is(err, bots.ErrRejected) { // it cannot be changed, so it is followed by a new one
			_, err = d.Console.Post(ctx, s.t.Thread, p)
		}
		return err
	}, func(ctx context.Context, tx Tx) error {
		if !s.t.onCard(s.msg.ID) {
			return nil
		}
		now, err := d.sceneIn(ctx, tx, j)
		if err != nil {
			return err
		}
		return d.card(ctx, tx, now.t)
	})
}

// postNote tells staff something in a ticket's thread.
func (d *Desk) postNote(ctx context.Context, j Job) error {
	s, err := d.scene(ctx, j)
	if err != nil {
		return err
	}
	if s.t.Thread == (ThreadRef{}) {
		return d.record(ctx, j, func(context.Context, Tx) error { return nil })
	}
	p := Post{Key: fmt.Sprintf("job-%d", j.ID), Kind: PostNote, Text: bots.Plain(j.Payload.Note)}
	return d.inThread(ctx, j, s, func(ctx context.Context) error {
		if j.Unsure {
			if ref, err := d.Console.Find(ctx, s.t.Thread.Channel, s.t.Thread, p.Key, j.CreatedAt); err != nil || ref != (PostRef{}) {
				return err
			}
		}
		_, err := d.Console.Post(ctx, s.t.Thread, p)
		return err
	}, nil)
}

// mark shows on an agent's own message how far it has come.
func (d *Desk) mark(ctx context.Context, j Job) error {
	s, err := d.scene(ctx, j)
	if err != nil {
		return err
	}
	return d.inThread(ctx, j, s, func(ctx context.Context) error {
		return d.Console.Mark(ctx, s.msg.Post, s.msg.Delivery)
	}, nil)
}

// Overdue is how long the oldest due job has waited; the readiness check and
// metrics read it.
func (d *Desk) Overdue(ctx context.Context) (time.Duration, error) {
	due, err := d.Queue.Due(ctx)
	if err != nil || due.IsZero() {
		return 0, err
	}
	return max(0, d.Now().Sub(due)), nil
}
