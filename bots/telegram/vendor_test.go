package telegram_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/botstest"
	"github.com/poruch/poruch/bots/telegram"
	"github.com/poruch/poruch/bots/telegram/telegramtest"
)

func TestPollingKeepsTheContract(t *testing.T) {
	botstest.Exercise(t, func(t *testing.T) botstest.Vendor {
		s := newScene(t, nil)
		return s.vendor(s.bot)
	})
}

func TestWebhookKeepsTheContract(t *testing.T) {
	botstest.Exercise(t, func(t *testing.T) botstest.Vendor {
		h := &hooked{}
		public := httptest.NewServer(h)
		s := newScene(t, func(c *telegram.Config) {
			c.Mode, c.WebhookURL, c.WebhookSecret = telegram.Webhook, public.URL, "hook-secret"
		})
		t.Cleanup(func() { s.fake.Close(); public.Close() })
		h.Bot = s.bot
		return s.vendor(h)
	})
}

// hooked serves the bot's webhook while the bot receives.
type hooked struct {
	*telegram.Bot
	handler atomic.Pointer[http.Handler]
}

func (h *hooked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if hook := h.handler.Load(); hook != nil {
		(*hook).ServeHTTP(w, r)
		return
	}
	http.Error(w, "not receiving", http.StatusServiceUnavailable)
}

func (h *hooked) Receive(ctx context.Context, in bots.Intake) error {
	hook := h.Webhook(in)
	h.handler.Store(&hook)
	defer h.handler.Store(nil)
	return h.Bot.Receive(ctx, in)
}

func (s scene) vendor(adapter bots.Adapter) botstest.Vendor {
	person := func(chat bots.ChatID) telegramtest.User {
		if number(chat) == taras.ID {
			return taras
		}
		return oksana
	}
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	return botstest.Vendor{
		Adapter: adapter, Secret: "secret-token", Logged: s.log.String,
		Private: "1001", Other: "1002", Group: "-5", Mention: "@rankova_bot",
		Say: func(t *testing.T, say botstest.Say) bots.MessageID {
			out := telegramtest.Say{Chat: number(say.Chat), From: person(say.Chat), Text: say.Text, Album: say.Album}
			if say.ReplyTo != "" {
				out.ReplyTo = int(number(bots.ChatID(say.ReplyTo)))
			}
			for _, f := range say.Files {
				out.Files = append(out.Files, telegramtest.File{Kind: string(f.Kind), Name: f.Name, Data: []byte(f.Data)})
			}
			id, err := s.fake.Say(out)
			must(t, err)
			return message(id)
		},
		Edit: func(t *testing.T, chat bots.ChatID, id bots.MessageID, text string) {
			must(t, s.fake.Edit(number(chat), int(number(bots.ChatID(id))), text))
		},
		Press: func(t *testing.T, chat bots.ChatID, id bots.MessageID, data string) {
			must(t, s.fake.Press(number(chat), int(number(bots.ChatID(id))), data, person(chat)))
		},
		Block: func(_ *testing.T, chat bots.ChatID, blocked bool) { s.fake.Block(number(chat), blocked) },
		Migrate: func(_ *testing.T, group bots.ChatID) bots.ChatID {
			return to(s.fake.Migrate(number(group))).Chat
		},
		Shown: s.shown,
		RateLimit: func(_ *testing.T, chat bots.ChatID, on bool) {
			s.fake.Fault(telegramtest.Fault{Kind: "rate_limit", For: spell(on), Chat: number(chat)})
		},
		Outage:  func(_ *testing.T, on bool) { s.fake.Fault(telegramtest.Fault{Kind: "server_error", For: spell(on)}) },
		Pending: s.fake.Pending, Watch: s.fake.Watch,
	}
}

func (s scene) shown(chat bots.ChatID) (seen []botstest.Shown) {
	for _, m := range s.sent(number(chat)) {
		one := botstest.Shown{ID: message(m.ID), Text: m.Text, Deleted: m.Deleted}
		if m.ReplyTo != 0 {
			one.ReplyTo = message(m.ReplyTo)
		}
		for _, row := range m.Buttons {
			var line []bots.Button
			for _, b := range row {
				line = append(line, bots.Button{Label: b.Text, Data: b.Data, URL: b.URL})
			}
			one.Buttons = append(one.Buttons, line)
		}
		for _, f := range m.Files {
			one.Files = append(one.Files, botstest.File{Kind: bots.FileKind(f.Kind), Name: f.Name, Data: string(f.Data)})
		}
		seen = append(seen, one)
	}
	return seen
}

// spell is how long a fault lasts: till it is ended.
func spell(on bool) time.Duration {
	if on {
		return time.Hour
	}
	return 0
}

func number(id bots.ChatID) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		panic(err) // the fake made it
	}
	return n
}
