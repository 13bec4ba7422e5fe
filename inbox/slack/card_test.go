package slack_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/slack/slacktest"
	"github.com/poruch/poruch/knowledge"
)

// buttons lists the action ids of a card, in their order.
func buttons(t *testing.T, m slacktest.Message) (ids []string) {
	t.Helper()
	var blocks []struct {
		Accessory struct {
			ID string `json:"action_id"`
		} `json:"accessory"`
		Elements []json.RawMessage `json:"elements"`
	}
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		if b.Accessory.ID != "" {
			ids = append(ids, b.Accessory.ID)
		}
		for _, raw := range b.Elements {
			var e struct {
				Type string `json:"type"`
				ID   string `json:"action_id"`
			}
			if json.Unmarshal(raw, &e) == nil && e.Type == "button" {
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

func TestCardTellsAllAboutATicket(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	m := w.shown(t, at.TS)
	if m.ThreadTS != "" || m.Username != "" {
		t.Errorf("a card is the app's own head of a thread: %+v", m)
	}
	for _, want := range []string{
		"#7 · waits for us", "👤 Оксана", "Telegram · Ранкова кава", "Language: Ukrainian", "Nobody has claimed it yet",
		"Коли приїде моя кава?", "not sure enough of any answer", "Доставка 61\u00a0%", "at least 90% was needed",
		"Добрий день", "Оксана: ", "Bot: ", "Олена: ", "1–2 дні", "Write in this thread",
	} {
		if !shows(t, m, want) {
			t.Errorf("%q is not on the card: %s", want, m.Blocks)
		}
	}
	if !strings.Contains(m.Text, "Оксана: Коли приїде моя кава?") {
		t.Errorf("a notification would say %q", m.Text)
	}
	if !strings.Contains(string(m.Blocks), `"url":"https://t.me/c/1/2"`) {
		t.Error("the card does not open the chat")
	}
}

func TestCardOffersWhatCanBeDone(t *testing.T) {
	for name, c := range map[string]struct {
		alter func(*inbox.Card)
		want  []string
	}{
		"open":     {func(*inbox.Card) {}, []string{"open_link", "suggest_1", "suggest_2", "claim", "resolve", "snooze"}},
		"claimed":  {func(c *inbox.Card) { c.Ticket.Assignee.ID = olena }, []string{"open_link", "suggest_1", "suggest_2", "resolve", "snooze"}},
		"resolved": {func(c *inbox.Card) { c.Ticket.State = inbox.StateResolved }, []string{"open_link", "reopen"}},
		"no link":  {func(c *inbox.Card) { c.Link, c.Suggestions = "", nil }, []string{"claim", "resolve", "snooze"}},
		"odd link": {func(c *inbox.Card) { c.Link, c.Suggestions = "javascript:alert(1)", nil }, []string{"claim", "resolve", "snooze"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			in := card()
			c.alter(&in)
			at, err := w.console.Open(t.Context(), channel, in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, buttons(t, w.shown(t, at.TS))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdateRedrawsTheCard(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	for _, c := range []struct {
		alter func(*inbox.Card)
		want  string
	}{
		{func(c *inbox.Card) { c.Ticket.Assignee = inbox.Agent{ID: olena, Name: "Олена"} }, "Claimed by Олена"},
		{func(c *inbox.Card) { c.Ticket.Assignee = inbox.Agent{ID: olena} }, "Claimed by a colleague"},
		{func(c *inbox.Card) { c.Ticket.Priority = inbox.PriorityHigh }, "🔴 Urgent · #7"},
		{func(c *inbox.Card) { c.Ticket.State, c.Ticket.SnoozedUntil = inbox.StateSnoozed, noon }, "Snoozed until <!date^1772452800^{date_short_pretty} {time}|"},
		{func(c *inbox.Card) { c.Ticket.State = inbox.StateSnoozed }, "Snoozed until the customer writes"},
		{func(c *inbox.Card) { c.Ticket.State = inbox.StateResolved }, "#7 · resolved"},
		{func(c *inbox.Card) { c.Contact.Blocked = true }, "has blocked the bot"},
		{func(c *inbox.Card) { c.Question.Deleted = true }, "The customer deleted the message"},
		{func(c *inbox.Card) { c.Question = inbox.Message{Files: []bots.File{{Name: "фото.jpg"}}} }, "📎 фото.jpg"},
		{func(c *inbox.Card) { c.Question.Text.Plain = "\u200b\u2060" }, "(no visible characters)"},
		{func(c *inbox.Card) { c.Community = "" }, "Telegram, private chat"},
		{func(c *inbox.Card) { c.Lang = knowledge.Ukrainian }, "Запитання"},
	} {
		in := card()
		c.alter(&in)
		if err := w.console.Update(t.Context(), at, in); err != nil {
			t.Fatalf("%s: %v", c.want, err)
		}
		if m := w.shown(t, at.TS); !shows(t, m, c.want) {
			t.Errorf("%q is not on the card: %s", c.want, m.Blocks)
		}
	}
	if n := len(w.Messages(channel)); n != 1 {
		t.Errorf("%d messages: an update makes no new one", n)
	}
	ref, err := w.console.Find(t.Context(), channel, inbox.ThreadRef{}, "ticket-7", time.Now())
	if err != nil || inbox.ThreadRef(ref) != at {
		t.Errorf("a redrawn card is not found by its key: %+v %v", ref, err)
	}
}

// The fullest card still fits, in first posts as in later changes.
func TestFullestCardFits(t *testing.T) {
	w := newWorld(t)
	in := card()
	long, ours := strings.Repeat("<&>", 30_000), strings.Repeat("довга <відповідь> ", 1000)
	in.Question.Text, in.Contact.Name, in.Community, in.Platform = bots.Plain(long), long, long, "Telegram"
	in.History, in.Suggestions = nil, nil
	for range 10 {
		in.History = append(in.History, inbox.Message{Direction: inbox.FromContact, Text: bots.Plain(long)})
	}
	for range 3 {
		in.Suggestions = append(in.Suggestions, inbox.Suggestion{EntryID: "delivery", Title: ours, Text: bots.Plain(ours)})
	}
	in.Ticket.Decision.Candidates = []knowledge.Candidate{{Title: ours}, {Title: ours}, {Title: ours}}
	at, err := w.console.Open(t.Context(), channel, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.console.Update(t.Context(), at, in); err != nil {
		t.Error(err)
	}
	if m := w.shown(t, at.TS); m.Blocks == nil {
		t.Error("Slack refused the blocks")
	}
}
