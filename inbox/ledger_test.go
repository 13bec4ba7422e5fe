package inbox_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

func TestEveryDecisionIsInTheLedger(t *testing.T) {
	d := newDesk(t)
	d.Answers.Decisions["всім привіт"] = knowledge.Decision{Action: knowledge.Ignore, Reason: knowledge.Chatter, Lang: knowledge.Ukrainian}
	group := func(text string) bots.Message {
		m := d.Said("1001", text)
		m.From.Chat, m.Chat, m.Addressed = "-100", bots.Chat{Title: "Спільнота"}, false
		return m
	}
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"), d.Said("1001", "а на Марс?"), d.Said("1001", "і на Місяць?"))
	d.Hear(t, group("всім привіт"), group("хто був на концерті?"))
	// The third is a follow-up on what people hold: nothing was decided.
	d.wantLedger(t, "answer/sure/delivery-time/// handoff/unsure//// ignore/chatter//// ignore/unsure////")
	got := d.list(t, `SELECT concat_ws('/', brand, ticket_id, lang, top, round(confidence::numeric, 2), threshold) FROM decisions ORDER BY message_id`)
	want := "rankova/1/uk/delivery-time/0.99/0.9 rankova/1/uk//0.00/0 rankova/0/uk//0.00/0 rankova/0/uk//0.00/0"
	if got != want {
		t.Errorf("the ledger says\n%s\nwant\n%s", got, want)
	}
}

func TestMatcherLearnsWhereAndWhen(t *testing.T) {
	d := newDesk(t)
	m := d.Said("1001", "питання")
	m.From.Chat, m.Chat = "-100", bots.Chat{Title: "Спільнота"}
	m.SentAt = d.Clock.Now().Add(-time.Hour)
	d.Hear(t, m)
	q := d.Answers.Asked[0]
	if q.Community != "-100" || !q.At.Equal(m.SentAt) || q.Private || !q.Addressed {
		t.Errorf("asked %+v", q)
	}
}

func TestVerdictsOfTheCustomer(t *testing.T) {
	d := newDesk(t)
	d.Answers.Decisions["не допомогло"] = knowledge.Decision{Action: knowledge.HandOff, Reason: knowledge.Negative, Lang: knowledge.Ukrainian}
	d.Answers.Decisions["оператора"] = knowledge.Decision{Action: knowledge.HandOff, Reason: knowledge.Person, Lang: knowledge.Ukrainian}
	for user, c := range map[string]struct {
		then func(user string)
		want string
	}{
		"1001": {func(u string) { d.press(t, u, d.button(t, u, "helped")) }, "confirmed//contact"},
		"1002": {func(u string) { d.press(t, u, d.button(t, u, "person")) }, "unhelpful//contact"},
		"1003": {func(u string) { d.Hear(t, d.Said(u, "не допомогло")) }, "unhelpful//contact"},
		"1004": {func(u string) { d.Hear(t, d.Said(u, "оператора")) }, "unhelpful//contact"},
		"1005": {func(u string) { d.Hear(t, d.Said(u, "інше питання")) }, "//"},
		"1006": {func(string) { d.silence(t) }, "assumed//silence"},
		// The customer's own word replaces silence.
		"1007": {func(u string) { d.silence(t); d.press(t, u, d.button(t, u, "helped")) }, "confirmed//contact"},
		"1008": {func(u string) { d.silence(t); d.Hear(t, d.Said(u, "не допомогло")) }, "unhelpful//contact"},
		"1009": {func(u string) {
			data := d.button(t, u, "helped")
			d.Hear(t, d.Said(u, "інше питання")) // people hold it by now
			d.press(t, u, data)
		}, "confirmed//contact"},
	} {
		d.Hear(t, d.Said(user, "Скільки триває доставка?"))
		c.then(user)
		got := d.list(t, `SELECT concat_ws('/', d.verdict, d.right_entry, d.judged_by) FROM decisions d
			JOIN conversations c ON c.id = d.conversation_id WHERE d.action = 'answer' AND c.chat = '`+user+`'`)
		if got != c.want {
			t.Errorf("%s: the verdict is %q, want %q", user, got, c.want)
		}
	}
}

// silence settles all answered tickets.
func (d desk) silence(t *testing.T) {
	t.Helper()
	d.Clock.Advance(25 * time.Hour)
	for id := int64(1); id <= 20; id++ {
		if err := d.Settle(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	d.Work(t)
}

// The verdict is on the answer that has the button, not on the last one.
func TestVerdictIsOnItsOwnAnswer(t *testing.T) {
	d := newDesk(t)
	d.Knows("Де ви?", "address", "На Хрещатику.")
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	first := d.button(t, "1001", "person")
	d.Hear(t, d.Said("1001", "Де ви?"))
	d.press(t, "1001", first)
	d.wantLedger(t, "answer/sure/delivery-time/unhelpful//contact answer/sure/address///")
	card := d.Console.Threads()[0].Card
	if card.Question.Text.Plain != "Скільки триває доставка?" || card.Suggestions[0].EntryID != "delivery-time" {
		t.Errorf("people see %q with %+v, want the first question and its answer", card.Question.Text.Plain, card.Suggestions)
	}
}

// shadowed makes the delivery question one whose entry is in shadow.
func (d desk) shadowed() {
	e := d.Answers.Entries["delivery-time"]
	e.Trust = knowledge.Shadow
	d.Answers.Entries["delivery-time"] = e
	d.Knows("Де ви?", "address", "На Хрещатику.")
	d.Answers.Decisions["коли приїде?"] = knowledge.Decision{
		Action: knowledge.HandOff, Reason: knowledge.Withheld, Lang: knowledge.Ukrainian, Suggested: "delivery-time", Confidence: 0.95, Threshold: 0.9,
		Candidates: []knowledge.Candidate{{EntryID: "address", Confidence: 0.96}, {EntryID: "delivery-time", Confidence: 0.95}},
	}
}

// judge presses a verdict on the decision about the ticket's question.
func (d desk) judge(t *testing.T, kind inbox.ActionKind, message int64) string {
	t.Helper()
	d.Clock.Advance(time.Second)
	notice, err := d.HandleAction(t.Context(), inbox.Action{
		EventID: string(kind) + d.Clock.Now().String(), Kind: kind, Ticket: d.Console.Threads()[0].Card.Ticket.ID, Message: message, Agent: olena, Raw: []byte(`{}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Work(t)
	return notice
}

func TestAgentJudgesWhatTheBotWouldHaveAnswered(t *testing.T) {
	d := newDesk(t)
	d.shadowed()
	d.Hear(t, d.Said("1001", "коли приїде?"))
	card := d.Console.Threads()[0].Card
	if len(card.Suggestions) != 2 || card.Suggestions[0].EntryID != "delivery-time" || !card.Suggestions[0].Meant ||
		card.Suggestions[0].Because != inbox.InShadow || card.Suggestions[1].Meant {
		t.Fatalf("suggestions %+v, want first what is in shadow", card.Suggestions)
	}
	question := card.Ticket.Message
	if notice := d.judge(t, inbox.Confirm, question); notice != "" {
		t.Errorf("told %q", notice)
	}
	d.wantLedger(t, "handoff/withheld//confirmed//U1")
	if got := d.Console.Threads()[0].Card.Suggestions[0].Verdict; got != inbox.Confirmed {
		t.Errorf("the card shows %q", got)
	}
	d.judge(t, inbox.Refute, question) // the agent looks again
	d.wantLedger(t, "handoff/withheld//wrong//U1")
	d.act(t, inbox.Suggest, "address") // and names the right one
	d.wantLedger(t, "handoff/withheld//wrong/address/U1")
	d.act(t, inbox.Suggest, "delivery-time") // what an agent judged stands
	d.wantLedger(t, "handoff/withheld//wrong/address/U1")
	if got := d.list(t, `SELECT why FROM ticket_events WHERE kind = 'judged' ORDER BY id`); got != "confirmed wrong wrong" {
		t.Errorf("events %q", got)
	}
	if notice := d.judge(t, inbox.Confirm, question+100); notice == "" {
		t.Error("a verdict on nothing gave no notice")
	}
	d.wantLedger(t, "handoff/withheld//wrong/address/U1")
}

func TestSendingIsAVerdict(t *testing.T) {
	d := newDesk(t)
	d.shadowed()
	d.Answers.Decisions["покличте когось"] = knowledge.Decision{Action: knowledge.HandOff, Reason: knowledge.Person, Lang: knowledge.Ukrainian}
	for user, c := range map[string]struct {
		asks  string
		press string
		sends string
		want  string
	}{
		"1001": {"коли приїде?", "", "delivery-time", "confirmed//U1"},
		"1002": {"коли приїде?", "", "address", "wrong/address/U1"},
		"1003": {"питання", "", "address", "missed/address/U1"},
		"1004": {"покличте когось", "", "address", "//"},
		"1005": {"Де ви?", "person", "delivery-time", "wrong/delivery-time/U1"},
		"1006": {"Де ви?", "person", "address", "confirmed//U1"},
	} {
		d.Hear(t, d.Said(user, c.asks))
		if c.press != "" {
			d.press(t, user, d.button(t, user, c.press))
		}
		threads := d.Console.Threads()
		_, err := d.HandleAction(t.Context(), inbox.Action{
			EventID: user, Kind: inbox.Suggest, Ticket: threads[len(threads)-1].Card.Ticket.ID, Value: c.sends, Agent: olena, Raw: []byte(`{}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		d.Work(t)
		got := d.list(t, `SELECT concat_ws('/', d.verdict, d.right_entry, d.judged_by) FROM decisions d
			JOIN conversations c ON c.id = d.conversation_id WHERE c.chat = '`+user+`'`)
		if got != c.want {
			t.Errorf("%s to %q: the verdict is %q, want %q", c.sends, c.asks, got, c.want)
		}
	}
}

// An answer that people come to see later can be judged too, and what they say
// of it outlasts what the customer says.
func TestAgentJudgesWhatTheBotAnswered(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	helped := d.button(t, "1001", "helped")
	d.Hear(t, d.Said("1001", "а на Марс?"))
	card := d.Console.Threads()[0].Card
	if card.Answered.Message == 0 || strings.Join(card.Answered.Titles, " ") != "Скільки триває доставка?" || card.Answered.Verdict != "" {
		t.Fatalf("the card says that the bot answered %+v", card.Answered)
	}
	d.judge(t, inbox.Refute, card.Answered.Message)
	if got := d.Console.Threads()[0].Card.Answered.Verdict; got != inbox.Wrong {
		t.Errorf("the card shows %q", got)
	}
	d.press(t, "1001", helped)
	d.wantLedger(t, "answer/sure/delivery-time/wrong//U1 handoff/unsure////")
	if notice := d.judge(t, inbox.Refute, card.Ticket.Message); notice == "" { // nothing was answered to the second
		t.Error("a verdict on a plain hand-off gave no notice")
	}
}

// Tickets from before the ledger still work, whatever their decisions look like.
func TestTicketsFromBeforeTheLedger(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	for _, change := range []string{
		`DELETE FROM decisions`, `UPDATE messages SET about_id = 0`,
		`UPDATE tickets SET decision = '{"Action": "answer", "Reason": "sure", "Lang": "uk", "EntryID": "delivery-time", "Confidence": 0.99,
			"Threshold": 0.9, "Urgent": false, "Candidates": [{"id": "delivery-time", "title": "Доставка", "confidence": 0.99, "words": ["доставка"]}]}'`,
	} {
		if _, err := d.db.Pool.Exec(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	d.press(t, "1001", d.button(t, "1001", "person"))
	d.wantStates(t, "open")
	if s := d.Console.Threads()[0].Card.Suggestions; len(s) != 1 || s[0].EntryID != "delivery-time" {
		t.Errorf("suggestions %+v", s)
	}
	d.act(t, inbox.Suggest, "delivery-time")
	if notice := d.judge(t, inbox.Refute, 1); notice == "" {
		t.Error("there is nothing to judge, and no notice says so")
	}
	d.wantLedger(t, "")
}

// A decision that is made again replaces the line.
func TestLineIsReplaced(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	err := d.Store.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error {
		line, err := tx.Decision(ctx, 1)
		if err != nil {
			return err
		}
		if _, err := tx.Judge(ctx, 1, inbox.Judgement{Verdict: inbox.Missed, Right: "address", By: "U1", JudgedAt: d.Clock.Now()}); err != nil {
			return err
		}
		line.Action, line.Reason, line.Entries = knowledge.Answer, knowledge.Sure, []string{"a", "b"}
		return tx.AddDecision(ctx, line)
	})
	if err != nil {
		t.Fatal(err)
	}
	d.wantLedger(t, "answer/sure/a+b///")
}
