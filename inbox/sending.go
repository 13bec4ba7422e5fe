package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/poruch/poruch/bots"
)

// giveUpAfter is how long a message to a contact is tried. An answer that is
// older would surprise more than help, and people are told instead.
const giveUpAfter = 24 * time.Hour

// shortWait is how long a worker waits in place for its turn.
const shortWait = 200 * time.Millisecond

// scene is what a job is about, read in one transaction.
type scene struct {
	c   Conversation
	b   Brand
	t   Ticket
	msg Message
}

// scene reads what a job is about as it is now; nothing is held.
func (d *Desk) scene(ctx context.Context, j Job) (s scene, err error) {
	err = d.Store.InTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := s.read(ctx, tx, j); err != nil {
			return err
		}
		s.c, err = tx.Conversation(ctx, s.conversation())
		s.b = d.brand(s.c.Brand)
		return err
	})
	return s, err
}

// sceneIn locks the conversation of a job and reads what the job is about.
func (d *Desk) sceneIn(ctx context.Context, tx Tx, j Job) (s scene, err error) {
	if err := s.read(ctx, tx, j); err != nil {
		return s, err
	}
	if s.c, err = tx.LockConversation(ctx, s.conversation()); err != nil {
		return s, err
	}
	s.b = d.brand(s.c.Brand)
	return s, s.read(ctx, tx, j) // as it is under the lock
}

func (s *scene) read(ctx context.Context, tx Tx, j Job) (err error) {
	if j.Message != 0 {
		if s.msg, err = tx.Message(ctx, j.Message); err != nil {
			return err
		}
	}
	if j.Ticket != 0 {
		s.t, err = tx.Ticket(ctx, j.Ticket)
	}
	return err
}

func (s *scene) conversation() int64 {
	if s.t.ID != 0 {
		return s.t.Conversation
	}
	return s.msg.Conversation
}

// takeTurn waits for the pace of a chat or channel.
func (d *Desk) takeTurn(ctx context.Context, key PaceKey) error {
	wait := d.Pacer.Take(ctx, key)
	if wait == 0 {
		return nil
	}
	if wait > shortWait {
		return notYet{wait}
	}
	pause := time.NewTimer(wait)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-pause.C:
	}
	if wait = d.Pacer.Take(ctx, key); wait > 0 {
		return notYet{wait}
	}
	return nil
}

// obey pauses a chat, or a whole bot, as its platform asked.
func (d *Desk) obey(ctx context.Context, key PaceKey, err error) {
	var retry *bots.RetryError
	if errors.As(err, &retry) && retry.After > 0 {
		if retry.Wide {
			key.Chat = ""
		}
		d.Pacer.Pause(ctx, key, retry.After)
	}
}

// send takes a message to its contact.
func (d *Desk) send(ctx context.Context, j Job) error {
	s, err := d.scene(ctx, j)
	if err != nil {
		return err
	}
	if s.msg.Delivery != Waiting {
		return d.record(ctx, j, func(context.Context, Tx) error { return nil })
	}
	if s.msg.Deleted {
		return d.record(ctx, j, func(ctx context.Context, tx Tx) error {
			return tx.SetDelivery(ctx, s.msg.ID, Delivered{Delivery: Unsent})
		})
	}
	if d.Now().Sub(j.CreatedAt) > giveUpAfter {
		return d.undelivered(ctx, j, errGaveUp)
	}
	key := PaceKey{Bot: s.c.At.Bot, Chat: string(s.c.At.Chat)}
	if err := d.takeTurn(ctx, key); err != nil {
		return err
	}
	id, err := d.Bots.Send(ctx, d.outgoing(s))
	var moved *bots.MovedError
	switch {
	case err == nil:
		return d.delivered(ctx, j, s, id)
	case errors.As(err, &moved):
		if err := d.Store.InTx(ctx, func(ctx context.Context, tx Tx) error {
			return tx.MoveChat(ctx, s.c.At.Bot, s.c.At.Chat, moved.Chat)
		}); err != nil {
			return err
		}
		return notYet{}
	case errors.Is(err, bots.ErrUnreachable), errors.Is(err, bots.ErrRejected), errors.Is(err, bots.ErrUnsupported):
		return d.undelivered(ctx, j, err)
	}
	d.obey(ctx, key, err)
	return err
}

var errGaveUp = errors.New("the platform did not take it for a day")

// outgoing is a message as its contact sees it.
func (d *Desk) outgoing(s scene) bots.Outgoing {
	out := bots.Outgoing{To: s.c.At, ReplyTo: s.msg.ReplyTo, Text: s.msg.Text, Buttons: buttonsOf(s.msg)}
	if s.msg.Direction == FromAgent && s.b.SignReplies && s.msg.Author != "" {
		out.Text = signed(s.msg.Author, s.msg.Text)
	}
	for _, f := range s.msg.StaffFiles {
		out.Files = append(out.Files, bots.Upload{
			Name: f.Name, MIME: f.MIME, Size: f.Size,
			Open: func(ctx context.Context) (io.ReadCloser, error) { return d.openFile(ctx, s.c.Brand, f) },
		})
	}
	return out
}

// openFile reads a file of staff's from where it is.
func (d *Desk) openFile(ctx context.Context, brand string, f StaffFile) (io.ReadCloser, error) {
	if f.Sum == "" {
		return d.Console.OpenFile(ctx, f)
	}
	r, err := d.Answers.OpenFile(ctx, brand, f.Sum)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", bots.ErrRejected, err)
	}
	return r, err
}

// signed puts an agent's public name above the words.
func signed(name string, t bots.Text) bots.Text {
	head := name + "\n"
	if t.Plain == "" {
		head = name
	}
	spans := []bots.Span{{Kind: bots.Bold, Start: 0, End: len(name)}}
	for _, s := range t.Spans {
		s.Start, s.End = s.Start+len(head), s.End+len(head)
		spans = append(spans, s)
	}
	return bots.Text{Plain: head + t.Plain, Spans: spans}
}

// delivered records that a message has arrived. Until that is committed, a
// crash makes it come twice, so the usual case is as short as it can be.
func (d *Desk) delivered(ctx context.Context, j Job, s scene, id bots.MessageID) error {
	return d.record(ctx, j, func(ctx context.Context, tx Tx) error {
		err := tx.SetDelivery(ctx, s.msg.ID, Delivered{Delivery: Sent, ExternalID: id, PossibleDuplicate: j.Unsure})
		if err != nil || !j.Unsure && !s.marked() {
			return err
		}
		s, err := d.sceneIn(ctx, tx, j)
		if err != nil {
			return err
		}
		if j.Unsure && s.t.ID != 0 {
			if err := d.tell(ctx, tx, s, "possible_duplicate", d.Phrases.PossibleDuplicate(s.b.StaffLang)); err != nil {
				return err
			}
		}
		return d.markOwn(ctx, tx, s)
	})
}

// tell writes an event, and tells people if they have the ticket before them.
func (d *Desk) tell(ctx context.Context, tx Tx, s scene, kind, text string) error {
	if err := tx.AddEvent(ctx, Event{Ticket: s.t.ID, Kind: kind, Actor: theSystem, From: s.t.State, To: s.t.State, At: d.Now()}); err != nil {
		return err
	}
	if !s.t.broughtToPeople() {
		return nil
	}
	return d.note(ctx, tx, s.t, text)
}

// markOwn shows on the agent's own message how far it has come.
func (d *Desk) markOwn(ctx context.Context, tx Tx, s scene) error {
	if !s.marked() {
		return nil
	}
	return d.toStaff(ctx, tx, s.t, JobMark, s.msg.ID, Payload{})
}

// showWaiting tells an agent that a reply did not go out at once. It is a
// courtesy: the reply's end is shown in any case.
func (d *Desk) showWaiting(ctx context.Context, j Job) {
	err := d.inTx(ctx, func(ctx context.Context, tx Tx) error {
		s, err := d.sceneIn(ctx, tx, j)
		if err != nil || s.msg.Delivery != Waiting {
			return err
		}
		return d.markOwn(ctx, tx, s)
	})
	if err != nil {
		d.Log.WarnContext(ctx, "cannot show that a reply waits", "job", j.ID, "message", j.Message, "err", err)
	}
}

// marked: the message is an agent's own, in a ticket's thread.
func (s *scene) marked() bool {
	return s.msg.Direction == FromAgent && s.msg.Post != (PostRef{}) && s.t.ID != 0
}

// undelivered ends a message that can never arrive, where a person sees it.
func (d *Desk) undelivered(ctx context.Context, j Job, cause error) error {
	return d.record(ctx, j, func(ctx context.Context, tx Tx) error {
		s, err := d.sceneIn(ctx, tx, j)
		if err != nil {
			return err
		}
		return d.fail(ctx, tx, j, s, cause)
	})
}

func (d *Desk) fail(ctx context.Context, tx Tx, j Job, s scene, cause error) (err error) {
	if err := tx.SetDelivery(ctx, s.msg.ID, Delivered{Delivery: Failed, PossibleDuplicate: j.Unsure}); err != nil {
		return err
	}
	if errors.Is(cause, bots.ErrUnreachable) && s.c.Private {
		if _, err := tx.SetBlocked(ctx, s.c.At.Bot, s.c.Contact.User, true); err != nil {
			return err
		}
	}
	if s.t.ID == 0 {
		d.Log.WarnContext(ctx, "a courtesy could not be delivered", "bot", s.c.At.Bot, "message", s.msg.ID, "err", cause)
		return nil
	}
	if !s.t.broughtToPeople() {
		if s.t, err = d.bringFailed(ctx, tx, s); err != nil {
			return err
		}
	}
	reason := d.Phrases.NotDelivered(s.b.StaffLang, failureOf(cause))
	if err := d.tell(ctx, tx, s, "not_delivered", reason); err != nil {
		return err
	}
	if err := d.markOwn(ctx, tx, s); err != nil {
		return err
	}
	return d.card(ctx, tx, s.t)
}

// bringFailed hands a ticket to people because the bot's answer did not arrive.
func (d *Desk) bringFailed(ctx context.Context, tx Tx, s scene) (Ticket, error) {
	t := s.t
	if t.Settled() {
		last, err := tx.LastTicket(ctx, t.Conversation)
		if err != nil || last.ID != t.ID {
			return t, err
		}
	}
	t.Told = true // there is no way to tell
	if err := d.change(ctx, tx, &t, change{kind: "handed_off", to: StateOpen, by: theSystem, why: "not delivered"}); err != nil {
		return t, err
	}
	question, err := tx.Message(ctx, t.Message)
	if err != nil {
		return t, err
	}
	m := matter{c: s.c, b: s.b, t: t, msg: question}
	err = d.bring(ctx, tx, &m)
	return m.t, err
}

// Failure is why a message can never arrive, as staff read it.
type Failure string

// The failures that message files have words for.
const (
	FailureUnreachable Failure = "unreachable"
	FailureRejected    Failure = "rejected"
	FailureUnsupported Failure = "unsupported"
	FailureGaveUp      Failure = "gave_up"
)

func failureOf(err error) Failure {
	switch {
	case errors.Is(err, bots.ErrUnreachable):
		return FailureUnreachable
	case errors.Is(err, bots.ErrUnsupported):
		return FailureUnsupported
	case errors.Is(err, errGaveUp):
		return FailureGaveUp
	}
	return FailureRejected
}

// amend edits or withdraws a message that the contact has.
func (d *Desk) amend(ctx context.Context, j Job) error {
	s, err := d.scene(ctx, j)
	if err != nil {
		return err
	}
	if s.msg.Delivery != Sent {
		return d.record(ctx, j, func(context.Context, Tx) error { return nil })
	}
	key := PaceKey{Bot: s.c.At.Bot, Chat: string(s.c.At.Chat)}
	if err := d.takeTurn(ctx, key); err != nil {
		return err
	}
	if j.Kind == JobEdit {
		err = d.Bots.Edit(ctx, s.c.At, s.msg.ExternalID, d.outgoing(s))
	} else {
		err = d.Bots.Delete(ctx, s.c.At, s.msg.ExternalID)
	}
	final := err == nil || errors.Is(err, bots.ErrUnreachable) || errors.Is(err, bots.ErrRejected) || errors.Is(err, bots.ErrUnsupported)
	if !final && d.Now().Sub(j.CreatedAt) < giveUpAfter {
		d.obey(ctx, key, err)
		return err
	}
	return d.record(ctx, j, func(ctx context.Context, tx Tx) error {
		if err == nil || s.msg.Direction != FromAgent {
			return nil // buttons that stay are harmless
		}
		text := d.Phrases.EditNotDelivered(s.b.StaffLang)
		if j.Kind == JobRetract {
			text = d.Phrases.DeleteNotPossible(s.b.StaffLang)
		}
		now, err := d.sceneIn(ctx, tx, j)
		if err != nil {
			return err
		}
		return d.tell(ctx, tx, now, "amend_failed", text)
	})
}
