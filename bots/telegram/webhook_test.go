package telegram_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/poruch/poruch/bots/botstest"
	"github.com/poruch/poruch/bots/telegram"
	"github.com/poruch/poruch/bots/telegram/telegramtest"
)

func webhookScene(t *testing.T, url string) scene {
	return newScene(t, func(c *telegram.Config) {
		c.Mode, c.WebhookURL, c.WebhookSecret = telegram.Webhook, url, "hook-secret"
	})
}

func TestWebhookAnswers(t *testing.T) {
	s := webhookScene(t, "https://example.com")
	in := botstest.NewStore()
	h := s.bot.Webhook(in)
	post := func(secret, body string) int {
		r := httptest.NewRequest(http.MethodPost, "/webhooks/telegram", strings.NewReader(body))
		if secret != "" {
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for secret, want := range map[string]int{"": 401, "wrong": 401, "hook-secret": 200} {
		if got := post(secret, said(7, "Привіт")); got != want {
			t.Errorf("secret %q: %d, want %d", secret, got, want)
		}
	}
	in.FailNext(1)
	if got := post("hook-secret", said(8, "ще")); got != 500 {
		t.Errorf("store away: %d, want 500", got)
	}
	for range 2 { // again, and once too often
		if got := post("hook-secret", said(8, "ще")); got != 200 {
			t.Errorf("store back: %d, want 200", got)
		}
	}
	if got := in.Messages(); len(got) != 2 || got[0].UpdateID != "7" || got[1].UpdateID != "8" {
		t.Errorf("stored %+v", got)
	}
	if cursor, _ := in.Cursor(t.Context(), "telegram"); cursor != "" {
		t.Errorf("a webhook moved the cursor to %q", cursor)
	}
	// Refused, these would come again and again before all others.
	large := `{"update_id": 9, "message": {"text": "` + strings.Repeat("a", 2<<20) + `"}}`
	for id, odd := range map[string]string{"9": large, "10": `{"update_id": 10, "message": {`, "": "not an update"} {
		if got := post("hook-secret", odd); got != 200 {
			t.Errorf("an odd update: %d, want 200", got)
		}
		kept := in.Unread()
		if u := kept[len(kept)-1]; id != "" && u.UpdateID != id || u.UpdateID == "" || len(u.Raw) > 64<<10 || !strings.HasPrefix(odd, string(u.Raw)) {
			t.Errorf("kept update %q with %d bytes", u.UpdateID, len(u.Raw))
		}
	}
}

// The real delivery: an update whose storing failed comes again, in order.
func TestWebhookRedelivers(t *testing.T) {
	h := &hooked{}
	public := httptest.NewServer(h)
	s := webhookScene(t, public.URL)
	t.Cleanup(func() { s.fake.Close(); public.Close() })
	h.Bot = s.bot
	in := botstest.NewStore()
	in.FailNext(2)
	stop := s.receiveAs(t, h, in)
	s.says(t, telegramtest.Say{Text: "перше"})
	s.says(t, telegramtest.Say{Text: "друге"})
	got := in.Wait(t, 2)
	if len(got) != 2 || got[0].Text.Plain != "перше" || got[1].Text.Plain != "друге" {
		t.Errorf("stored %+v", got)
	}
	if err := s.bot.Check(t.Context()); err != nil {
		t.Errorf("Check: %v", err)
	}
	stop()

	// A bot that polls again takes the webhook away first.
	poller := newSceneAt(t, s.fake, s.url, nil)
	poller.receive(t, in)
	s.says(t, telegramtest.Say{Text: "третє"})
	if got := in.Wait(t, 3); got[2].Text.Plain != "третє" {
		t.Errorf("stored %+v", got)
	}
}
