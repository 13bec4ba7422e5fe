package slacktest

import (
	"fmt"
	"slices"
	"strings"
)

// Slack escapes exactly these three in what people write:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Post writes as a person, and tells the app by Socket Mode.
func (s *Server) Post(channel, threadTS, user, text string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.channel(channel)
	if !ok || !slices.Contains(c.Members, user) {
		return "", fmt.Errorf("user %s is not in channel %s", user, channel)
	}
	m := Message{Channel: channel, ThreadTS: threadTS, User: user, Text: escape.Replace(text)}
	return s.add(m), nil
}

// add keeps a message and sends its event. The lock is held.
func (s *Server) add(m Message) string {
	m.TS = s.stamp()
	s.messages = append(s.messages, m)
	event := map[string]any{
		"type": "message", "channel": m.Channel, "channel_type": "channel",
		"user": m.User, "text": m.Text, "ts": m.TS, "event_ts": m.TS,
	}
	if m.ThreadTS != "" {
		event["thread_ts"] = m.ThreadTS
	}
	if m.IsBot {
		event["bot_id"] = "B" + m.User
	} else {
		event["client_msg_id"] = "client-" + m.TS
	}
	s.send("events_api", map[string]any{
		"type": "event_callback", "team_id": s.cfg.Team, "event_id": "Ev" + m.TS, "event": event,
	})
	return m.TS
}
