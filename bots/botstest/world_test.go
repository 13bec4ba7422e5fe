package botstest_test

import (
	"context"
	"strings"
	"sync"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/botstest"
)

// world is a Fake with a platform around it that knows its chats.
type world struct {
	*botstest.Fake
	mu      sync.Mutex
	answers map[bots.ChatID]error // nil for a chat that takes messages
	away    error
}

func (w *world) set(chat bots.ChatID, answer error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[chat] = answer
}

// Send refuses what the platform would.
func (w *world) Send(ctx context.Context, out bots.Outgoing) (bots.MessageID, error) {
	w.mu.Lock()
	answer, known := w.answers[out.To.Chat]
	if !known {
		answer = bots.ErrUnreachable
	}
	if w.away != nil {
		answer = w.away
	}
	w.mu.Unlock()
	if answer != nil {
		return "", answer
	}
	return w.Fake.Send(ctx, out)
}

func shown(sent []botstest.Sent) (seen []botstest.Shown) {
	for _, s := range sent {
		m := botstest.Shown{ID: s.ID, Text: s.Out.Text.Plain, Buttons: s.Out.Buttons, ReplyTo: s.Out.ReplyTo, Deleted: s.Deleted}
		for i, f := range s.Out.Files {
			kind := bots.Document
			if strings.HasPrefix(f.MIME, "image/") {
				kind = bots.Photo
			}
			m.Files = append(m.Files, botstest.File{Kind: kind, Name: f.Name, Data: s.Files[i]})
		}
		if m.ReplyTo == "999999" {
			m.ReplyTo = "" // it is gone
		}
		seen = append(seen, m)
	}
	return seen
}

func watch(f *botstest.Fake) (<-chan struct{}, func()) {
	ticks, stop := make(chan struct{}), make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			changed := f.Changed()
			select {
			case ticks <- struct{}{}:
			case <-stop:
				return
			}
			select {
			case <-changed:
			case <-stop:
				return
			}
		}
	})
	return ticks, func() { close(stop); ended.Wait() }
}
