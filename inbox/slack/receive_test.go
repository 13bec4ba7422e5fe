package slack_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

func TestReplyArrives(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	ts := w.says(t, at, olena, "Вітаю! Вже дивлюся <це> & те.")
	r := <-w.staff.replies
	if r.Kind != bots.New || r.Thread != at || r.Post != (inbox.PostRef{Channel: channel, TS: ts}) {
		t.Errorf("got %+v", r)
	}
	if r.Agent != (inbox.Agent{ID: olena, Name: "Олена Коваль"}) || r.Text.Plain != "Вітаю! Вже дивлюся <це> & те." {
		t.Errorf("got %q by %+v", r.Text.Plain, r.Agent)
	}
	if r.EventID == "" || r.At.IsZero() || !json.Valid(r.Raw) {
		t.Errorf("the reply lacks what makes it one, its time or its source: %+v", r)
	}
	w.settled()
	if len(w.staff.replies) != 0 {
		t.Error("the reply came twice")
	}
}

// A reply is acknowledged once it is stored, and not before.
func TestReplyWaitsForTheDesk(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	w.settled()
	attempts, verdicts := make(chan int), make(chan error)
	w.staff.judge(func(attempt int) error {
		attempts <- attempt
		return <-verdicts
	})
	w.says(t, at, olena, "не загубися")
	for attempt := 1; attempt <= 3; attempt++ {
		<-attempts
		if w.Unacked() != 1 {
			t.Fatalf("acknowledged before attempt %d has stored it", attempt)
		}
		if attempt < 3 {
			verdicts <- errors.New("the database is away")
		}
	}
	verdicts <- nil
	w.settled()
	if r := <-w.staff.replies; r.Text.Plain != "не загубися" {
		t.Errorf("got %q", r.Text.Plain)
	}
}

// Slack sends again what was not acknowledged in time; the desk can tell.
func TestRedeliveryHasTheSameID(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	w.settled()
	started, release := make(chan int, 2), make(chan struct{})
	w.staff.judge(func(attempt int) error {
		started <- attempt
		<-release
		return nil
	})
	w.says(t, at, olena, "двічі")
	<-started
	w.timers.expire() // the three seconds pass
	close(release)
	first, second := <-w.staff.replies, <-w.staff.replies
	if first.EventID != second.EventID || first.Post != second.Post || first.Text.Plain != second.Text.Plain {
		t.Errorf("a repeat cannot be told: %+v and %+v", first, second)
	}
	w.settled()
}

func TestDuplicatedEventHasTheSameID(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	w.Fault(slacktest.Fault{Kind: "duplicate"})
	w.says(t, at, olena, "двічі")
	if a, b := <-w.staff.replies, <-w.staff.replies; a.EventID != b.EventID {
		t.Errorf("got %s and %s", a.EventID, b.EventID)
	}
}

func TestRepliesKeepTheirOrder(t *testing.T) {
	w := newWorld(t)
	threads := []inbox.ThreadRef{w.thread(t), w.thread(t), w.thread(t)}
	w.receive(t)
	const each = 20
	for i := range each {
		for _, at := range threads {
			w.says(t, at, olena, fmt.Sprint("номер ", i))
		}
	}
	got := map[inbox.ThreadRef][]string{}
	for range each * len(threads) {
		r := <-w.staff.replies
		got[r.Thread] = append(got[r.Thread], r.Text.Plain)
	}
	for _, at := range threads {
		for i, text := range got[at] {
			if text != fmt.Sprint("номер ", i) {
				t.Fatalf("thread %s: %q", at.TS, got[at])
			}
		}
	}
}

func TestEditsAndDeletions(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	ts := w.says(t, at, olena, "так")
	first := <-w.staff.replies
	if err := w.Edit(channel, ts, olena, "ні"); err != nil {
		t.Fatal(err)
	}
	edit := <-w.staff.replies
	if err := w.Delete(channel, ts, olena); err != nil {
		t.Fatal(err)
	}
	gone := <-w.staff.replies
	if edit.Kind != bots.Edited || edit.Text.Plain != "ні" || edit.Post != first.Post || edit.Thread != at || edit.EventID == first.EventID {
		t.Errorf("edit: %+v", edit)
	}
	if gone.Kind != bots.Deleted || gone.Text.Plain != "" || gone.Post != first.Post || gone.Thread != at || gone.Agent.ID != olena {
		t.Errorf("deletion: %+v", gone)
	}
}

func TestFilesAndBroadcastsArrive(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	w.says(t, at, olena, "ось", slacktest.File{Name: "інструкція.pdf", MIME: "application/pdf", Data: []byte("%PDF")})
	r := <-w.staff.replies
	if r.Kind != bots.New || r.Text.Plain != "ось" || len(r.Files) != 1 {
		t.Fatalf("got %+v", r)
	}
	f := r.Files[0]
	if f.Name != "інструкція.pdf" || f.MIME != "application/pdf" || f.Size != 4 || f.ID == "" || f.URL == "" {
		t.Errorf("got %+v", f)
	}
	w.Emit("events_api", event(map[string]any{
		"type": "message", "subtype": "thread_broadcast", "channel": channel, "user": taras, "text": "усім", "ts": "1795528800.000200",
		"thread_ts": at.TS, "root": map[string]any{"type": "message", "user": bot, "ts": at.TS},
	}))
	if r := <-w.staff.replies; r.Text.Plain != "усім" || r.Agent.ID != taras || r.Thread != at {
		t.Errorf("broadcast: %+v", r)
	}
}

// Names come from Slack, unless the brand gives other ones.
func TestAgentsNames(t *testing.T) {
	w := newWorld(t, func(_ *slacktest.Config, c *slack.Config) { c.Agents = map[string]string{taras: "Підтримка"} })
	at := w.thread(t)
	w.receive(t)
	w.Fault(slacktest.Fault{Kind: "error", Method: "users.info", Code: "missing_scope"})
	w.says(t, at, olena, "без імені")
	w.says(t, at, taras, "з іменем")
	got := []inbox.Agent{(<-w.staff.replies).Agent, (<-w.staff.replies).Agent}
	if diff := cmp.Diff([]inbox.Agent{{ID: olena}, {ID: taras, Name: "Підтримка"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
