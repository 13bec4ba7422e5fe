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

// maxBatch bounds an answer to getUpdates: 100 updates are far below it.
const maxBatch = 32 << 20

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
		var raws []json.RawMessage
		err := b.persist(ctx, "getUpdates", func(ctx context.Context) (err error) {
			raws, err = b.getUpdates(ctx, cursor)
			return err
		})
		if err != nil {
			return err
		}
		if len(raws) == 0 {
			continue
		}
		batch := b.batchOf(raws, cursor)
		err = b.persist(ctx, "deliver", func(ctx context.Context) error { return in.Deliver(ctx, batch) })
		if err != nil {
			return err
		}
		if ctx.Err() == nil {
			cursor = batch.Next
		}
	}
	return nil
}

// batchOf converts raw updates. One that cannot be read is kept, and holds up
// nobody.
func (b *Bot) batchOf(raws []json.RawMessage, cursor string) bots.Batch {
	batch := bots.Batch{Bot: b.cfg.Name}
	next, _ := strconv.ParseInt(cursor, 10, 64)
	b.mu.Lock()
	me := b.me
	b.mu.Unlock()
	for _, raw := range raws {
		m, id, why := convert(raw, b.cfg.Name, me)
		if id >= next {
			next = id + 1
		}
		if why != "" {
			batch.Unread = append(batch.Unread, bots.Unread{UpdateID: updateID(raw, id), Raw: raw, Why: why})
			continue
		}
		batch.Messages = append(batch.Messages, m)
	}
	if next > 0 {
		batch.Next = strconv.FormatInt(next, 10)
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
	var answer struct {
		OK         bool              `json:"ok"`
		Result     []json.RawMessage `json:"result"`
		ErrorCode  int               `json:"error_code"`
		Parameters struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxBatch)).Decode(&answer); err != nil {
		return nil, errors.New("telegram getUpdates: the answer could not be read")
	}
	if answer.OK {
		return answer.Result, nil
	}
	return nil, pollError(answer.ErrorCode, answer.Parameters.RetryAfter)
}

var errTwoPollers = errors.New("another program polls this bot: stop it, or give this installation a bot of its own")

func pollError(code, retryAfter int) error {
	switch code {
	case http.StatusUnauthorized, http.StatusNotFound:
		return errToken
	case http.StatusConflict:
		return errTwoPollers
	case http.StatusTooManyRequests:
		return &bots.RetryError{After: time.Duration(max(retryAfter, 1)) * time.Second, Err: errors.New("telegram getUpdates: too many requests")}
	}
	return fmt.Errorf("telegram getUpdates: the server answered %d", code)
}

// Waits between failed attempts of intake.
const (
	firstWait = 250 * time.Millisecond
	maxWait   = 10 * time.Second
)

// persist tries until it succeeds, ctx ends, or the token turns out to be
// wrong: only that is returned.
func (b *Bot) persist(ctx context.Context, what string, do func(context.Context) error) error {
	for wait := firstWait; ; wait = min(wait*2, maxWait) {
		err := do(ctx)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, errToken) {
			return errToken
		}
		var retry *bots.RetryError
		pause := wait
		if errors.As(err, &retry) {
			pause = max(pause, retry.After)
		}
		b.cfg.Log.WarnContext(ctx, "telegram intake waits and tries again", "bot", b.cfg.Name, "step", what, "wait", pause, "err", err)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
}
