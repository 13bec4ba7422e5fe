package botstest

import (
	"errors"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
)

func failuresHaveClass(t *testing.T, s *scene) {
	hello := func(chat bots.ChatID) error {
		_, err := s.send(t, bots.Outgoing{To: s.at(chat), Text: bots.Plain("агов")})
		return err
	}
	if err := hello("424242"); !errors.Is(err, bots.ErrUnreachable) {
		t.Errorf("to an unknown chat: %v, want ErrUnreachable", err)
	}
	if err := hello("not an id"); !errors.Is(err, bots.ErrRejected) && !errors.Is(err, bots.ErrUnreachable) {
		t.Errorf("to no chat at all: %v, want a permanent error", err)
	}
	refused := s.Refused
	refused.To = s.at(s.Private)
	if _, err := s.send(t, refused); !errors.Is(err, bots.ErrRejected) {
		t.Errorf("a message that is never taken: %v, want ErrRejected", err)
	}
	if s.Block != nil {
		s.Block(t, s.Private, true)
		if err := hello(s.Private); !errors.Is(err, bots.ErrUnreachable) {
			t.Errorf("to a contact who blocked the bot: %v, want ErrUnreachable", err)
		}
		s.Block(t, s.Private, false)
		if err := hello(s.Private); err != nil {
			t.Errorf("to a contact who came back: %v", err)
		}
	}
	if s.Migrate != nil {
		to := s.Migrate(t, s.Group)
		var moved *bots.MovedError
		if err := hello(s.Group); !errors.As(err, &moved) || moved.Chat != to {
			t.Errorf("to a chat that moved to %s: %v, want MovedError", to, err)
		}
		if err := hello(to); err != nil {
			t.Errorf("to the chat's new id: %v", err)
		}
	}
}

func limitsHoldUpOne(t *testing.T, s *scene) {
	if s.RateLimit == nil {
		return
	}
	send := func(chat bots.ChatID) error {
		_, err := s.send(t, bots.Outgoing{To: s.at(chat), Text: bots.Plain("агов")})
		return err
	}
	s.RateLimit(t, s.Private, true)
	var retry *bots.RetryError
	if err := send(s.Private); !errors.As(err, &retry) || retry.After < time.Second || retry.Wide {
		t.Errorf("to a chat that must wait: %v, want RetryError with After, for that chat alone", err)
	}
	if err := send(s.Other); err != nil {
		t.Errorf("to another chat meanwhile: %v", err)
	}
	if n := len(s.Shown(s.Private)); n != 0 {
		t.Errorf("%d messages were sent in spite of RetryError", n)
	}
	s.RateLimit(t, s.Private, false)
	if err := send(s.Private); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func filesKeepTheirClass(t *testing.T, s *scene) {
	gone := errors.Join(bots.ErrRejected, errors.New("deleted"))
	thread := errors.Join(bots.ErrUnreachable, errors.New("no access"))
	good := upload(File{Name: "a.pdf", Data: "a"}, "application/pdf", nil)
	bad := func(err error) bots.Upload { return upload(File{Name: "b.pdf", Data: "b"}, "application/pdf", err) }
	send := func(files ...bots.Upload) error {
		_, err := s.send(t, bots.Outgoing{To: s.at(s.Private), Text: bots.Plain("файли"), Files: files})
		return err
	}
	var retry *bots.RetryError
	if err := send(bad(gone), good); !errors.Is(err, bots.ErrRejected) || errors.As(err, &retry) {
		t.Errorf("a file that is gone for good: %v, want ErrRejected", err)
	}
	if err := send(bad(thread), good); !errors.Is(err, bots.ErrRejected) || errors.Is(err, bots.ErrUnreachable) {
		t.Errorf("a file behind a closed door: %v, want ErrRejected: the contact is not the unreachable one", err)
	}
	if err := send(bad(&bots.RetryError{After: time.Minute, Wide: true, Err: errors.New("slow down")}), good); !errors.As(err, &retry) || retry.After != time.Minute || retry.Wide {
		t.Errorf("a file whose source asks for a minute: %#v, want RetryError with its After, not Wide", err)
	}
	if err := send(bad(errors.New("reset by peer")), good); !errors.As(err, &retry) {
		t.Errorf("a file that fails for now: %v, want RetryError", err)
	}
	if ms := s.Shown(s.Private); len(ms) != 0 {
		t.Errorf("people see %+v of messages that surely were not sent", ms)
	}
	if err := send(good, bad(gone)); !errors.Is(err, bots.ErrRejected) {
		t.Errorf("a second file that is gone for good: %v, want ErrRejected", err)
	}
}
