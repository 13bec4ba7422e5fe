package slacktest

import (
	"fmt"
	"mime"
	"path"
	"regexp"
	"slices"
	"strings"
)

// escape does what Slack does to what people type:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

var emojiName = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)

// marked: the text may hold formatting, which Slack's editor would turn into
// styles. This workspace leaves such a message without rich text.
var marked = regexp.MustCompile("[*_~`<>&:]")

// typed is a person's message as Slack's clients send it.
func typed(m *Message, text string) {
	m.Text, m.Blocks = escape.Replace(text), nil
	if text != "" && !marked.MatchString(text) {
		m.Blocks = encode([]any{map[string]any{"type": "rich_text", "block_id": "typed", "elements": []any{
			map[string]any{"type": "rich_text_section", "elements": []any{map[string]any{"type": "text", "text": text}}},
		}}})
	}
}

// Post writes as a person, and tells the app. It says why when the person may
// not write there.
func (s *Server) Post(channel, threadTS, user, text string, files ...File) (ts string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.channel(channel)
	if !ok || !slices.Contains(c.Members, user) {
		return "", fmt.Errorf("user %s is not in channel %s", user, channel)
	}
	if text == "" && len(files) == 0 {
		return "", fmt.Errorf("there is nothing to post")
	}
	if threadTS != "" && s.message(channel, threadTS) == nil {
		return "", fmt.Errorf("there is no thread %s in channel %s", threadTS, channel)
	}
	m := &Message{Channel: channel, ThreadTS: threadTS, User: user}
	typed(m, text)
	for _, f := range files {
		f.ID, f.Size = s.id("F"), int64(len(f.Data))
		if f.MIME == "" {
			f.MIME = mime.TypeByExtension(path.Ext(f.Name))
		}
		m.Files = append(m.Files, f)
	}
	s.add(m)
	s.changed()
	return m.TS, nil
}

// theirs finds a message of a person. The lock is held.
func (s *Server) theirs(channel, ts, user string) (*Message, error) {
	m := s.message(channel, ts)
	if m == nil {
		return nil, fmt.Errorf("there is no message %s in channel %s", ts, channel)
	}
	if m.User != user {
		return nil, fmt.Errorf("message %s is not by user %s", ts, user)
	}
	return m, nil
}

// Edit changes a person's own message.
func (s *Server) Edit(channel, ts, user, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.theirs(channel, ts, user)
	if err != nil {
		return err
	}
	s.change(m, func() { typed(m, text) })
	s.changed()
	return nil
}

// Delete takes a person's own message back.
func (s *Server) Delete(channel, ts, user string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.theirs(channel, ts, user)
	if err != nil {
		return err
	}
	s.remove(m)
	s.changed()
	return nil
}

// React puts a person's emoji under a message, or takes it away.
func (s *Server) React(channel, ts, user, emoji string, add bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if out := s.react(reaction{channel, ts, user, emoji}, add); out["error"] != nil {
		return fmt.Errorf("react to message %s: %s", ts, out["error"])
	}
	s.changed()
	return nil
}
