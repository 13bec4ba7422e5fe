package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// triggerLife is how long a click may open a view:
// https://docs.slack.dev/surfaces/modals#interactions
const triggerLife = 3 * time.Second

type trigger struct {
	user  string
	until time.Time
}

// view is a modal that somebody has open.
type view struct {
	View
	form form
}

// form is what we read of a modal.
type form struct {
	Type            string          `json:"type"`
	CallbackID      string          `json:"callback_id"`
	PrivateMetadata string          `json:"private_metadata"`
	Title           json.RawMessage `json:"title"`
	Blocks          []block         `json:"blocks"`
}

// Act clicks an element of a message, as a person. It returns when the app has
// been told, not when it has answered. An empty value means the element's own;
// for a menu it is the chosen option's.
func (s *Server) Act(channel, ts, actionID, user, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.message(channel, ts)
	if m == nil {
		return fmt.Errorf("there is no message %s in channel %s", ts, channel)
	}
	u, ok := s.user(user)
	if !ok {
		return fmt.Errorf("there is no user %s", user)
	}
	var blocks []block
	_ = json.Unmarshal(m.Blocks, &blocks) // without blocks there is no action
	for _, b := range blocks {
		for _, e := range b.interactive() {
			if e.ActionID != actionID {
				continue
			}
			s.send("interactive", s.click(m, u, b, e, value))
			return nil
		}
	}
	return fmt.Errorf("message %s has no action %s", ts, actionID)
}

// click is a block_actions payload:
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
func (s *Server) click(m *Message, u User, b block, e element, value string) map[string]any {
	id := s.id("T")
	s.triggers[id] = trigger{u.ID, s.cfg.Now().Add(triggerLife)}
	action := map[string]any{"action_id": e.ActionID, "block_id": b.BlockID, "type": e.Type, "action_ts": s.stamp()}
	switch e.Type {
	case "button":
		if value == "" {
			value = e.Value
		}
		action["value"], action["text"] = value, e.Text
	default:
		action["selected_option"] = map[string]any{"value": value}
	}
	container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": false}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	return map[string]any{
		"type": "block_actions", "api_app_id": "A0PORUCH", "trigger_id": id, "container": container,
		"user":    map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": s.cfg.Team},
		"team":    map[string]any{"id": s.cfg.Team},
		"channel": map[string]any{"id": m.Channel}, "message": s.object(m), "actions": []any{action},
		"state": map[string]any{"values": map[string]any{}},
	}
}

func (s *Server) openView(a args) answer {
	t, ok := s.triggers[a["trigger_id"]]
	delete(s.triggers, a["trigger_id"])
	switch {
	case !ok:
		return failure("invalid_trigger_id")
	case s.cfg.Now().After(t.until):
		return failure("expired_trigger_id")
	}
	v := &view{View: View{ID: s.id("V"), User: t.user, JSON: json.RawMessage(a["view"])}}
	if err := json.Unmarshal(v.JSON, &v.form); err != nil || v.form.Type != "modal" || len(v.form.Title) == 0 || len(v.form.Blocks) == 0 || len(v.form.PrivateMetadata) > 3000 {
		return failure("invalid_arguments")
	}
	if problem := checkBlocks(encode(v.form.Blocks)); problem != "" {
		return answer{"error": "invalid_arguments", "response_metadata": map[string]any{"messages": []string{"[ERROR] " + problem}}}
	}
	s.views = append(s.views, v)
	return answer{"view": map[string]any{"id": v.ID, "type": "modal", "callback_id": v.form.CallbackID, "private_metadata": v.form.PrivateMetadata}}
}

// Views lists the modals that a person has open, the uppermost last.
func (s *Server) Views(user string) []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []View
	for _, v := range s.views {
		if v.User == user {
			out = append(out, v.View)
		}
	}
	return out
}

// CloseView dismisses a modal.
func (s *Server) CloseView(viewID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.views)
	s.views = slices.DeleteFunc(s.views, func(v *view) bool { return v.ID == viewID })
	if len(s.views) == n {
		return fmt.Errorf("there is no view %s", viewID)
	}
	s.changed()
	return nil
}

// Submit sends a modal and waits for the app's word. errs, by block, keep it
// open; else it is closed. Values are by action id; what is not given has its
// initial value.
func (s *Server) Submit(viewID string, values map[string]string) (errs map[string]string, err error) {
	s.mu.Lock()
	at := slices.IndexFunc(s.views, func(v *view) bool { return v.ID == viewID })
	if at < 0 {
		s.mu.Unlock()
		return nil, fmt.Errorf("there is no view %s", viewID)
	}
	v := s.views[at]
	u, _ := s.user(v.User)
	state, missing := map[string]any{}, map[string]string{}
	for _, b := range v.form.Blocks {
		e := b.Element
		if e == nil {
			continue
		}
		filled, ok := e.filled(values[e.ActionID])
		if !ok && !b.Optional {
			missing[b.BlockID] = "Please complete this required field." // Slack's own client says so
		}
		state[b.BlockID] = map[string]any{e.ActionID: filled}
	}
	if len(missing) > 0 {
		s.mu.Unlock()
		return missing, nil
	}
	e := s.send("interactive", map[string]any{
		"type": "view_submission", "api_app_id": "A0PORUCH", "trigger_id": s.id("T"), "team": map[string]any{"id": s.cfg.Team},
		"user": map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": s.cfg.Team},
		"view": map[string]any{"id": v.ID, "type": "modal", "callback_id": v.form.CallbackID, "private_metadata": v.form.PrivateMetadata,
			"blocks": v.form.Blocks, "state": map[string]any{"values": state}},
	})
	s.mu.Unlock()
	select {
	case <-e.acked:
	case <-s.closed:
		return nil, fmt.Errorf("the workspace is closed")
	}
	var said struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
	}
	_ = json.Unmarshal(e.response, &said) // no payload: close it
	if said.Action == "errors" {
		return said.Errors, nil
	}
	return nil, s.CloseView(viewID)
}
