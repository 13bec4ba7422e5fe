package main

import (
	"context"
	"strings"
	"testing"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// settledBy decides some questions by itself, and leaves the others to the
// knowledge base: what provokes these decisions changes with the matcher.
type settledBy struct {
	inbox.Answerer
	decisions map[string]knowledge.Decision
	trust     map[string]knowledge.Trust
}

func (s settledBy) Decide(ctx context.Context, brand string, q knowledge.Question) (knowledge.Decision, error) {
	if d, ok := s.decisions[q.Text]; ok {
		return d, nil
	}
	return s.Answerer.Decide(ctx, brand, q)
}

func (s settledBy) Entry(ctx context.Context, brand, id string) (knowledge.Entry, bool, error) {
	e, ok, err := s.Answerer.Entry(ctx, brand, id)
	if trust, set := s.trust[id]; set {
		e.Trust = trust
	}
	return e, ok, err
}

// ledger lists what was decided and what came of it.
func ledger(t *testing.T, a *App) string {
	t.Helper()
	var all string
	err := a.db.Pool.QueryRow(t.Context(), `SELECT coalesce(string_agg(concat_ws('/', action, reason, array_to_string(entries, '+'), verdict, judged_by), ' '
		ORDER BY message_id), '') FROM decisions`).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The bot asks back, and the customer chooses: the choice is answered, the
// choices go, and nobody in Slack is disturbed.
func TestStoryTheBotAsksBack(t *testing.T) {
	const question = "скільки чекати і скільки платити?"
	w := newWorld(t)
	app := runAppWith(t, w.config(), nil, func(a *App) {
		a.desk.Answers = settledBy{Answerer: a.desk.Answers, decisions: map[string]knowledge.Decision{question: {
			Action: knowledge.Clarify, Reason: knowledge.Close, Lang: knowledge.Ukrainian, Doubt: knowledge.DoubtRival,
			Entries: []string{"delivery-time", "delivery-cost"}, Confidence: 0.6, Threshold: 0.9,
		}}}
	})
	oksana := customer(910021, "Оксана")
	w.asks(t, oksana, question)
	w.until(t, "the bot asks back", func() bool { return len(w.fromBot(oksana.ID)) == 1 })
	asked := w.fromBot(oksana.ID)[0]
	if len(asked.Buttons) != 3 || !strings.Contains(asked.Text, "Уточніть") {
		t.Fatalf("asked %q with buttons %v", asked.Text, asked.Buttons)
	}
	if err := w.Telegram.Press(oksana.ID, asked.ID, asked.Buttons[0][0].Data, oksana); err != nil {
		t.Fatal(err)
	}
	w.until(t, "the choice is answered, and the choices go", func() bool {
		ms := w.fromBot(oksana.ID)
		return len(ms) == 2 && strings.Contains(ms[1].Text, "1–3 дні") && len(ms[0].Buttons) == 0
	})
	if got := w.fromBot(oksana.ID)[0].Text; !strings.Contains(got, "✔️ "+asked.Buttons[0][0].Text) {
		t.Errorf("the question now says %q", got)
	}
	if ms := w.Slack.Messages(w.Inbox); len(ms) != 0 {
		t.Errorf("Slack has %d messages, want none", len(ms))
	}
	if got := ledger(t, app); got != "answer/chosen/delivery-time//" {
		t.Errorf("the ledger says %q", got)
	}
}

// An entry in shadow does not answer: an agent sees what it would have said,
// confirms it, and sends it.
func TestStoryAnAgentConfirmsWhatIsInShadow(t *testing.T) {
	const question = "за скільки днів довезете?"
	w := newWorld(t)
	app := runAppWith(t, w.config(), nil, func(a *App) {
		a.desk.Answers = settledBy{
			Answerer: a.desk.Answers, trust: map[string]knowledge.Trust{"delivery-time": knowledge.Shadow},
			decisions: map[string]knowledge.Decision{question: {
				Action: knowledge.HandOff, Reason: knowledge.Withheld, Lang: knowledge.Ukrainian, Suggested: "delivery-time", Confidence: 0.97, Threshold: 0.9,
				Candidates: []knowledge.Candidate{{EntryID: "delivery-time", Title: "Доставка", Confidence: 0.97, Words: []string{"довезете"}}},
			}},
		}
	})
	taras := customer(910022, "Тарас")
	w.asks(t, taras, question)
	w.until(t, "a thread with what the bot would have said", func() bool {
		return len(w.heads("Бот відповів би так (відповідь ще в тіні)")) == 1 && len(w.heads("за: довезете")) == 1 && len(w.fromBot(taras.ID)) == 1
	})
	head := w.heads(question)[0]
	agent := w.Slack.Users()[0]
	if err := w.Slack.Act(w.Inbox, head.TS, "right", agent.ID, ""); err != nil {
		t.Fatal(err)
	}
	w.until(t, "the card says that it is right", func() bool { return len(w.heads("Позначено як правильне")) == 1 })
	if got := ledger(t, app); got != "handoff/withheld//confirmed/"+agent.ID {
		t.Errorf("the ledger says %q", got)
	}
	if err := w.Slack.Act(w.Inbox, head.TS, actionOf(t, head, "suggest_1"), agent.ID, ""); err != nil {
		t.Fatal(err)
	}
	w.until(t, "the customer has the answer", func() bool {
		ms := w.fromBot(taras.ID)
		return len(ms) == 2 && strings.Contains(ms[1].Text, "1–3 дні")
	})
}
