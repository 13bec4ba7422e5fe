package telegramtest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

const (
	// The real server caps a long poll at 50 seconds and a batch at 100
	// (tdlib/telegram-bot-api, https://core.telegram.org/bots/api#getupdates).
	maxPoll  = 50 * time.Second
	maxBatch = 100
)

// update is one entry of the queue, already in wire form.
type update struct {
	id   int64
	body json.RawMessage
}

// queue holds what the bot has not confirmed.
type queue struct {
	last    int64
	pending []update
	again   []update // confirmed, to be repeated once by the duplicate fault
	allowed []string // nil: the default kinds
	wake    chan struct{}
	poller  chan struct{} // closed when a younger poll takes over
}

func (q *queue) init() { q.last, q.wake = 700_000_000, make(chan struct{}) }

// optIn are the kinds that come only when asked for by name.
var optIn = []string{"chat_member", "message_reaction", "message_reaction_count"}

func (q *queue) wants(kind string) bool {
	if len(q.allowed) == 0 {
		return !slices.Contains(optIn, kind)
	}
	return slices.Contains(q.allowed, kind)
}

// push queues an update; s.mu is held.
func (s *Server) push(kind string, what obj) {
	if !s.queue.wants(kind) {
		return
	}
	s.queue.last++
	body, err := json.Marshal(obj{"update_id": s.queue.last, kind: what})
	if err != nil {
		panic(err) // our own maps always encode
	}
	s.pushRaw(update{s.queue.last, body})
}

func (s *Server) pushRaw(u update) {
	s.queue.pending = append(s.queue.pending, u)
	close(s.queue.wake)
	s.queue.wake = make(chan struct{})
}

// Raw queues an update in the wire's own form, for payloads that Say cannot
// make (polls, unknown kinds, nonsense). The body gets its update_id from the
// server and must be a JSON object with room for it, without one of its own.
func (s *Server) Raw(body string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var o obj
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		panic("telegramtest: Raw needs a JSON object: " + err.Error())
	}
	s.queue.last++
	o["update_id"] = s.queue.last
	b, _ := json.Marshal(o) // it was JSON a moment ago
	s.pushRaw(update{s.queue.last, b})
	return s.queue.last
}

// Pending counts the updates that the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue.pending)
}

func (s *Server) getUpdates(ctx context.Context, c *call) (any, *apiError) {
	s.mu.Lock()
	if s.hook != nil {
		s.mu.Unlock()
		return nil, &apiError{code: http.StatusConflict, what: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	if c.params["allowed_updates"] != "" {
		if bad := c.decode("allowed_updates", &s.queue.allowed); bad != nil {
			s.mu.Unlock()
			return nil, bad
		}
	}
	s.confirm(c.int("offset"))
	if s.queue.poller != nil {
		close(s.queue.poller)
	}
	mine := make(chan struct{})
	s.queue.poller = mine
	limit := int(c.int("limit"))
	if limit <= 0 || limit > maxBatch {
		limit = maxBatch
	}
	timer := time.NewTimer(min(time.Duration(c.int("timeout"))*time.Second, maxPoll))
	defer timer.Stop()
	defer s.leave(mine)
	for {
		batch := s.take(limit)
		wake := s.queue.wake
		s.mu.Unlock()
		if len(batch) > 0 {
			return batch, nil
		}
		select {
		case <-wake:
		case <-timer.C:
			return []json.RawMessage{}, nil
		case <-s.closed:
			return []json.RawMessage{}, nil
		case <-ctx.Done():
			return []json.RawMessage{}, nil
		case <-mine:
			return nil, &apiError{code: http.StatusConflict, what: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		}
		s.mu.Lock()
	}
}

func (s *Server) leave(mine chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.poller == mine {
		s.queue.poller = nil
	}
}

// maxAhead is how far an offset may lie ahead of the newest update. The real
// server (TQueue.cpp) takes one beyond for another count's, confirms nothing and
// answers from the head of its queue.
const maxAhead = 11

// Recount lets update ids go on from a new, maybe lower, number, as Telegram
// does after a week without updates and on another server.
func (s *Server) Recount(from int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.last = from
}

// confirm drops the updates below the offset; a negative one keeps only that
// many of the newest.
func (s *Server) confirm(offset int64) {
	q := &s.queue
	cut := 0
	switch {
	case offset > q.last+maxAhead:
	case offset < 0:
		cut = max(0, len(q.pending)+int(max(offset, -1<<20)))
	case offset > 0:
		for cut < len(q.pending) && q.pending[cut].id < offset {
			cut++
		}
	}
	for _, u := range q.pending[:cut] {
		if s.strikes("duplicate", 0) {
			q.again = append(q.again, u)
		}
	}
	q.pending = slices.Clone(q.pending[cut:])
	if cut > 0 {
		s.changed()
	}
}

func (s *Server) take(limit int) []json.RawMessage {
	q := &s.queue
	all := append(q.again, q.pending...)
	q.again = nil
	all = all[:min(limit, len(all))]
	out := make([]json.RawMessage, len(all))
	for i, u := range all {
		out[i] = u.body
	}
	return out
}
