package slack_test

import (
	"fmt"
	"testing"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
)

// event wraps an event as the Events API does.
func event(e map[string]any) map[string]any {
	return map[string]any{
		"type": "event_callback", "team_id": "T0RANKOVA", "event_id": "EvTEST" + fmt.Sprint(e["ts"]), "event_time": noon.Unix(), "event": e,
		"authorizations": []any{map[string]any{"team_id": "T0RANKOVA", "user_id": bot, "is_bot": true}},
	}
}

// Nothing but people's words in threads reaches the desk, and all of it is
// acknowledged.
func TestNothingElseIsAReply(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t) // our own post comes back as an event
	w.receive(t)
	ctx := t.Context()
	if _, err := w.console.Post(ctx, at, post("job-1", "words of a customer")); err != nil {
		t.Fatal(err)
	}
	withFile := post("job-2", "with a file")
	withFile.Files = []bots.Upload{upload("фото.jpg", "jpg")}
	if _, err := w.console.Post(ctx, at, withFile); err != nil {
		t.Fatal(err)
	}
	if err := w.console.Mark(ctx, inbox.PostRef(at), inbox.Waiting); err != nil {
		t.Fatal(err)
	}
	if err := w.console.Update(ctx, at, card()); err != nil {
		t.Fatal(err)
	}
	w.says(t, inbox.ThreadRef{Channel: channel}, olena, "поза тредом")
	for _, e := range []map[string]any{
		{"type": "message", "subtype": "bot_message", "channel": channel, "bot_id": "B0OTHER", "text": "x", "ts": "1.000001", "thread_ts": at.TS},
		{"type": "message", "subtype": "channel_join", "channel": channel, "user": olena, "text": "x", "ts": "1.000002"},
		{"type": "message", "subtype": "message_replied", "channel": channel, "ts": "1.000003", "message": map[string]any{"ts": at.TS, "thread_ts": at.TS}},
		{"type": "message", "channel": channel, "user": olena, "ts": "1.000004", "thread_ts": "1.000004", "text": "x"},
		{"type": "reaction_added", "user": olena, "reaction": "eyes", "item": map[string]any{"type": "message", "channel": channel, "ts": at.TS}, "ts": "1.000005"},
		{"type": "hologram_projected", "depth": 3, "ts": "1.000006"},
	} {
		w.Emit("events_api", event(e))
	}
	for _, odd := range []any{nil, "text", 7, []int{1}, map[string]any{}, map[string]any{"event": "message"}, map[string]any{"event_id": 7, "event": map[string]any{"type": 8}}} {
		w.Emit("events_api", odd)
		w.Emit("interactive", odd)
		w.Emit("slash_commands", odd)
		w.Emit("tomorrows_kind", odd)
	}
	w.Emit("slash_commands", map[string]any{"command": "/inbox", "text": "next", "trigger_id": "T1"})
	w.Emit("interactive", map[string]any{"type": "message_action", "callback_id": "kb_from_message", "user": map[string]any{"id": olena}})
	w.Emit("interactive", map[string]any{"type": "view_submission", "view": map[string]any{"id": "V1", "callback_id": "another"}})
	w.settled()
	w.says(t, at, olena, "а це відповідь")
	if r := <-w.staff.replies; r.Text.Plain != "а це відповідь" {
		t.Errorf("this is no reply: %+v", r)
	}
	if len(w.staff.actions) != 0 {
		t.Errorf("this is no click: %+v", <-w.staff.actions)
	}
}

// Our own file comes back under our user, without a bot_id.
func TestOwnFilesAreNoReplies(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	p := post("job-1", "")
	p.Files = []bots.Upload{upload("фото.jpg", "jpg")}
	if _, err := w.console.Post(t.Context(), at, p); err != nil {
		t.Fatal(err)
	}
	w.says(t, at, olena, "дякую")
	if r := <-w.staff.replies; r.Agent.ID != olena {
		t.Errorf("the customer would get their own file back: %+v", r)
	}
}
