package slacktest

import (
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// Slack's bounds, in characters:
// https://docs.slack.dev/reference/methods/chat.postMessage#truncating
const (
	maxText   = 40_000
	maxEdited = 4_000 // the text that chat.update takes
)

// compose checks what a post consists of.
func compose(a args) (text string, blocks json.RawMessage, bad answer) {
	text = a["text"]
	if a["blocks"] != "" && a["blocks"] != "[]" {
		blocks = json.RawMessage(a["blocks"])
		if problem := checkBlocks(blocks); problem != "" {
			return "", nil, answer{"error": "invalid_blocks", "response_metadata": map[string]any{"messages": []string{"[ERROR] " + problem}}}
		}
		if words(blocks) > maxWords {
			return "", nil, failure("msg_blocks_too_long")
		}
	}
	switch {
	case text == "" && blocks == nil:
		return "", nil, failure("no_text")
	case utf8.RuneCountInString(text) > maxText:
		return "", nil, failure("msg_too_long")
	}
	return text, blocks, nil
}

// place finds a channel that the app may post in.
func (s *Server) place(id string) answer {
	c, ok := s.channel(id)
	switch {
	case !ok:
		return failure("channel_not_found")
	case !slices.Contains(c.Members, s.cfg.BotUser.ID):
		return failure("not_in_channel")
	}
	return nil
}

func (s *Server) postMessage(a args) answer {
	if bad := s.place(a["channel"]); bad != nil {
		return bad
	}
	text, blocks, bad := compose(a)
	if bad != nil {
		return bad
	}
	if a["username"] != "" {
		if bad := s.refuse(s.cfg.BotToken, "chat:write.customize"); bad != nil {
			return bad
		}
	}
	m := &Message{
		Channel: a["channel"], ThreadTS: a["thread_ts"], User: s.cfg.BotUser.ID, IsBot: true, Username: a["username"],
		Text: text, Blocks: blocks,
	}
	if m.ThreadTS != "" && s.message(m.Channel, m.ThreadTS) == nil {
		return failure("thread_not_found")
	}
	if a["metadata"] != "" {
		m.Metadata = json.RawMessage(a["metadata"])
	}
	s.add(m)
	return answer{"channel": m.Channel, "ts": m.TS, "message": s.object(m)}
}

func (s *Server) update(a args) answer {
	if bad := s.place(a["channel"]); bad != nil {
		return bad
	}
	text, blocks, bad := compose(a)
	if bad != nil {
		return bad
	}
	m := s.message(a["channel"], a["ts"])
	switch {
	case utf8.RuneCountInString(text) > maxEdited:
		return failure("msg_too_long")
	case m == nil:
		return failure("message_not_found")
	case !m.IsBot:
		return failure("cant_update_message")
	}
	s.change(m, func() {
		m.Text, m.Blocks = text, blocks
		if a["metadata"] != "" {
			m.Metadata = json.RawMessage(a["metadata"])
		}
	})
	return answer{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": s.object(m)}
}

func (s *Server) deleteMessage(a args) answer {
	m := s.message(a["channel"], a["ts"])
	switch {
	case m == nil:
		return failure("message_not_found")
	case !m.IsBot:
		return failure("cant_delete_message")
	}
	s.remove(m)
	return answer{"channel": m.Channel, "ts": m.TS}
}

// postEphemeral shows something to one person. In a thread it is seen only
// once somebody has replied there, though Slack says "ok" all the same:
// https://docs.slack.dev/reference/methods/chat.postEphemeral
func (s *Server) postEphemeral(a args) answer {
	if bad := s.place(a["channel"]); bad != nil {
		return bad
	}
	c, _ := s.channel(a["channel"])
	if !slices.Contains(c.Members, a["user"]) {
		return failure("user_not_in_channel")
	}
	text, blocks, bad := compose(a)
	if bad != nil {
		return bad
	}
	e := ephemeral{to: a["user"], Message: Message{
		Channel: c.ID, ThreadTS: a["thread_ts"], TS: s.stamp(), User: s.cfg.BotUser.ID, IsBot: true, Text: text, Blocks: blocks,
	}}
	head := s.message(c.ID, e.ThreadTS)
	if e.ThreadTS == "" || head != nil && head.replies > 0 {
		s.ephemerals = append(s.ephemerals, e)
	}
	return answer{"message_ts": e.TS}
}

func (s *Server) addReaction(a args) answer {
	return s.react(reaction{a["channel"], a["timestamp"], s.cfg.BotUser.ID, a["name"]}, true)
}

func (s *Server) removeReaction(a args) answer {
	return s.react(reaction{a["channel"], a["timestamp"], s.cfg.BotUser.ID, a["name"]}, false)
}

type reaction struct{ channel, ts, user, name string }

// react puts an emoji under a message or takes it away. The lock is held.
func (s *Server) react(r reaction, add bool) answer {
	m := s.message(r.channel, r.ts)
	if m == nil {
		return failure("message_not_found")
	}
	if !emojiName.MatchString(r.name) {
		return failure("invalid_name")
	}
	at := slices.IndexFunc(m.Reactions, func(x Reaction) bool { return x.Name == r.name })
	has := at >= 0 && slices.Contains(m.Reactions[at].Users, r.user)
	kind := "reaction_added"
	switch {
	case add && has:
		return failure("already_reacted")
	case !add && !has:
		return failure("no_reaction")
	case add && at < 0:
		m.Reactions = append(m.Reactions, Reaction{r.name, []string{r.user}})
	case add:
		m.Reactions[at].Users = append(m.Reactions[at].Users, r.user)
	default:
		kind = "reaction_removed"
		users := slices.DeleteFunc(slices.Clone(m.Reactions[at].Users), func(u string) bool { return u == r.user })
		if m.Reactions[at].Users = users; len(users) == 0 {
			m.Reactions = slices.Delete(m.Reactions, at, at+1)
		}
	}
	s.event(r.channel, map[string]any{"type": kind, "user": r.user, "reaction": r.name, "item_user": m.User, "event_ts": s.stamp(),
		"item": map[string]any{"type": "message", "channel": r.channel, "ts": r.ts}})
	return answer{}
}
