package inbox_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// broken panics on one question, as a fault of the program would.
type broken struct {
	inbox.Answerer
	on string
}

func (b broken) Decide(ctx context.Context, brand string, q knowledge.Question) (knowledge.Decision, error) {
	if q.Text == b.on {
		panic("a fault of the program")
	}
	return b.Answerer.Decide(ctx, brand, q)
}

// hour works through an hour, second by second at first, then by minutes.
func (d desk) hour(t *testing.T) {
	t.Helper()
	for range 60 {
		d.Clock.Advance(time.Minute)
		d.Work(t)
	}
}

// A message on which the program fails again and again must neither be lost
// nor hold up what is said after it.
func TestMessageThatBreaksTheMatcherGoesToPeople(t *testing.T) {
	d := newDesk(t)
	d.Desk.Answers = broken{d.Answers, "отруйне"}
	d.Hear(t, d.Said("1001", "отруйне"))
	d.Hear(t, d.Said("1001", "друге"))
	d.hour(t)
	threads := d.Console.Threads()
	if len(threads) != 1 || threads[0].Card.Question.Text.Plain != "отруйне" {
		t.Fatalf("threads %+v, want one with the first message", threads)
	}
	if p := threads[0].Posts; len(p) != 1 || p[0].Post.Text.Plain != "друге" {
		t.Errorf("posts %+v, want the second message", p)
	}
	d.wantLedger(t, "handoff/unsure////")
	if got := d.list(t, `SELECT kind || ' ' || state FROM jobs`); got != "decide dead" {
		t.Errorf("jobs %q, want the buried one", got)
	}
}

// brittle panics when an entry is read.
type brittle struct {
	inbox.Answerer
	broken bool
}

func (b *brittle) Entry(ctx context.Context, brand, id string) (knowledge.Entry, bool, error) {
	if b.broken {
		panic("a fault of the program")
	}
	return b.Answerer.Entry(ctx, brand, id)
}

// A choice that cannot be answered, however often it is tried, is for people.
func TestChoiceThatBreaksGoesToPeople(t *testing.T) {
	d := newAmbiguousDesk(t)
	b := &brittle{Answerer: d.Answers}
	d.Desk.Answers = b
	d.Hear(t, d.Said("1001", ambiguous))
	b.broken = true
	d.press(t, "1001", d.button(t, "1001", "choice1"))
	d.hour(t)
	b.broken = false
	d.hour(t)
	d.wantStates(t, "open")
	if threads := d.Console.Threads(); len(threads) != 1 || threads[0].Card.Question.Text.Plain != ambiguous {
		t.Errorf("threads %+v, want one with the question", threads)
	}
}

// The same for a job whose ticket is gone.
func TestHopelessJobFreesItsLane(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	if _, err := d.db.Pool.Exec(t.Context(), `INSERT INTO jobs (lane, kind, brand, ticket_id, state, run_at, created_at)
		SELECT 's' || conversation_id, 'card', brand, 999999, 'pending', $1, $1 FROM tickets`, d.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	d.Hear(t, d.Said("1001", "ще"))
	if n := len(d.Console.Threads()[0].Posts); n != 0 {
		t.Fatalf("%d posts before the hopeless job ended", n)
	}
	d.hour(t)
	if n := len(d.Console.Threads()[0].Posts); n != 1 {
		t.Errorf("%d posts after it, want 1", n)
	}
}

// What Slack refuses for good is told in the thread; a ticket whose words it
// refuses is still shown.
func TestRefusedWordsAreToldToPeople(t *testing.T) {
	d := newDesk(t)
	refused := fmt.Errorf("invalid_blocks: %w", bots.ErrRejected)
	d.Console.FailNext(refused)
	d.Answers.Decisions["питання"] = knowledge.Decision{
		Action: knowledge.HandOff, Reason: knowledge.Unsure, Candidates: []knowledge.Candidate{{EntryID: "delivery-time", Against: []string{"питання"}}},
	}
	d.Hear(t, d.Said("1001", "питання"))
	threads := d.Console.Threads()
	if len(threads) != 1 || threads[0].Card.Question.Text.Plain == "питання" || threads[0].Card.Question.Text.Plain == "" {
		t.Fatalf("threads %+v, want one that says that the words cannot be shown", threads)
	}
	if got := threads[0].Card.Ticket.Decision.Candidates; got != nil {
		t.Errorf("the card still tells the words in %+v", got)
	}
	d.Console.FailNext(refused)
	d.Hear(t, d.Said("1001", "ще"))
	if p := d.Console.Threads()[0].Posts; len(p) != 1 || p[0].Post.Kind != inbox.PostNote {
		t.Errorf("posts %+v, want a note", p)
	}
}

// An agent sees that a reply waits, and then that it arrived.
func TestReplyThatWaitsShowsIt(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	d.Platform.FailNext("1001", &bots.RetryError{After: 30 * time.Second, Err: fmt.Errorf("429")})
	post := d.reply(t, "відповідь")
	if got := d.Console.Marked(post); got != inbox.Waiting {
		t.Errorf("marked %q, want waiting", got)
	}
	d.Clock.Advance(time.Minute)
	d.Work(t)
	if got := d.Console.Marked(post); got != inbox.Sent {
		t.Errorf("marked %q, want sent", got)
	}
}

// A reopened ticket that the bot answered may be put aside: people hold it then.
func TestReopenedAnsweredTicketCanBeSnoozed(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	d.act(t, inbox.Resolve, "")
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.wantStates(t, "answered")
	d.act(t, inbox.Snooze, string(inbox.SnoozeCustomer))
	d.wantStates(t, "snoozed")
	said := len(d.texts("1001"))
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.wantStates(t, "open")
	if n := len(d.texts("1001")); n != said {
		t.Errorf("the bot spoke on a ticket that people hold: %q", d.texts("1001"))
	}
}

// "Ask a person" on a ticket that is already before people says so there, and
// shows nothing twice.
func TestAskPersonInAReopenedTicket(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	d.act(t, inbox.Resolve, "")
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	before := len(d.Console.Threads()[0].Posts)
	d.press(t, "1001", d.button(t, "1001", "person"))
	d.wantStates(t, "open")
	p := d.Console.Threads()[0].Posts[before:]
	if len(p) != 1 || p[0].Post.Kind != inbox.PostNote {
		t.Errorf("posts %+v, want a note that the customer asks for a person", p)
	}
}
