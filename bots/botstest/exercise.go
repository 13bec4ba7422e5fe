package botstest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/poruch/poruch/bots"
)

// Exercise proves that an adapter keeps the contracts of package bots. open
// gives each proof a bot and a platform of its own, and ends both with t.
// Beside what a proof names, each shows that Receive ends with its context and
// returns nil, that no goroutine is left, and that the secret was in no error
// and no log line.
func Exercise(t *testing.T, open func(t *testing.T) Vendor) {
	for _, p := range []struct {
		name  string
		proof func(*testing.T, *scene)
	}{
		{"text comes in", textComesIn},
		{"files come in and open", filesComeIn},
		{"albums, replies and edits come in", partsComeIn},
		{"a group knows who is addressed", groupsComeIn},
		{"blocks and moves come in", changesComeIn},
		{"nothing is confirmed before it is stored", confirmedWhenStored},
		{"a stop in the middle loses nothing", stopLosesNothing},
		{"an outage loses nothing", outageLosesNothing},
		{"text goes out", textGoesOut},
		{"links go out", linksGoOut},
		{"long text goes out whole", longTextGoesOut},
		{"files go out", filesGoOut},
		{"a button comes back", buttonsComeBack},
		{"sent messages change", sentChanges},
		{"failures have their class", failuresHaveClass},
		{"a chat that must wait holds up no other", limitsHoldUpOne},
		{"a file's failure keeps its class", filesKeepTheirClass},
	} {
		t.Run(p.name, func(t *testing.T) {
			here := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, here) }) // runs last
			s := &scene{Vendor: open(t), store: NewStore()}
			t.Cleanup(func() {
				if strings.Contains(s.Logged(), s.Secret) {
					t.Errorf("the secret was logged: %s", s.Logged())
				}
			})
			p.proof(t, s)
		})
	}
}

type scene struct {
	Vendor
	store *Store
}

// receive runs the adapter's intake until stop, or the end of the test.
func (s *scene) receive(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Adapter.Receive(ctx, s.store) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Receive ended with %v, want nil", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// confirmed waits until the platform has nothing left that it would repeat.
func (s *scene) confirmed(t *testing.T) {
	t.Helper()
	ticks, end := s.Watch()
	defer end()
	for s.Pending() > 0 {
		select {
		case <-ticks:
		case <-t.Context().Done():
			t.Fatal("the test ended before all was confirmed")
		}
	}
}

func (s *scene) at(chat bots.ChatID) bots.Address {
	return bots.Address{Bot: s.Adapter.Name(), Chat: chat}
}

// send sends, and keeps an eye on what an error says.
func (s *scene) send(t *testing.T, out bots.Outgoing) (bots.MessageID, error) {
	t.Helper()
	id, err := s.Adapter.Send(t.Context(), out)
	s.discreet(t, err)
	return id, err
}

func (s *scene) mustSend(t *testing.T, out bots.Outgoing) bots.MessageID {
	t.Helper()
	id, err := s.send(t, out)
	if err != nil {
		t.Fatalf("Send(%+v): %v", out, err)
	}
	return id
}

func (s *scene) discreet(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		if strings.Contains(fmt.Sprintf("%v %+v", e, e), s.Secret) {
			t.Errorf("the secret is in the error %v", e)
		}
	}
}

// shown finds a message of the bot by its id.
func (s *scene) shown(t *testing.T, chat bots.ChatID, id bots.MessageID) Shown {
	t.Helper()
	for _, m := range s.Shown(chat) {
		if m.ID == id {
			return m
		}
	}
	t.Fatalf("no message %q in chat %q: %+v", id, chat, s.Shown(chat))
	return Shown{}
}
