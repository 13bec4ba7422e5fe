package inbox

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// State is where a ticket stands. docs/architecture.md draws the machine.
type State string

// The states of a ticket.
const (
	StateNew      State = "new"      // opened, nothing decided yet
	StateAnswered State = "answered" // the bot answered; the customer's verdict is awaited
	StateOpen     State = "open"     // handed off: people must act
	StatePending  State = "pending"  // people answered; the customer must act
	StateSnoozed  State = "snoozed"  // put aside until a time, or until the customer writes
	StateResolved State = "resolved" // settled; may be reopened for a while
)

// moves lists the allowed changes of state.
var moves = map[State][]State{
	StateNew:      {StateAnswered, StateOpen},
	StateAnswered: {StateOpen, StatePending, StateSnoozed, StateResolved},
	StateOpen:     {StatePending, StateSnoozed, StateResolved},
	StatePending:  {StateOpen, StateSnoozed, StateResolved},
	StateSnoozed:  {StateOpen, StatePending, StateResolved},
	StateResolved: {StateOpen, StateAnswered, StatePending},
}

// Priority orders tickets that wait for people.
type Priority string

// The priorities.
const (
	PriorityNormal Priority = "normal"
	PriorityHigh   Priority = "high"
)

// Ticket is one matter to settle. A conversation has at most one that is not
// resolved.
type Ticket struct {
	ID           int64
	Brand        string
	Conversation int64
	State        State
	Priority     Priority
	Lang         knowledge.Lang
	Assignee     Agent     // zero until claimed
	Thread       ThreadRef // zero until it has been brought to people
	// Decision is the matcher's verdict that opened the ticket or brought it
	// to people.
	Decision knowledge.Decision
	Message  int64 // the message that the decision was about
	// Subject is the message that the card at the head of the thread shows; 0:
	// the ticket has not been brought to people.
	Subject int64
	// HistoryUpTo is the last message that the card shows as history; what was
	// decided later is posted in the thread.
	HistoryUpTo  int64
	HandedOff    bool      // people hold it: the bot is silent until it is resolved
	Told         bool      // the customer knows that people look
	SnoozedUntil time.Time // zero: until the customer writes
	OpenedAt     time.Time
	ChangedAt    time.Time // of the state
	ResolvedAt   time.Time // zero while unresolved
}

// broughtToPeople: the ticket has, or is about to have, a thread.
func (t *Ticket) broughtToPeople() bool { return t.Subject != 0 }

// onCard: the message is shown at the head of the thread.
func (t *Ticket) onCard(message int64) bool { return message == t.Subject || message <= t.HistoryUpTo }

// Settled says whether the ticket is resolved.
func (t *Ticket) Settled() bool { return t.State == StateResolved }

// errNoWay: the state machine has no such change.
var errNoWay = errors.New("no such change of state")

// MoveTo changes the state, or says that the machine has no such change. A
// move to the present state is allowed and changes nothing.
func (t *Ticket) MoveTo(to State, now time.Time) error {
	if t.State == to {
		return nil
	}
	if !slices.Contains(moves[t.State], to) {
		return fmt.Errorf("ticket %d from %s to %s: %w", t.ID, t.State, to, errNoWay)
	}
	t.State, t.ChangedAt = to, now
	t.ResolvedAt = time.Time{}
	if to == StateResolved {
		t.ResolvedAt = now
	}
	t.HandedOff = to == StateOpen || to == StatePending || to == StateSnoozed
	if to != StateSnoozed {
		t.SnoozedUntil = time.Time{}
	}
	return nil
}

// Event is one line of a ticket's history: append-only, with who, when and why.
type Event struct {
	Ticket int64
	Kind   string // "opened", "answered", "handed_off", "claimed", "replied", "resolved", …
	Actor  Actor
	From   State
	To     State
	Why    string // a reason word or a detail; never people's words
	At     time.Time
}

// Actor is who did something.
type Actor struct {
	Kind ActorKind
	ID   string // the contact's or agent's id; "" for the bot
}

// ActorKind tells people from programs.
type ActorKind string

// The kinds of actors.
const (
	ByContact ActorKind = "contact"
	ByBot     ActorKind = "bot"
	ByAgent   ActorKind = "agent"
	BySystem  ActorKind = "system"
)
