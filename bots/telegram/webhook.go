package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/go-telegram/bot"

	"github.com/poruch/poruch/bots"
)

// maxUpdate bounds the body of one webhook request.
const maxUpdate = 1 << 20

// Webhook handles what Telegram posts to us: 200 only after the update was
// stored; 500 makes Telegram send it again (it keeps updates for 24 hours). An
// update that cannot be read, or is too large, is stored as such: refused, it
// would come again and hold up the others.
func (b *Bot) Webhook(in bots.Intake) http.Handler {
	want := sha256.Sum256([]byte(b.cfg.WebhookSecret))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")))
		if b.cfg.WebhookSecret == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			http.Error(w, "wrong secret", http.StatusUnauthorized)
			return
		}
		raw, err := readUpdate(r.Body)
		if err != nil {
			http.Error(w, "the body did not arrive", http.StatusBadRequest)
			return
		}
		if _, err := b.self(r.Context()); err != nil {
			http.Error(w, "not ready", http.StatusInternalServerError)
			return
		}
		batch := b.batchOf([]json.RawMessage{raw})
		batch.Next = "" // webhooks have no cursor
		if err := in.Deliver(r.Context(), batch); err != nil {
			b.cfg.Log.ErrorContext(r.Context(), "an update was not stored; telegram will send it again", "bot", b.cfg.Name, "err", err)
			http.Error(w, "not stored", http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

// readUpdate reads a whole body, of which it keeps what an update may be, or a
// part of what is larger.
func readUpdate(body io.Reader) (json.RawMessage, error) {
	raw, err := io.ReadAll(io.LimitReader(body, maxUpdate+1))
	if err != nil || len(raw) <= maxUpdate {
		return raw, err
	}
	// An answer before its end would look like a broken connection.
	_, err = io.Copy(io.Discard, io.LimitReader(body, maxBatch))
	return raw[:maxKept], err
}

// awaitWebhook tells Telegram where to call, and waits for the end.
func (b *Bot) awaitWebhook(ctx context.Context) error {
	err := b.persist(ctx, "setWebhook", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		_, err := b.api.SetWebhook(ctx, &bot.SetWebhookParams{
			URL: b.webhookAddress(), SecretToken: b.cfg.WebhookSecret, AllowedUpdates: allowedUpdates,
		})
		return b.clean("setWebhook", err)
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func (b *Bot) webhookAddress() string {
	return strings.TrimRight(b.cfg.WebhookURL, "/") + "/webhooks/" + b.cfg.Name
}
