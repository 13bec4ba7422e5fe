package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/go-telegram/bot"

	"github.com/poruch/poruch/bots"
)

// batchLimit is the most that one getUpdates brings.
const batchLimit = 100

// poll asks for updates, delivers them, and only then asks for the next ones:
// asking with a higher offset is what confirms a batch to Telegram.
func (b *Bot) poll(ctx context.Context, in bots.Intake) error {
	err := b.persist(ctx, "deleteWebhook", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		_, err := b.api.DeleteWebhook(ctx, &bot.DeleteWebhookParams{DropPendingUpdates: false})
		return b.clean("deleteWebhook", err)
	})
	if err != nil || ctx.Err() != nil {
		return err
	}
	var cursor string
	err = b.persist(ctx, "read where to continue", func(ctx context.Context) (err error) {
		cursor, err = in.Cursor(ctx, b.cfg.Name)
		return err
	})
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		raws, err := b.nextUpdates(ctx, cursor)
		if err != nil {
			return err
		}
		if len(raws) == 0 {
			continue
		}
		batch := b.batchOf(raws)
		err = b.persist(ctx, "deliver", func(ctx context.Context) error { return in.Deliver(ctx, batch) })
		if err != nil || ctx.Err() != nil {
			return err
		}
		if batch.Next != "" {
			cursor = batch.Next
			continue
		}
		b.cfg.Log.ErrorContext(ctx, "telegram sent updates without ids, which cannot be confirmed; asking again later", "bot", b.cfg.Name)
		pause(ctx, maxWait)
	}
	return nil
}

// unreadableTries is how often an update that breaks the whole answer is asked
// for. What is broken on the way is whole the next time; what never is must not
// hold up the others.
const unreadableTries = 3

// nextUpdates is the next batch; an update that stays unreadable comes in it as
// the bytes that there are.
func (b *Bot) nextUpdates(ctx context.Context, cursor string) (raws []json.RawMessage, err error) {
	tries := 0
	err = b.persist(ctx, "getUpdates", func(ctx context.Context) error {
		raws, err = b.getUpdates(ctx, cursor)
		var broken *unreadableError
		if errors.As(err, &broken) {
			if tries++; tries == unreadableTries {
				raws, err = []json.RawMessage{broken.raw}, nil
			}
		}
		return err
	})
	return raws, err
}

// batchOf converts raw updates. One that cannot be read is kept, and holds up
// nobody. Next follows the last update, not the highest: after a quiet week, or
// on another server, Telegram counts from a new and maybe lower number, and
// answers an offset from the old count from the head of its queue.
func (b *Bot) batchOf(raws []json.RawMessage) bots.Batch {
	batch := bots.Batch{Bot: b.cfg.Name}
	b.mu.Lock()
	me := b.me
	b.mu.Unlock()
	for _, raw := range raws {
		m, id, why := convert(raw, b.cfg.Name, me)
		if id != 0 {
			batch.Next = strconv.FormatInt(id+1, 10)
		}
		if why != "" {
			batch.Unread = append(batch.Unread, bots.Unread{UpdateID: updateID(raw, id), Raw: raw, Why: why})
			continue
		}
		batch.Messages = append(batch.Messages, m)
	}
	return batch
}

// getUpdates is one long poll. The library's own is not exported.
func (b *Bot) getUpdates(ctx context.Context, cursor string) ([]json.RawMessage, error) {
	offset, _ := strconv.ParseInt(cursor, 10, 64) // "" is 0: from the oldest
	body, err := json.Marshal(map[string]any{
		"offset": offset, "limit": batchLimit, "timeout": int(b.cfg.PollTimeout / time.Second), "allowed_updates": allowedUpdates,
	})
	if err != nil {
		return nil, fmt.Errorf("telegram getUpdates: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, b.cfg.PollTimeout+callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.cfg.APIURL+"/bot"+b.cfg.Token+"/getUpdates", bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("telegram getUpdates: the address is odd; check PORUCH_TELEGRAM_API_URL")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := b.client.Do(req)
	if err != nil {
		return nil, b.clean("getUpdates", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBatch))
	if err != nil {
		return nil, errors.New("telegram getUpdates: the connection broke")
	}
	return readAnswer(answer)
}
