package slack_test

import (
	"context"
	"sync"

	"github.com/poruch/poruch/inbox"
)

// staff is the desk's side. Each call waits for a verdict where a test asks to
// give one, and is remembered.
type staff struct {
	replies chan inbox.Reply
	actions chan inbox.Action

	mu      sync.Mutex
	verdict func(attempt int) error // of the attempts to store anything
	tries   int
	notice  string
	seen    map[string]bool // ids that fresh has returned
}

func newStaff() *staff {
	return &staff{replies: make(chan inbox.Reply, 256), actions: make(chan inbox.Action, 256), seen: map[string]bool{}}
}

// fresh is the next reply that is no repeat: a lost acknowledgement brings a
// reply again, which the real desk knows by its id.
func (s *staff) fresh() inbox.Reply {
	for {
		if r := <-s.replies; !s.seen[r.EventID] {
			s.seen[r.EventID] = true
			return r
		}
	}
}

// judge decides what becomes of the attempts to store something.
func (s *staff) judge(verdict func(attempt int) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verdict, s.tries = verdict, 0
}

func (s *staff) say(notice string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notice = notice
}

func (s *staff) try() error {
	s.mu.Lock()
	s.tries++
	verdict, attempt := s.verdict, s.tries
	s.mu.Unlock()
	if verdict == nil {
		return nil
	}
	return verdict(attempt)
}

func (s *staff) HandleReply(_ context.Context, r inbox.Reply) error {
	err := s.try()
	if err == nil {
		s.replies <- r
	}
	return err
}

func (s *staff) HandleAction(_ context.Context, a inbox.Action) (string, error) {
	if err := s.try(); err != nil {
		return "", err
	}
	s.actions <- a
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notice, nil
}
