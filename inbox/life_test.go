package inbox_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
)

// life is one conversation that goes through anything, and what must come of it.
type life struct {
	desk
	t       *rapid.T
	tb      *testing.T
	user    string
	asked   []string // questions that only people can answer, in order
	replied []string // what agents wrote to the customer, in order
	notes   []string
	n       int
}

func (l *life) word(kind string) string {
	l.n++
	return fmt.Sprintf("%s %s-%d", kind, l.user, l.n)
}

func (l *life) hear(text string) {
	m := l.Said(l.user, text)
	for range 2 {
		if err := l.Deliver(l.tb.Context(), bots.Batch{Bot: "telegram", Messages: []bots.Message{m}, Next: m.UpdateID}); err != nil {
			l.t.Fatalf("deliver: %v", err)
		}
	}
}

func (l *life) thread() (inboxThread, bool) {
	for _, th := range l.Console.Threads() {
		if string(th.Card.Contact.User) == l.user {
			return inboxThread{th.Ref, th.Card.Ticket.ID}, true
		}
	}
	return inboxThread{}, false
}

type inboxThread struct {
	ref    inbox.ThreadRef
	ticket int64
}

// write is an agent's message in the thread, which Slack tells twice.
func (l *life) write(th inboxThread, text string) {
	l.n++
	r := inbox.Reply{
		EventID: fmt.Sprintf("Ev-%s-%d", l.user, l.n), Kind: bots.New, Thread: th.ref, Agent: olena, At: l.Clock.Now(),
		Post: inbox.PostRef{Channel: th.ref.Channel, TS: fmt.Sprintf("a-%s-%d", l.user, l.n)}, Text: bots.Plain(text), Raw: []byte(`{}`),
	}
	for range 2 {
		if err := l.HandleReply(l.tb.Context(), r); err != nil {
			l.t.Fatalf("reply: %v", err)
		}
	}
}

func (l *life) click(th inboxThread, kind inbox.ActionKind, value string) {
	l.n++
	_, err := l.HandleAction(l.tb.Context(), inbox.Action{
		EventID: fmt.Sprintf("act-%s-%d", l.user, l.n), Kind: kind, Ticket: th.ticket, Value: value, Agent: olena, Raw: []byte(`{}`),
	})
	if err != nil {
		l.t.Fatalf("%s: %v", kind, err)
	}
}

// work does what is due. die leaves one job in the hands of a worker that died.
func (l *life) work() { l.Work(l.tb) }

func (l *life) die() {
	jobs, err := l.Queue.Claim(l.tb.Context(), inbox.Claiming{Worker: 99, Max: 1, Lease: time.Minute})
	if err != nil {
		l.t.Fatalf("claim: %v", err)
	}
	if len(jobs) == 0 {
		return
	}
	if _, err := l.Queue.Reap(l.tb.Context()); err != nil { // worker 99 holds no lock: it is dead
		l.t.Fatalf("reap: %v", err)
	}
}

// Whatever customers, agents, platforms and crashes do in whatever order:
// every question reaches people once and in order, every reply reaches the
// customer in order, no note does, and nothing is left over.
func TestAnyLifeOfAConversation(t *testing.T) {
	d := newAmbiguousDesk(t)
	users := 0
	rapid.Check(t, func(rt *rapid.T) {
		users++
		l := &life{desk: d, t: rt, tb: t, user: fmt.Sprintf("7%05d", users)}
		rt.Repeat(map[string]func(*rapid.T){
			"a question for people": func(*rapid.T) {
				text := l.word("питання")
				l.asked = append(l.asked, text)
				l.hear(text)
			},
			"a known question": func(*rapid.T) { l.hear("Скільки триває доставка?") },
			"an ambiguous one": func(*rapid.T) { l.hear(ambiguous) },
			"a press": func(rt *rapid.T) {
				for _, m := range slices.Backward(l.Platform.Sent(bots.ChatID(l.user))) {
					if len(m.Out.Buttons) > 0 && rapid.Bool().Draw(rt, "this one") {
						p := l.Said(l.user, "")
						p.Kind, p.ID, p.PressID = bots.Pressed, "", "p"
						p.Button = rapid.SampledFrom(m.Out.Buttons).Draw(rt, "button")[0].Data
						if err := l.Deliver(t.Context(), bots.Batch{Bot: "telegram", Messages: []bots.Message{p}, Next: p.UpdateID}); err != nil {
							rt.Fatalf("press: %v", err)
						}
						return
					}
				}
			},
			"a reply": func(*rapid.T) {
				if th, ok := l.thread(); ok {
					text := l.word("відповідь")
					l.replied = append(l.replied, text)
					l.write(th, text)
				}
			},
			"a note": func(*rapid.T) {
				if th, ok := l.thread(); ok {
					l.notes = append(l.notes, l.word("нотатка"))
					l.write(th, "// "+l.notes[len(l.notes)-1])
				}
			},
			"a click": func(rt *rapid.T) {
				if th, ok := l.thread(); ok {
					kind := rapid.SampledFrom([]inbox.ActionKind{inbox.Claim, inbox.Resolve, inbox.Snooze, inbox.Reopen}).Draw(rt, "kind")
					l.click(th, kind, string(inbox.SnoozeHour))
				}
			},
			"telegram is slow down": func(*rapid.T) {
				l.Platform.FailNext(bots.ChatID(l.user), &bots.RetryError{After: 10 * time.Second, Err: errors.New("429")})
			},
			"slack is away":          func(*rapid.T) { l.Console.FailNext(errors.New("502")) },
			"slack loses an answer":  func(*rapid.T) { l.Console.LoseAnswers(1) },
			"a worker dies":          func(*rapid.T) { l.die() },
			"work":                   func(*rapid.T) { l.work() },
			"a while passes":         func(rt *rapid.T) { l.pass(time.Duration(rapid.IntRange(1, 240).Draw(rt, "minutes")) * time.Minute) },
			"days pass, and nothing": func(*rapid.T) { l.pass(80 * time.Hour) },
		})
		for n := 0; n < 200 && l.list(t, `SELECT kind FROM jobs LIMIT 1`) != ""; n++ { // the troubles end one by one
			l.pass(2 * time.Minute)
		}
		l.check()
	})
}

func (l *life) pass(d time.Duration) {
	l.Clock.Advance(d)
	l.work()
}

// describe is what people see, for a failed run.
func (l *life) describe() string {
	var b strings.Builder
	for _, th := range l.Console.Threads() {
		if string(th.Card.Contact.User) != l.user {
			continue
		}
		fmt.Fprintf(&b, "ticket %d %s: %s\n", th.Card.Ticket.ID, th.Card.Ticket.State, th.Card.Question.Text.Plain)
		for _, m := range th.Card.History {
			fmt.Fprintf(&b, "  card: %s\n", m.Text.Plain)
		}
		for _, p := range th.Posts {
			fmt.Fprintf(&b, "  %s: %s\n", p.Post.Kind, p.Post.Text.Plain)
		}
	}
	return b.String()
}

func (l *life) check() {
	if got := l.list(l.tb, `SELECT DISTINCT kind || ' ' || state FROM jobs`); got != "" {
		l.t.Errorf("jobs are left: %s", got)
	}
	var seen, words []string
	for _, th := range l.Console.Threads() {
		if string(th.Card.Contact.User) != l.user {
			continue
		}
		// The card shows one question; earlier unanswered ones are its history.
		for _, m := range append(slices.Clone(th.Card.History), th.Card.Question) {
			if strings.HasPrefix(m.Text.Plain, "питання") && !slices.Contains(words, m.Text.Plain) {
				words = append(words, m.Text.Plain)
			}
		}
		for _, p := range th.Posts {
			if p.Post.Kind == inbox.PostContact && strings.HasPrefix(p.Post.Text.Plain, "питання") {
				seen = append(seen, p.Post.Text.Plain)
			}
		}
	}
	once := slices.Compact(slices.Sorted(slices.Values(seen)))
	if len(once) != len(seen) || !slices.IsSortedFunc(seen, func(a, b string) int { return slices.Index(l.asked, a) - slices.Index(l.asked, b) }) {
		l.t.Errorf("threads show %q, want each question once, in order", seen)
	}
	for _, q := range l.asked {
		if !slices.Contains(seen, q) && !slices.Contains(words, q) {
			l.t.Errorf("people never saw %q; the threads:\n%s\nthe messages:\n%s", q, l.describe(), l.list(l.tb,
				`SELECT format(E'%s %s t%s %s %s\n', m.id, m.direction, m.ticket_id, m.delivery, m.body->>'plain') FROM messages m
				JOIN conversations c ON c.id = m.conversation_id WHERE c.chat = '`+l.user+`' ORDER BY m.id`))
		}
	}
	var got []string
	for _, text := range l.texts(l.user) {
		for _, note := range l.notes {
			if strings.Contains(text, note) {
				l.t.Errorf("a note reached the customer: %q", text)
			}
		}
		if _, words, ok := strings.Cut(text, "Олена\nвідповідь"); ok {
			got = append(got, "відповідь"+words)
		}
	}
	// What waited for more than a day is given up, and its agent told.
	failed := l.list(l.tb, `SELECT '[' || (body->>'plain') || ']' FROM messages WHERE direction = 'agent' AND delivery = 'failed'`)
	want := slices.DeleteFunc(slices.Clone(l.replied), func(text string) bool { return strings.Contains(failed, "["+text+"]") })
	if got = slices.Compact(got); !slices.Equal(got, want) { // a worker that died may have sent one twice
		l.t.Errorf("the customer got %q, want %q", got, want)
	}
}
