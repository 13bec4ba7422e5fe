package telegramtest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Say is what a person writes.
type Say struct {
	Chat    int64 // the person's own id is their private chat with the bot
	From    User
	Text    string // the caption when there are Files
	ReplyTo int
	Topic   int
	Files   []File
	Album   bool // Files travel as one media group
}

// Say lets a person write. It makes one update, or one per file; the id is the
// (first) message's. A text may be longer than a real client would allow.
func (s *Server) Say(say Say) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case say.From.ID == 0:
		return 0, errors.New("a message needs a sender with an id")
	case say.Text == "" && len(say.Files) == 0:
		return 0, errors.New("a message needs a text or a file")
	}
	c, err := s.open(say.Chat, say.From)
	if err != nil {
		return 0, err
	}
	if c.blocked {
		return 0, errors.New("this person has blocked the bot; unblock it first")
	}
	if say.Topic != 0 && (c.group == nil || !c.group.Forum) {
		return 0, errors.New("only a forum has topics")
	}
	if say.ReplyTo != 0 && c.find(say.ReplyTo) == nil {
		return 0, fmt.Errorf("no message %d to reply to", say.ReplyTo)
	}
	base := Message{Chat: say.Chat, Topic: say.Topic, From: say.From, Text: say.Text, ReplyTo: say.ReplyTo, Date: s.cfg.Now()}
	if len(say.Files) == 0 {
		return s.told(c, &record{Message: base, entities: detect(base.Text)}), nil
	}
	album := ""
	if say.Album && len(say.Files) > 1 {
		album = strconv.FormatInt(10_000_000+s.nextNumber(), 10)
	}
	first := 0
	for i, f := range say.Files {
		kept, err := s.keep(f)
		if err != nil {
			return first, err
		}
		m := base
		m.Files = []File{kept.File}
		if i > 0 {
			m.Text = "" // the caption belongs to the first
		}
		id := s.told(c, &record{Message: m, entities: detect(m.Text), files: []*storedFile{kept}, album: album})
		if i == 0 {
			first = id
		}
	}
	return first, nil
}

// told adds a person's message and makes its update.
func (s *Server) told(c *chat, r *record) int {
	s.add(c, r)
	if s.visible(c, r) {
		s.push("message", s.wire(c, r, true))
	}
	return r.ID
}

func (s *Server) add(c *chat, r *record) {
	r.ID = s.nextMessageID(c)
	c.records = append(c.records, r)
	s.changed()
}

// visible is the bot's privacy mode at work.
func (s *Server) visible(c *chat, r *record) bool {
	if !s.cfg.Privacy || c.group == nil {
		return true
	}
	if to := c.find(r.ReplyTo); to != nil && to.From.ID == s.bot().ID {
		return true
	}
	if strings.Contains(strings.ToLower(r.Text), "@"+strings.ToLower(s.cfg.BotUsername)) {
		return true
	}
	return strings.HasPrefix(r.Text, "/")
}

// Edit lets the author change a message; the bot gets edited_message.
func (s *Server) Edit(chatID int64, id int, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.chats[chatID]
	if !ok {
		return fmt.Errorf("%w: %d", errNoChat, chatID)
	}
	r := c.find(id)
	switch {
	case r == nil || r.Deleted:
		return fmt.Errorf("no message %d in chat %d", id, chatID)
	case r.From.ID == s.bot().ID:
		return fmt.Errorf("message %d belongs to the bot", id)
	case text == "" && len(r.files) == 0:
		return errors.New("a message needs a text")
	}
	r.Text, r.entities, r.Edited, r.editedAt = text, detect(text), true, s.cfg.Now()
	if s.visible(c, r) {
		s.push("edited_message", s.wire(c, r, true))
	}
	s.changed()
	return nil
}

type press struct {
	answered bool
	notice   string
}

// Press lets a person press a button; the bot gets a callback_query.
func (s *Server) Press(chatID int64, id int, data string, from User) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.chats[chatID]
	if !ok {
		return fmt.Errorf("%w: %d", errNoChat, chatID)
	}
	r := c.find(id)
	if r == nil || r.Deleted {
		return fmt.Errorf("no message %d in chat %d", id, chatID)
	}
	for _, row := range r.Buttons {
		for _, b := range row {
			if b.Data != data || b.URL != "" { // a link opens, and tells the bot nothing
				continue
			}
			key := strconv.FormatInt(900_000_000+s.nextNumber(), 10)
			s.presses[key] = &press{}
			s.push("callback_query", obj{
				"id": key, "from": from.wire(), "message": s.wire(c, r, true),
				"chat_instance": strconv.FormatInt(chatID, 10), "data": data,
			})
			return nil
		}
	}
	return fmt.Errorf("message %d has no button %q", id, data)
}

// Notice returns what the bot answered to the presses so far: how many it
// acknowledged, and the last notice it showed.
func (s *Server) Notice() (acknowledged int, last string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.presses {
		if p.answered {
			acknowledged++
			if p.notice != "" {
				last = p.notice
			}
		}
	}
	return acknowledged, last
}
