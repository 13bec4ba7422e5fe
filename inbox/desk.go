package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/knowledge"
)

// Desk is what Poruch does with what is said: it stores it, decides, answers,
// brings it to people and carries their words back. It holds no state of its
// own, so any number of replicas may work on one Store.
type Desk struct {
	Store    Store
	Queue    Queue
	Console  Console
	Bots     Platforms
	Answers  Answerer
	Pacer    Pacer
	Signals  Signals
	Phrases  *Phrases
	Brands   map[string]Brand  // by id
	BrandOf  map[string]string // which brand a bot speaks for
	Platform map[string]string // what people call the platform behind a bot: "Telegram"
	Log      *slog.Logger
	Now      func() time.Time
	Observe  Observer
}

// Observer counts what happens, for metrics. Calls must not block.
type Observer interface {
	Received(bot string, n int)
	Decided(d knowledge.Decision)
	Finished(kind JobKind, outcome string, took time.Duration)
}

// consoleSource is the Receipt source of everything that the console brings.
const consoleSource = "console"

// Check says what is missing of a desk before it starts.
func (d *Desk) Check() error {
	if d.Store == nil || d.Queue == nil || d.Console == nil || d.Bots == nil || d.Answers == nil ||
		d.Pacer == nil || d.Signals == nil || d.Phrases == nil || d.Log == nil || d.Now == nil || d.Observe == nil {
		return errors.New("desk is not complete")
	}
	for bot, brand := range d.BrandOf {
		if _, ok := d.Brands[brand]; !ok {
			return fmt.Errorf("bot %s speaks for the unknown brand %s", bot, brand)
		}
	}
	return nil
}

// brand returns a brand by id. A brand that was taken out of the configuration
// while it still has conversations keeps working with the defaults.
func (d *Desk) brand(id string) Brand {
	if b, ok := d.Brands[id]; ok {
		return b
	}
	return Brand{ID: id, Name: id, Lang: knowledge.Ukrainian, StaffLang: knowledge.Ukrainian}
}

// inTx runs do in a transaction and wakes the workers after it.
func (d *Desk) inTx(ctx context.Context, do func(ctx context.Context, tx Tx) error) error {
	if err := d.Store.InTx(ctx, do); err != nil {
		return err
	}
	d.Signals.Wake()
	return nil
}

// change moves a ticket and writes the event, in one go.
func (d *Desk) change(ctx context.Context, tx Tx, t *Ticket, c change) error {
	from := t.State
	if c.to != "" {
		if err := t.MoveTo(c.to, d.Now()); err != nil {
			return err
		}
	}
	if err := tx.SaveTicket(ctx, t); err != nil {
		return err
	}
	return tx.AddEvent(ctx, Event{
		Ticket: t.ID, Kind: c.kind, Actor: c.by, From: from, To: t.State, Why: c.why, At: d.Now(),
	})
}

// change is one step of a ticket's life.
type change struct {
	kind string
	to   State // "" keeps the state
	by   Actor
	why  string
}

var theBot = Actor{Kind: ByBot}
var theSystem = Actor{Kind: BySystem}

func byContact(c Contact) Actor { return Actor{Kind: ByContact, ID: fmt.Sprint(c.ID)} }
func byAgent(a Agent) Actor     { return Actor{Kind: ByAgent, ID: a.ID} }

// say stores a message of ours to the contact and enqueues its sending.
func (d *Desk) say(ctx context.Context, tx Tx, c Conversation, m Message) (Message, error) {
	m.Conversation, m.Delivery, m.SentAt = c.ID, Waiting, d.Now()
	if _, err := tx.AddMessage(ctx, c, &m); err != nil {
		return Message{}, err
	}
	return m, tx.Enqueue(ctx, Job{
		Lane: contactLane(c.ID), Kind: JobSend, Brand: c.Brand, Ticket: m.Ticket, Message: m.ID,
	})
}

// sayPlain is say for a fixed text of the bot.
func (d *Desk) sayPlain(ctx context.Context, tx Tx, c Conversation, t Ticket, text string, to bots.MessageID) error {
	_, err := d.say(ctx, tx, c, Message{Ticket: t.ID, Direction: FromBot, Text: bots.Plain(text), ReplyTo: to})
	return err
}

// toStaff enqueues work for the staff side of a ticket.
func (d *Desk) toStaff(ctx context.Context, tx Tx, t Ticket, kind JobKind, message int64, p Payload) error {
	return tx.Enqueue(ctx, Job{
		Lane: staffLane(t.Conversation), Kind: kind, Brand: t.Brand, Ticket: t.ID, Message: message, Payload: p,
	})
}

// note tells staff something in the ticket's thread.
func (d *Desk) note(ctx context.Context, tx Tx, t Ticket, text string) error {
	return d.toStaff(ctx, tx, t, JobNote, 0, Payload{Note: text})
}

// card refreshes the card of a ticket that people have before them.
func (d *Desk) card(ctx context.Context, tx Tx, t Ticket) error {
	return d.toStaff(ctx, tx, t, JobCard, 0, Payload{})
}
