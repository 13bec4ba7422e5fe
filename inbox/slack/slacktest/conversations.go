package slacktest

import (
	"cmp"
	"slices"
	"strconv"
)

func (s *Server) info(a args) answer {
	c, ok := s.channel(a["channel"])
	if !ok {
		return failure("channel_not_found")
	}
	return answer{"channel": map[string]any{
		"id": c.ID, "name": c.Name, "is_channel": true, "is_member": slices.Contains(c.Members, s.cfg.BotUser.ID),
		"is_archived": false, "is_ext_shared": false, "is_private": false, "num_members": len(c.Members),
	}}
}

// history lists the heads of a channel, newest first:
// https://docs.slack.dev/reference/methods/conversations.history
func (s *Server) history(a args) answer {
	if bad := s.place(a["channel"]); bad != nil {
		return bad
	}
	var heads []*Message
	for _, m := range s.messages {
		if m.Channel == a["channel"] && m.ThreadTS == "" && !m.Deleted {
			heads = append(heads, m)
		}
	}
	slices.SortFunc(heads, func(x, y *Message) int { return cmp.Compare(y.TS, x.TS) })
	return s.list(heads, a)
}

// replies lists a thread, its head first.
func (s *Server) replies(a args) answer {
	if bad := s.place(a["channel"]); bad != nil {
		return bad
	}
	head := s.message(a["channel"], a["ts"])
	if head == nil {
		return failure("thread_not_found")
	}
	thread := []*Message{head}
	for _, m := range s.messages {
		if m.Channel == head.Channel && m.ThreadTS == head.TS && !m.Deleted {
			thread = append(thread, m)
		}
	}
	return s.list(thread, a)
}

// list is one page of messages between oldest and latest.
func (s *Server) list(all []*Message, a args) answer {
	var within []map[string]any
	for _, m := range all {
		if a["oldest"] != "" && m.TS <= a["oldest"] || a["latest"] != "" && m.TS >= a["latest"] {
			continue
		}
		o := s.object(m)
		if a["include_all_metadata"] == "true" && len(m.Metadata) > 0 {
			o["metadata"] = m.Metadata
		}
		within = append(within, o)
	}
	page, next := paged(within, a)
	return answer{"messages": page, "has_more": next != "", "response_metadata": map[string]any{"next_cursor": next}}
}

// paged cuts a page out; the cursor is the number of what came before.
func paged[T any](all []T, a args) (page []T, next string) {
	start, err := strconv.Atoi(a["cursor"])
	if err != nil || start < 0 || start > len(all) {
		start = 0
	}
	end := min(start+a.limit(999), len(all))
	if end < len(all) {
		next = strconv.Itoa(end)
	}
	return append([]T{}, all[start:end]...), next
}

func userObject(u User) map[string]any {
	return map[string]any{"id": u.ID, "name": u.Name, "real_name": u.RealName, "is_bot": u.IsBot,
		"profile": map[string]any{"display_name": "", "real_name": u.RealName}}
}

func (s *Server) userInfo(a args) answer {
	u, ok := s.user(a["user"])
	if !ok {
		return failure("user_not_found")
	}
	return answer{"user": userObject(u)}
}

func (s *Server) userList(a args) answer {
	var all []map[string]any
	for _, u := range append(s.Users(), s.cfg.BotUser) {
		all = append(all, userObject(u))
	}
	page, next := paged(all, a)
	return answer{"members": page, "response_metadata": map[string]any{"next_cursor": next}}
}
