package postgres_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
)

// history writes what the inbox would have written.
type history struct {
	t        testing.TB
	db       *database.DB
	contacts map[string]int64
	places   map[string]int64 // conversations, by contact and chat
}

// began is when histories begin.
var began = time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)

func newHistory(t testing.TB) *history {
	t.Helper()
	return &history{t, databasetest.New(t), map[string]int64{}, map[string]int64{}}
}

// said is one message of a contact and what was decided on it.
type said struct {
	text      string
	by        string // the contact; "" is one of their own
	group     string // the group's title; "" is a private chat
	brand     string // "" is rankova
	bot       string // "" is telegram
	at        time.Time
	lang      string // "" is uk
	action    string // "" is handoff
	reason    string // "" is unsure
	entries   []string
	suggested string
	top       string
	verdict   string
	right     string
	judged    time.Time // zero: an hour later, if there is a verdict
	deleted   bool
	replies   []string // of people, on the ticket
	ticket    int64    // 0 is a new one
}

// forget empties the history.
func (h *history) forget() {
	h.do(`TRUNCATE contacts CASCADE`)
	clear(h.contacts)
	clear(h.places)
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func (h *history) id(sql string, args ...any) (id int64) {
	h.t.Helper()
	if err := h.db.Pool.QueryRow(h.t.Context(), sql, args...).Scan(&id); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
	return id
}

func (h *history) do(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.db.Pool.Exec(h.t.Context(), sql, args...); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
}

func body(text string) []byte {
	b, err := json.Marshal(map[string]string{"plain": text})
	if err != nil {
		panic(err)
	}
	return b
}

// conversation finds or makes the place where a contact speaks.
func (h *history) conversation(s said) int64 {
	bot := or(s.bot, "telegram")
	name := bot + "/" + or(s.by, fmt.Sprint("somebody ", len(h.contacts)))
	if h.contacts[name] == 0 {
		h.contacts[name] = h.id(`INSERT INTO contacts (bot, user_id, name, username, created_at) VALUES ($1, $2, 'Name', '', $3) RETURNING id`,
			bot, name, began)
	}
	key := or(s.brand, "rankova") + name + "/" + s.group
	if h.places[key] == 0 {
		h.places[key] = h.id(`INSERT INTO conversations (brand, bot, chat, topic, contact_id, private, title, created_at)
			VALUES ($1, $2, $3, '', $4, $5, $6, $7) RETURNING id`,
			or(s.brand, "rankova"), bot, or(s.brand, "rankova")+or(s.group, name), h.contacts[name], s.group == "", s.group, began)
	}
	return h.places[key]
}

// say writes a message with its ticket, decision and replies, and returns the
// message's and the ticket's ids.
func (h *history) say(s said) (message, ticket int64) {
	h.t.Helper()
	s.at = or(s.at, began)
	place := h.conversation(s)
	brand, lang := or(s.brand, "rankova"), or(s.lang, "uk")
	if ticket = s.ticket; ticket == 0 {
		ticket = h.id(`INSERT INTO tickets (brand, conversation_id, state, priority, lang, decision, message_id, handed_off, told, opened_at, changed_at)
			VALUES ($1, $2, 'resolved', 'normal', $3, '{}', 0, true, true, $4, $4) RETURNING id`, brand, place, lang, s.at)
	}
	message = h.id(`INSERT INTO messages (conversation_id, ticket_id, direction, author, bot, chat, body, delivery, deleted, sent_at, created_at)
		VALUES ($1, $2, 'contact', 'Name', 'telegram', '', $3, 'received', $4, $5, $5) RETURNING id`, place, ticket, body(s.text), s.deleted, s.at)
	for i, reply := range s.replies {
		h.do(`INSERT INTO messages (conversation_id, ticket_id, direction, author, bot, chat, body, delivery, sent_at, created_at)
			VALUES ($1, $2, 'agent', 'Agent', 'telegram', '', $3, 'sent', $4, $4)`, place, ticket, body(reply), s.at.Add(time.Duration(i+1)*time.Minute))
	}
	var judged *time.Time
	if s.verdict != "" {
		at := or(s.judged, s.at.Add(time.Hour))
		judged = &at
	}
	entries := s.entries
	if entries == nil {
		entries = []string{}
	}
	h.do(`INSERT INTO decisions (message_id, brand, conversation_id, ticket_id, lang, action, reason, entries, suggested, top, confidence, threshold,
		decided_at, verdict, right_entry, judged_by, judged_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0.3, 0.8, $11, $12, $13, '', $14)`,
		message, brand, place, ticket, lang, or(s.action, "handoff"), or(s.reason, "unsure"), entries, s.suggested, s.top, s.at, s.verdict, s.right, judged)
	return message, ticket
}
