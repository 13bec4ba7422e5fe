package botstest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/botstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFake(t *testing.T) { botstest.Exercise(t, open) }

const (
	private bots.ChatID = "1"
	other   bots.ChatID = "2"
	group   bots.ChatID = "-1"
)

func open(t *testing.T) botstest.Vendor {
	w := &world{Fake: botstest.NewFake("fake"), answers: map[bots.ChatID]error{private: nil, other: nil, group: nil}}
	person := bots.Author{ID: "1", Name: "Оксана"}
	at := func(chat bots.ChatID) bots.Address { return bots.Address{Chat: chat} }
	chat := func(id bots.ChatID) bots.Chat {
		if id == group {
			return bots.Chat{Title: "Спільнота"}
		}
		return bots.Chat{Private: true}
	}
	return botstest.Vendor{
		Adapter: w, Secret: "never said", Logged: func() string { return "" },
		Private: private, Other: other, Group: group, Mention: "@fake",
		Say: func(_ *testing.T, s botstest.Say) (first bots.MessageID) {
			m := bots.Message{
				From: at(s.Chat), Chat: chat(s.Chat), Author: person, Text: bots.Plain(s.Text), ReplyTo: s.ReplyTo,
				Addressed: s.Chat != group || strings.HasPrefix(s.Text, "@fake"),
			}
			if len(s.Files) == 0 {
				return w.Push(m)
			}
			for _, f := range s.Files {
				m.Files = []bots.File{{ID: bots.FileID(f.Data), Kind: f.Kind, Name: f.Name}}
				w.PutFile(bots.FileID(f.Data), f.Data)
				if s.Album {
					m.Album = "album"
				}
				if id := w.Push(m); first == "" {
					first = id
				}
				m.Text = bots.Text{}
			}
			return first
		},
		Edit: func(_ *testing.T, id bots.ChatID, m bots.MessageID, text string) {
			w.Push(bots.Message{Kind: bots.Edited, ID: m, From: at(id), Chat: chat(id), Author: person, Text: bots.Plain(text)})
		},
		Press: func(_ *testing.T, id bots.ChatID, m bots.MessageID, data string) {
			w.Push(bots.Message{Kind: bots.Pressed, ReplyTo: m, From: at(id), Chat: chat(id), Author: person, Button: data, PressID: "press"})
		},
		Block: func(_ *testing.T, id bots.ChatID, blocked bool) {
			kind, err := bots.Returned, error(nil)
			if blocked {
				kind, err = bots.Blocked, bots.ErrUnreachable
			}
			w.set(id, err)
			w.Push(bots.Message{Kind: kind, From: at(id), Chat: chat(id), Author: person})
		},
		Migrate: func(_ *testing.T, id bots.ChatID) bots.ChatID {
			const to = "-2"
			w.set(id, &bots.MovedError{Chat: to})
			w.set(to, nil)
			w.Push(bots.Message{Kind: bots.Migrated, From: at(id), MovedTo: to})
			return to
		},
		RateLimit: func(_ *testing.T, id bots.ChatID, on bool) {
			if on {
				w.set(id, &bots.RetryError{After: 3 * time.Second, Err: errors.New("too many")})
			} else {
				w.set(id, nil)
			}
		},
		Outage: func(_ *testing.T, on bool) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.away = nil
			if on {
				w.away = &bots.RetryError{Err: errors.New("the platform is away")}
			}
		},
		Shown:   func(id bots.ChatID) []botstest.Shown { return shown(w.Sent(id)) },
		Pending: w.Pending,
		Watch:   func() (<-chan struct{}, func()) { return watch(w.Fake) },
	}
}
