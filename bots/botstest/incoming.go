package botstest

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"unicode/utf8"

	"github.com/poruch/poruch/bots"
)

// sound: what every message has.
func (s *scene) sound(t *testing.T, ms []bots.Message) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range ms {
		switch {
		case m.UpdateID == "" || seen[m.UpdateID]:
			t.Errorf("update id %q is missing or not unique", m.UpdateID)
		case m.From.Bot != s.Adapter.Name() || m.From.Chat == "":
			t.Errorf("a message from nowhere: %+v", m.From)
		case !utf8.ValidString(m.Text.Plain) || len(m.Text.Plain) > bots.MaxText:
			t.Errorf("a text that no store takes: %q", m.Text.Plain)
		case m.Kind == bots.New && (m.ID == "" || m.Author.ID == ""):
			t.Errorf("a message without id or author: %+v", m)
		}
		seen[m.UpdateID] = true
	}
}

func textComesIn(t *testing.T, s *scene) {
	texts := []string{"Привіт!", "<b>&*_`~ \\ \"'", "👩‍👩‍👧 емодзі\nі рядки", "\u200b\u202e"}
	var ids []bots.MessageID
	for _, text := range texts {
		ids = append(ids, s.Say(t, Say{Chat: s.Private, Text: text}))
	}
	s.receive(t)
	got := s.store.Wait(t, len(texts))
	s.sound(t, got)
	for i, text := range texts {
		m := got[i]
		if m.Kind != bots.New || m.ID != ids[i] || m.Text.Plain != text || m.From != s.at(s.Private) || !m.Chat.Private || !m.Addressed || m.Author.Bot || m.Author.Name == "" || m.SentAt.IsZero() || len(m.Raw) == 0 {
			t.Errorf("said %q (message %s), got %+v", text, ids[i], m)
		}
	}
}

func filesComeIn(t *testing.T, s *scene) {
	files := []File{
		{Kind: bots.Photo, Data: "jpeg"}, {Kind: bots.Document, Name: "рахунок.pdf", Data: "%PDF"},
		{Kind: bots.Voice, Data: "ogg"}, {Kind: bots.Sticker, Data: "webp"},
	}
	for _, f := range files {
		s.Say(t, Say{Chat: s.Private, Files: []File{f}})
	}
	s.Say(t, Say{Chat: s.Private, Text: "підпис", Files: files[:1]})
	s.receive(t)
	got := s.store.Wait(t, len(files)+1)
	s.sound(t, got)
	if last := got[len(files)]; last.Text.Plain != "підпис" || len(last.Files) != 1 {
		t.Errorf("a photo with a caption came as %+v", last)
	}
	for i, want := range files {
		if len(got[i].Files) != 1 || got[i].Files[0].Kind != want.Kind || got[i].Files[0].ID == "" || want.Name != "" && got[i].Files[0].Name != want.Name {
			t.Errorf("a %s came as %+v", want.Kind, got[i].Files)
			continue
		}
		s.opens(t, got[i].Files[0].ID, want.Data)
	}
}

func (s *scene) opens(t *testing.T, id bots.FileID, want string) {
	t.Helper()
	opener, ok := s.Adapter.(bots.FileOpener)
	if !ok {
		return
	}
	r, err := opener.OpenFile(t.Context(), id)
	if err != nil {
		t.Errorf("OpenFile: %v", err)
		return
	}
	defer r.Close()
	if data, err := io.ReadAll(r); err != nil || string(data) != want {
		t.Errorf("file holds %q, %v, want %q", data, err, want)
	}
	_, err = opener.OpenFile(t.Context(), "no such file")
	if s.discreet(t, err); !errors.Is(err, bots.ErrRejected) {
		t.Errorf("OpenFile of an unknown file: %v, want ErrRejected", err)
	}
}

func partsComeIn(t *testing.T, s *scene) {
	asked := s.Say(t, Say{Chat: s.Private, Text: "перше"})
	s.Say(t, Say{Chat: s.Private, Text: "відповідь", ReplyTo: asked})
	s.Say(t, Say{Chat: s.Private, Text: "альбом", Album: true, Files: []File{{Kind: bots.Photo, Data: "a"}, {Kind: bots.Photo, Data: "b"}}})
	n := 4
	if s.Edit != nil {
		s.Edit(t, s.Private, asked, "перше, виправлене")
		n++
	}
	s.receive(t)
	got := s.store.Wait(t, n)
	s.sound(t, got)
	if got[1].ReplyTo != asked || got[0].ReplyTo != "" {
		t.Errorf("replies to %q and %q, want none and %q", got[0].ReplyTo, got[1].ReplyTo, asked)
	}
	if a, b := got[2], got[3]; a.Album == "" || a.Album != b.Album || a.ID == b.ID || a.Text.Plain != "альбом" || b.Text.Plain != "" {
		t.Errorf("an album came as %+v and %+v", a, b)
	}
	if s.Edit == nil {
		return
	}
	if m := got[4]; m.Kind != bots.Edited || m.ID != asked || m.Text.Plain != "перше, виправлене" {
		t.Errorf("an edit came as %+v", m)
	}
}

func groupsComeIn(t *testing.T, s *scene) {
	if s.Group == "" {
		return
	}
	s.Say(t, Say{Chat: s.Group, Text: "розмова між людьми"})
	s.Say(t, Say{Chat: s.Group, Text: s.Mention + " а доставка?"})
	s.receive(t)
	got := s.store.Wait(t, 2)
	s.sound(t, got)
	for i, m := range got[:2] {
		if m.Chat.Private || m.Chat.Title == "" || m.From.Chat != s.Group || m.Addressed != (i == 1) {
			t.Errorf("message %d of a group came as %+v", i, m)
		}
	}
}

func changesComeIn(t *testing.T, s *scene) {
	var want []bots.Kind
	if s.Block != nil {
		s.Block(t, s.Private, true)
		s.Block(t, s.Private, false)
		want = append(want, bots.Blocked, bots.Returned)
	}
	var to bots.ChatID
	if s.Migrate != nil {
		to = s.Migrate(t, s.Group)
		want = append(want, bots.Migrated)
	}
	s.receive(t)
	got := s.store.Wait(t, len(want))
	s.sound(t, got)
	for i, kind := range want {
		if got[i].Kind != kind {
			t.Errorf("change %d came as %+v, want %s", i, got[i], kind)
		}
		if m := got[i]; kind == bots.Migrated && (m.From.Chat != s.Group || m.MovedTo != to) {
			t.Errorf("move from %q to %q came as %+v", s.Group, to, m)
		}
	}
}

func confirmedWhenStored(t *testing.T, s *scene) {
	const n = 5
	for i := range n {
		s.Say(t, Say{Chat: s.Private, Text: fmt.Sprint(i)})
	}
	tries := 0
	s.store.Before(func(b bots.Batch) error {
		if p := s.Pending(); p < len(b.Messages) {
			t.Errorf("%d messages are being stored, but the platform would repeat only %d", len(b.Messages), p)
		}
		if tries++; tries <= 2 {
			return ErrAway
		}
		return nil
	})
	stop := s.receive(t)
	got := s.store.Wait(t, n)
	s.confirmed(t)
	stop()
	s.sound(t, got)
	for i, m := range got {
		if m.Text.Plain != fmt.Sprint(i) {
			t.Errorf("place %d holds %q", i, m.Text.Plain)
		}
	}
	s.receive(t)
	s.Say(t, Say{Chat: s.Private, Text: "після перерви"})
	if got := s.store.Wait(t, n+1); len(got) != n+1 || s.store.Repeats() > 0 {
		t.Errorf("after a restart %d messages with %d repeats, want %d and none", len(got), s.store.Repeats(), n+1)
	}
}

func stopLosesNothing(t *testing.T, s *scene) {
	tried := make(chan struct{})
	s.store.Before(func(bots.Batch) error {
		if tried != nil {
			close(tried)
			tried = nil
		}
		return ErrAway
	})
	waits := tried
	s.Say(t, Say{Chat: s.Private, Text: "не загубіть"})
	stop := s.receive(t)
	<-waits
	stop()
	if s.Pending() == 0 {
		t.Fatal("a message that was never stored was confirmed")
	}
	s.store.Before(nil)
	s.receive(t)
	if got := s.store.Wait(t, 1); got[0].Text.Plain != "не загубіть" {
		t.Errorf("got %+v", got)
	}
	s.confirmed(t)
}

func outageLosesNothing(t *testing.T, s *scene) {
	if s.Outage == nil {
		return
	}
	s.Outage(t, true)
	s.Say(t, Say{Chat: s.Private, Text: "під час збою"})
	s.receive(t)
	_, err := s.send(t, bots.Outgoing{To: s.at(s.Private), Text: bots.Plain("агов")})
	if err == nil || errors.Is(err, bots.ErrRejected) || errors.Is(err, bots.ErrUnreachable) {
		t.Errorf("Send during an outage: %v, want a temporary error", err)
	}
	s.Outage(t, false)
	if got := s.store.Wait(t, 1); got[0].Text.Plain != "під час збою" {
		t.Errorf("got %+v", got)
	}
}
