package inboxtest

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// Bot and Channel are the names that a Scene uses.
const (
	Bot     = "telegram"
	Channel = "C0INBOX"
)

// Clock is a clock that tests move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// NewClock starts at a Tuesday noon in Kyiv.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)} }

// Answers decides by looking a text up; what it does not know is handed off.
type Answers struct {
	Decisions map[string]knowledge.Decision
	Entries   map[string]knowledge.Entry
	Files     map[string]string    // contents, by sum
	Asked     []knowledge.Question // so far
}

// Decide looks the text up.
func (a *Answers) Decide(_ context.Context, _ string, q knowledge.Question) (knowledge.Decision, error) {
	a.Asked = append(a.Asked, q)
	if d, ok := a.Decisions[q.Text]; ok {
		return d, nil
	}
	if q.Text == "" {
		return knowledge.Decision{Action: knowledge.Ignore, Reason: knowledge.Empty}, nil
	}
	return knowledge.Decision{Action: knowledge.HandOff, Reason: knowledge.Unsure, Lang: knowledge.Ukrainian}, nil
}

// Entry looks an entry up.
func (a *Answers) Entry(_ context.Context, _, id string) (knowledge.Entry, bool, error) {
	e, ok := a.Entries[id]
	return e, ok, nil
}

// OpenFile finds what Files holds.
func (a *Answers) OpenFile(_ context.Context, _, sum string) (io.ReadCloser, error) {
	content, ok := a.Files[sum]
	if !ok {
		return nil, fmt.Errorf("file %s: %w", sum, fs.ErrNotExist)
	}
	return io.NopCloser(strings.NewReader(content)), nil
}

// Scene is a desk with everything around it, and a hand that works its queue.
type Scene struct {
	*inbox.Desk
	Console  *Console
	Platform *Platform
	Answers  *Answers
	Clock    *Clock
	updates  int
}

// FreePace paces nothing but keeps pauses.
type FreePace struct {
	Clock *Clock
	mu    sync.Mutex
	until map[inbox.PaceKey]time.Time
}

// Take returns what is left of a pause.
func (p *FreePace) Take(_ context.Context, k inbox.PaceKey) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(p.until[k].Sub(p.Clock.Now()), p.until[inbox.PaceKey{Bot: k.Bot}].Sub(p.Clock.Now()), 0)
}

// Pause remembers a pause.
func (p *FreePace) Pause(_ context.Context, k inbox.PaceKey, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until == nil {
		p.until = map[inbox.PaceKey]time.Time{}
	}
	p.until[k] = p.Clock.Now().Add(d)
}

type stillness struct{}

func (stillness) Wake()                                         {}
func (stillness) Woken() <-chan struct{}                        { return nil }
func (stillness) Received(string, int)                          {}
func (stillness) Decided(knowledge.Decision)                    {}
func (stillness) Finished(inbox.JobKind, string, time.Duration) {}

// Worker is the id under which a Scene works.
const Worker = 7

// NewScene builds a desk on a store. The store must use the clock.
func NewScene(t testing.TB, store interface {
	inbox.Store
	inbox.Queue
}, clock *Clock) *Scene {
	t.Helper()
	phrases, err := inbox.NewPhrases()
	if err != nil {
		t.Fatal(err)
	}
	s := &Scene{Console: &Console{}, Platform: &Platform{}, Answers: &Answers{
		Decisions: map[string]knowledge.Decision{}, Entries: map[string]knowledge.Entry{}, Files: map[string]string{},
	}, Clock: clock}
	s.Desk = &inbox.Desk{
		Store: store, Queue: store, Console: s.Console, Bots: s.Platform, Answers: s.Answers,
		Pacer: &FreePace{Clock: clock}, Signals: stillness{}, Phrases: phrases, Observe: stillness{},
		Brands: map[string]inbox.Brand{"rankova": {
			ID: "rankova", Name: "Ранкова", Lang: knowledge.Ukrainian, StaffLang: knowledge.Ukrainian, Channel: Channel,
			ReplyWithin: 15 * time.Minute, ReopenFor: 72 * time.Hour, SettleAfter: 24 * time.Hour,
			Groups: inbox.GroupConfident, SignReplies: true,
			Hours: inbox.Hours{Zone: time.UTC},
		}},
		BrandOf: map[string]string{Bot: "rankova"}, Platform: map[string]string{Bot: "Telegram"},
		Log: slog.New(slog.DiscardHandler), Now: clock.Now,
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	return s
}

// Knows adds an entry that answers exactly this question.
func (s *Scene) Knows(question, id, answer string) {
	s.Answers.Entries[id] = knowledge.Entry{ID: id, Title: question, Answers: map[knowledge.Lang]string{knowledge.Ukrainian: answer}, Lang: knowledge.Ukrainian}
	s.Answers.Decisions[question] = knowledge.Decision{
		Action: knowledge.Answer, Reason: knowledge.Sure, Lang: knowledge.Ukrainian, Entries: []string{id}, Confidence: 0.99, Threshold: 0.9,
		Candidates: []knowledge.Candidate{{EntryID: id, Title: question, Confidence: 0.99}},
	}
}

// Said is a message of a contact in a private chat, with ids of its own.
func (s *Scene) Said(user, text string) bots.Message {
	s.updates++
	return bots.Message{
		UpdateID: fmt.Sprint(s.updates), Kind: bots.New, ID: bots.MessageID(fmt.Sprintf("in%d", s.updates)),
		From: bots.Address{Bot: Bot, Chat: bots.ChatID(user)}, Chat: bots.Chat{Private: true},
		Author: bots.Author{ID: bots.UserID(user), Name: "Оксана"}, Text: bots.Plain(text), Addressed: true,
		SentAt: s.Clock.Now(), Raw: []byte(`{}`),
	}
}

// Hear delivers messages as one batch, each twice, and does all that is due.
func (s *Scene) Hear(t testing.TB, ms ...bots.Message) {
	t.Helper()
	for range 2 {
		if err := s.Deliver(t.Context(), bots.Batch{Bot: Bot, Messages: ms, Next: fmt.Sprint(s.updates + 1)}); err != nil {
			t.Fatalf("deliver: %v", err)
		}
	}
	s.Work(t)
}

// Work does every due job, one after the other.
func (s *Scene) Work(t testing.TB) {
	t.Helper()
	for {
		jobs, err := s.Queue.Claim(t.Context(), inbox.Claiming{Worker: Worker, Max: 1, Lease: time.Minute})
		if err != nil {
			t.Fatalf("claim: %v", err)
		}
		if len(jobs) == 0 {
			return
		}
		s.Run(t.Context(), jobs[0])
	}
}
