package botstest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/poruch/poruch/bots"
)

// Store is an Intake in memory. It keeps a repeated update once.
type Store struct {
	mu      sync.Mutex
	before  func(bots.Batch) error
	cursors map[string]string
	seen    map[string]bool
	got     []bots.Message
	unread  []bots.Unread
	repeats int
	changed chan struct{} // closed and made anew with each change
}

var _ bots.Intake = (*Store)(nil)

// NewStore is an empty store.
func NewStore() *Store {
	return &Store{cursors: map[string]string{}, seen: map[string]bool{}, changed: make(chan struct{})}
}

// ErrAway is what a failing Store returns.
var ErrAway = errors.New("the store is away")

// FailNext lets the next n deliveries fail.
func (s *Store) FailNext(n int) {
	s.Before(func(bots.Batch) error {
		if n--; n >= 0 {
			return ErrAway
		}
		return nil
	})
}

// Before is called with each batch before it is stored; its error is Deliver's.
func (s *Store) Before(do func(bots.Batch) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = do
}

// Cursor is the Next of the last batch that had one.
func (s *Store) Cursor(_ context.Context, bot string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursors[bot], nil
}

// Deliver keeps a batch.
func (s *Store) Deliver(_ context.Context, b bots.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.before != nil {
		if err := s.before(b); err != nil {
			return err
		}
	}
	for _, m := range b.Messages {
		if s.isNew(b.Bot, m.UpdateID) {
			s.got = append(s.got, m)
		}
	}
	for _, u := range b.Unread {
		if s.isNew(b.Bot, u.UpdateID) {
			s.unread = append(s.unread, u)
		}
	}
	if b.Next != "" {
		s.cursors[b.Bot] = b.Next
	}
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

func (s *Store) isNew(bot, update string) bool {
	key := bot + "\x00" + update
	if s.seen[key] {
		s.repeats++
		return false
	}
	s.seen[key] = true
	return true
}

// Messages are those that were stored, in order.
func (s *Store) Messages() []bots.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// Unread are the payloads that were kept without being handled.
func (s *Store) Unread() []bots.Unread {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.unread)
}

// Repeats counts the updates that came again.
func (s *Store) Repeats() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.repeats
}

// Wait returns the messages once there are at least n.
func (s *Store) Wait(t testing.TB, n int) []bots.Message {
	t.Helper()
	s.until(t, func() bool { return len(s.got) >= n })
	return s.Messages()
}

// WaitUnread returns the kept payloads once there are at least n.
func (s *Store) WaitUnread(t testing.TB, n int) []bots.Unread {
	t.Helper()
	s.until(t, func() bool { return len(s.unread) >= n })
	return s.Unread()
}

func (s *Store) until(t testing.TB, enough func() bool) {
	t.Helper()
	for {
		s.mu.Lock()
		done, changed := enough(), s.changed
		s.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatal("the test ended before the messages came")
		}
	}
}
