package slack_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

func (w *world) clicks(t *testing.T, at inbox.ThreadRef, user, action string) {
	t.Helper()
	if err := w.Act(at.Channel, at.TS, action, user, ""); err != nil {
		t.Fatal(err)
	}
}

func TestClicks(t *testing.T) {
	settled := card()
	settled.Ticket.State = inbox.StateResolved
	for action, c := range map[string]struct {
		card  inbox.Card
		kind  inbox.ActionKind
		value string
	}{
		"claim":     {card(), inbox.Claim, ""},
		"resolve":   {card(), inbox.Resolve, ""},
		"reopen":    {settled, inbox.Reopen, ""},
		"suggest_1": {card(), inbox.Suggest, "delivery"},
		"suggest_2": {card(), inbox.Suggest, "pickup"},
	} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			at, err := w.console.Open(t.Context(), channel, c.card)
			if err != nil {
				t.Fatal(err)
			}
			w.receive(t)
			w.clicks(t, at, taras, action)
			a := <-w.staff.actions
			if a.Kind != c.kind || a.Value != c.value || a.Ticket != 7 || a.Agent != (inbox.Agent{ID: taras, Name: "Тарас Бондар"}) {
				t.Errorf("got %+v", a)
			}
			if a.EventID == "" || !a.At.Equal(noon) || !json.Valid(a.Raw) {
				t.Errorf("the click lacks what makes it one, its time or its source: %+v", a)
			}
			w.settled()
			w.clicks(t, at, olena, action)
			if b := <-w.staff.actions; b.EventID == a.EventID {
				t.Error("two people's clicks would be one")
			}
		})
	}
}

// The link on a card opens the chat and means nothing else.
func TestLinkIsNoAction(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	w.clicks(t, at, olena, "open_link")
	w.clicks(t, at, olena, "claim")
	if a := <-w.staff.actions; a.Kind != inbox.Claim {
		t.Errorf("got %+v", a)
	}
	w.settled()
}

// A click that is delivered twice is one to the desk.
func TestRepeatedClickHasTheSameID(t *testing.T) {
	w := newWorld(t)
	w.receive(t)
	click := map[string]any{
		"type": "block_actions", "trigger_id": "T1", "user": map[string]any{"id": olena},
		"container": map[string]any{"type": "message", "channel_id": channel, "message_ts": "1.000001"},
		"actions":   []any{map[string]any{"action_id": "claim", "action_ts": "1795528800.000300", "value": `{"ticket":7}`}},
	}
	w.Emit("interactive", click)
	w.Emit("interactive", click)
	if a, b := <-w.staff.actions, <-w.staff.actions; a.EventID != b.EventID {
		t.Errorf("got %q and %q", a.EventID, b.EventID)
	}
}

// Only the one who clicked sees a notice, and sees it: in the thread once it
// has replies, in the channel before.
func TestNoticeIsForTheOneWhoClicked(t *testing.T) {
	for name, answered := range map[string]bool{"fresh card": false, "thread with replies": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			at := w.thread(t)
			w.receive(t)
			if answered {
				w.says(t, at, olena, "вже пишу")
			}
			w.staff.say("Олена <has> already claimed it.")
			w.clicks(t, at, taras, "claim")
			w.until(func() bool { return len(w.Ephemerals(channel, taras)) == 1 })
			m := w.Ephemerals(channel, taras)[0]
			if m.Text != "Олена &lt;has&gt; already claimed it." || !shows(t, m, "Олена <has> already claimed it.") {
				t.Errorf("got %q %s", m.Text, m.Blocks)
			}
			if (m.ThreadTS == at.TS) != answered {
				t.Errorf("shown in thread %q", m.ThreadTS)
			}
			if len(w.Ephemerals(channel, olena)) != 0 {
				t.Error("a colleague sees it too")
			}
		})
	}
}

// Slack does not repeat clicks: whoever clicked is told to.
func TestClickThatCouldNotBeStored(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	w.settled()
	w.staff.judge(func(int) error { return errors.New("the database is away") })
	w.clicks(t, at, taras, "resolve")
	w.until(func() bool { return len(w.Ephemerals(channel, taras)) == 1 })
	if m := w.Ephemerals(channel, taras)[0]; !strings.Contains(m.Text, "try again") {
		t.Errorf("got %q", m.Text)
	}
	w.settled()
}

// dialog opens the snooze dialog.
func (w *world) dialog(t *testing.T, at inbox.ThreadRef, user string) slacktest.View {
	t.Helper()
	w.clicks(t, at, user, "snooze")
	w.until(func() bool { return len(w.Views(user)) == 1 })
	return w.Views(user)[0]
}

func TestSnoozeDialog(t *testing.T) {
	for _, choice := range []inbox.SnoozeFor{inbox.SnoozeHour, inbox.SnoozeFour, inbox.SnoozeTomorrow, inbox.SnoozeCustomer} {
		t.Run(string(choice), func(t *testing.T) {
			w := newWorld(t)
			at := w.thread(t)
			w.receive(t)
			w.staff.say("Snoozed.")
			view := w.dialog(t, at, olena)
			errs, err := w.Submit(view.ID, map[string]string{"snooze_choice": string(choice)})
			if err != nil || len(errs) != 0 {
				t.Fatalf("%v %v", errs, err)
			}
			a := <-w.staff.actions
			if a.Kind != inbox.Snooze || a.Value != string(choice) || a.Ticket != 7 || a.Agent.ID != olena || a.EventID == "" {
				t.Errorf("got %+v", a)
			}
			w.until(func() bool { return len(w.Ephemerals(channel, olena)) == 1 })
			if len(w.Views(olena)) != 0 {
				t.Error("the dialog stays open")
			}
		})
	}
}

// What could not be stored keeps the dialog open, with words that say so; the
// next attempt is the same action.
func TestSnoozeThatCouldNotBeStored(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	w.settled()
	view := w.dialog(t, at, olena)
	w.staff.judge(func(attempt int) error {
		if attempt == 1 {
			return errors.New("the database is away")
		}
		return nil
	})
	errs, err := w.Submit(view.ID, nil)
	if err != nil || !strings.Contains(errs["snooze_for"], "try again") || len(w.Views(olena)) != 1 {
		t.Fatalf("%v %v", errs, err)
	}
	if errs, err = w.Submit(view.ID, nil); err != nil || len(errs) != 0 {
		t.Fatalf("%v %v", errs, err)
	}
	if a := <-w.staff.actions; a.Value != string(inbox.SnoozeHour) {
		t.Errorf("got %+v", a)
	}
}

func TestSnoozeDialogThatCannotOpen(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	w.Fault(slacktest.Fault{Kind: "error", Method: "views.open", Code: "expired_trigger_id"})
	w.clicks(t, at, olena, "snooze")
	w.until(func() bool { return len(w.Ephemerals(channel, olena)) == 1 })
	w.settled()
	if len(w.staff.actions) != 0 {
		t.Error("nothing was chosen yet")
	}
}
