package slacktest

import (
	"encoding/json"
	"net/url"
	"path"
	"slices"
	"strings"
)

// object is a message as Slack's JSON shows it:
// https://docs.slack.dev/reference/events/message
func (s *Server) object(m *Message) map[string]any {
	o := map[string]any{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": s.cfg.Team}
	switch {
	case m.ThreadTS != "":
		o["thread_ts"] = m.ThreadTS
	case m.replies > 0:
		o["thread_ts"], o["reply_count"] = m.TS, m.replies
	}
	switch {
	case m.IsBot && len(m.Files) > 0:
		// A shared file comes under its user; nothing promises a bot_id there.
	case m.IsBot:
		o["bot_id"], o["app_id"] = botID(s.cfg.BotUser), "A0PORUCH"
	default:
		o["client_msg_id"] = "client-" + m.TS
	}
	if m.Username != "" {
		o["subtype"], o["username"] = "bot_message", m.Username
	}
	if len(m.Blocks) > 0 {
		o["blocks"] = m.Blocks
	}
	if m.Edited {
		o["edited"] = map[string]any{"user": m.User, "ts": m.TS}
	}
	if len(m.Reactions) > 0 {
		var rs []map[string]any
		for _, r := range m.Reactions {
			rs = append(rs, map[string]any{"name": r.Name, "users": r.Users, "count": len(r.Users)})
		}
		o["reactions"] = rs
	}
	if len(m.Files) > 0 {
		var fs []map[string]any
		for i := range m.Files {
			fs = append(fs, s.fileObject(&m.Files[i]))
		}
		o["files"] = fs
	}
	return o
}

// fileObject: https://docs.slack.dev/reference/objects/file-object
func (s *Server) fileObject(f *File) map[string]any {
	link := "http://" + s.host + "/files/" + f.ID + "/" + url.PathEscape(f.Name)
	return map[string]any{
		"id": f.ID, "name": f.Name, "title": f.Title, "mimetype": f.MIME, "filetype": strings.TrimPrefix(path.Ext(f.Name), "."),
		"size": len(f.Data), "mode": "hosted", "is_external": false, "file_access": "visible",
		"url_private": link, "url_private_download": link,
	}
}

// event sends an event about a channel that the app is in. The lock is held.
func (s *Server) event(channel string, event map[string]any) {
	if c, ok := s.channel(channel); !ok || !slices.Contains(c.Members, s.cfg.BotUser.ID) {
		return
	}
	callback := map[string]any{
		"type": "event_callback", "team_id": s.cfg.Team, "api_app_id": "A0PORUCH", "event_id": s.id("Ev"),
		"event_time": s.cfg.Now().Unix(), "event": event,
		"authorizations": []any{map[string]any{"team_id": s.cfg.Team, "user_id": s.cfg.BotUser.ID, "is_bot": true}},
	}
	s.send("events_api", callback)
	if s.hit("duplicate", "") {
		s.send("events_api", callback)
	}
}

// add keeps a new message and sends its event. The lock is held.
func (s *Server) add(m *Message) {
	m.TS = s.stamp()
	s.messages = append(s.messages, m)
	if head := s.message(m.Channel, m.ThreadTS); head != nil {
		head.replies++
	}
	e := s.object(m)
	e["channel"], e["channel_type"], e["event_ts"] = m.Channel, "channel", m.TS
	if len(m.Files) > 0 {
		e["subtype"] = "file_share"
	}
	s.event(m.Channel, e)
}

// change alters a message and sends both states of it. The lock is held.
func (s *Server) change(m *Message, alter func()) {
	before := m.copy()
	alter()
	m.Edited = true
	s.event(m.Channel, map[string]any{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": m.Channel, "channel_type": "channel",
		"ts": s.stamp(), "message": s.object(m), "previous_message": s.object(&before),
	})
}

// remove deletes a message. The lock is held.
func (s *Server) remove(m *Message) {
	m.Deleted = true
	if head := s.message(m.Channel, m.ThreadTS); head != nil {
		head.replies--
	}
	s.event(m.Channel, map[string]any{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": m.Channel, "channel_type": "channel",
		"ts": s.stamp(), "deleted_ts": m.TS, "previous_message": s.object(m),
	})
}

// encode is for values that always encode.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
