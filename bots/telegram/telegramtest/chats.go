package telegramtest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// User is a person (or bot) who talks.
type User struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username,omitempty"`
	Language string `json:"language,omitempty"`
	IsBot    bool   `json:"is_bot"`
}

// Group is a group that the bot is in. A forum, or an id at or below
// -1000000000000, is a supergroup; others are basic groups.
type Group struct {
	Chat   int64          `json:"chat"`
	Title  string         `json:"title"`
	Forum  bool           `json:"forum,omitempty"`
	Topics map[int]string `json:"topics,omitempty"`
}

// Button is a button under a message of the bot: one that is pressed, or a link.
type Button struct {
	Text string `json:"text"`
	Data string `json:"data"`
	URL  string `json:"url,omitempty"`
}

// Message is one message of a chat as the people in it see it.
type Message struct {
	ID      int        `json:"message_id"`
	Chat    int64      `json:"chat"`
	Topic   int        `json:"topic,omitempty"`
	From    User       `json:"from"`
	Text    string     `json:"text"` // text or caption
	HTML    string     `json:"html"` // the same with its formatting, safe to put in a page
	Buttons [][]Button `json:"buttons,omitempty"`
	ReplyTo int        `json:"reply_to,omitempty"`
	Files   []File     `json:"files,omitempty"`
	Date    time.Time  `json:"date"`
	Edited  bool       `json:"edited"`
	Deleted bool       `json:"deleted"`
}

// record is a stored message with what only the wire shows.
type record struct {
	Message
	entities []entity
	files    []*storedFile
	album    string
	editedAt time.Time
	reaction string
}

type chat struct {
	id         int64
	group      *Group // nil for a private chat
	user       User   // of a private chat
	records    []*record
	lastID     int // own counter of a supergroup
	blocked    bool
	migratedTo int64
}

const firstSupergroup = -1_000_000_000_000

func newGroup(g Group) *chat { return &chat{id: g.Chat, group: &g} }

func (c *chat) supergroup() bool {
	return c.group != nil && (c.group.Forum || c.id <= firstSupergroup)
}

func (c *chat) find(id int) *record {
	for _, r := range c.records {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (c *chat) wire() obj {
	switch {
	case c.group == nil:
		o := obj{"id": c.id, "type": "private", "first_name": c.user.Name}
		if c.user.Username != "" {
			o["username"] = c.user.Username
		}
		return o
	case c.supergroup():
		o := obj{"id": c.id, "type": "supergroup", "title": c.group.Title}
		if c.group.Forum {
			o["is_forum"] = true
		}
		return o
	default:
		return obj{"id": c.id, "type": "group", "title": c.group.Title}
	}
}

func (u User) wire() obj {
	o := obj{"id": u.ID, "is_bot": u.IsBot, "first_name": u.Name}
	if u.Username != "" {
		o["username"] = u.Username
	}
	if u.Language != "" {
		o["language_code"] = u.Language
	}
	return o
}

// bot is the bot itself; its id is the number that begins its token.
func (s *Server) bot() User {
	head, _, _ := strings.Cut(s.cfg.Token, ":")
	id, err := strconv.ParseInt(head, 10, 64)
	if err != nil {
		id = 777000777
	}
	return User{ID: id, Name: s.cfg.BotUsername, Username: s.cfg.BotUsername, IsBot: true}
}

// nextMessageID counts per bot for private chats and basic groups, and per
// chat for supergroups, as Telegram does.
func (s *Server) nextMessageID(c *chat) int {
	if c.supergroup() {
		c.lastID++
		return c.lastID
	}
	s.nextID++
	return s.nextID
}

func (s *Server) nextNumber() int64 {
	s.nextAny++
	return s.nextAny
}

// Chats lists the chats that exist, lowest id first.
func (s *Server) Chats() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]int64, 0, len(s.chats))
	for id := range s.chats {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Messages returns copies of a chat's messages, oldest first; deleted ones are
// flagged. An unknown chat has none.
func (s *Server) Messages(id int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.chats[id]
	if !ok {
		return nil
	}
	out := make([]Message, 0, len(c.records))
	for _, r := range c.records {
		m := r.Message
		m.HTML = renderHTML(m.Text, r.entities)
		m.Files = slices.Clone(m.Files)
		m.Buttons = make([][]Button, 0, len(r.Buttons))
		for _, row := range r.Buttons {
			m.Buttons = append(m.Buttons, slices.Clone(row))
		}
		out = append(out, m)
	}
	return out
}

// Block lets a user stop (or start again) the bot: the bot learns of it by a
// my_chat_member update and its sends to that user fail with 403.
func (s *Server) Block(user int64, blocked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.chats[user]
	if !ok {
		c = &chat{id: user, user: User{ID: user, Name: "user" + strconv.FormatInt(user, 10)}}
		s.chats[user] = c
	}
	if c.group != nil || c.blocked == blocked {
		return
	}
	c.blocked = blocked
	was, is := "member", "kicked"
	if !blocked {
		was, is = is, was
	}
	me := s.bot().wire()
	s.push("my_chat_member", obj{
		"chat": c.wire(), "from": c.user.wire(), "date": s.cfg.Now().Unix(),
		"old_chat_member": obj{"user": me, "status": was},
		"new_chat_member": obj{"user": me, "status": is},
	})
	s.changed()
}

// Migrate turns a basic group into a supergroup: two service messages, and from
// then on 400 with migrate_to_chat_id on the old id. It returns the new id, or
// 0 when there is no such basic group.
func (s *Server) Migrate(id int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.chats[id]
	if !ok || old.group == nil || old.supergroup() || old.migratedTo != 0 {
		return 0
	}
	g := *old.group
	g.Chat = firstSupergroup - 500_000_000 - s.nextNumber()
	made := newGroup(g)
	s.chats[g.Chat] = made
	now := s.cfg.Now().Unix()
	from := User{ID: 1087968824, Name: "Group", Username: "GroupAnonymousBot", IsBot: true}.wire()
	s.push("message", obj{"message_id": s.nextMessageID(old), "chat": old.wire(), "from": from, "date": now, "migrate_to_chat_id": g.Chat})
	s.push("message", obj{"message_id": s.nextMessageID(made), "chat": made.wire(), "from": from, "date": now, "migrate_from_chat_id": id})
	old.migratedTo = g.Chat
	for i := range s.cfg.Groups {
		if s.cfg.Groups[i].Chat == id {
			s.cfg.Groups = slices.Clone(s.cfg.Groups)
			s.cfg.Groups[i] = g
		}
	}
	s.changed()
	return g.Chat
}

var errNoChat = errors.New("no such chat")

// open returns the chat that a person writes to; a person's own id is their
// private chat with the bot, which begins with their first word.
func (s *Server) open(id int64, from User) (*chat, error) {
	c, ok := s.chats[id]
	switch {
	case ok && c.migratedTo != 0:
		return nil, fmt.Errorf("%w: %d has become %d", errNoChat, id, c.migratedTo)
	case ok && c.group == nil:
		c.user = from
		return c, nil
	case ok:
		return c, nil
	case id == from.ID && id > 0:
		c = &chat{id: id, user: from}
		s.chats[id] = c
		return c, nil
	}
	return nil, fmt.Errorf("%w: %d", errNoChat, id)
}
