package inbox_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

const ambiguous = "коли привезуть і звідки?"

// newAmbiguousDesk knows two entries for one question, and cannot tell which.
func newAmbiguousDesk(t *testing.T) desk {
	t.Helper()
	d := newDesk(t)
	d.Knows("Звідки забрати замовлення?", "pickup", "З Хрещатика, 1.")
	d.Answers.Decisions[ambiguous] = knowledge.Decision{
		Action: knowledge.Clarify, Reason: knowledge.Close, Lang: knowledge.Ukrainian, Doubt: knowledge.DoubtRival,
		Entries: []string{"delivery-time", "pickup"}, Confidence: 0.6, Threshold: 0.9,
		Candidates: []knowledge.Candidate{{EntryID: "delivery-time", Confidence: 0.6}, {EntryID: "pickup", Confidence: 0.5}},
	}
	return d
}

// buttons are the words on the buttons of a message, with what a link opens.
func buttons(m bots.Outgoing) string {
	var all []string
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.URL != "" {
				all = append(all, b.Label+" -> "+b.URL)
				continue
			}
			all = append(all, b.Label)
		}
	}
	return strings.Join(all, " | ")
}

// ledger lists what was decided and what came of it, a line for each message.
func (d desk) ledger(t *testing.T) string {
	t.Helper()
	return d.list(t, `SELECT concat_ws('/', action, reason, array_to_string(entries, '+'), verdict, right_entry, judged_by)
		FROM decisions ORDER BY message_id`)
}

func (d desk) wantLedger(t *testing.T, want string) {
	t.Helper()
	if got := d.ledger(t); got != want {
		t.Errorf("the ledger says\n%s\nwant\n%s", got, want)
	}
}

func TestBotAsksBackAndAnswersTheChoice(t *testing.T) {
	d := newAmbiguousDesk(t)
	d.Hear(t, d.Said("1001", ambiguous))
	d.wantStates(t, "answered")
	sent := d.Platform.Sent("1001")
	if len(sent) != 1 || buttons(sent[0].Out) != "Скільки триває доставка? | Звідки забрати замовлення? | Щось інше" {
		t.Fatalf("asked back %+v", sent)
	}
	for _, row := range sent[0].Out.Buttons {
		if n := len(row[0].Data); n == 0 || n > 64 {
			t.Errorf("a button sends %d bytes", n)
		}
	}
	if n := len(d.Console.Threads()); n != 0 {
		t.Errorf("%d threads, want none while the customer chooses", n)
	}
	d.wantLedger(t, "clarify/close/delivery-time+pickup///")
	data := d.button(t, "1001", "choice2")
	d.press(t, "1001", data)
	sent = d.Platform.Sent("1001")
	if len(sent) != 2 || sent[1].Out.Text.Plain != "З Хрещатика, 1." || buttons(sent[1].Out) != "Допомогло | Запитати людину" {
		t.Fatalf("answered %+v", sent)
	}
	if asked := sent[0].Out; len(asked.Buttons) != 0 || !strings.HasSuffix(asked.Text.Plain, "✔️ Звідки забрати замовлення?") {
		t.Errorf("the question is %+v, want it without buttons and with the choice", asked)
	}
	d.wantStates(t, "answered")
	d.wantLedger(t, "answer/chosen/pickup///")
	d.press(t, "1001", data) // a slow client presses again, and another button too
	d.press(t, "1001", strings.Replace(data, "choice2", "choice1", 1))
	if n := len(d.Platform.Sent("1001")); n != 2 {
		t.Errorf("%d messages after more presses", n)
	}
	d.press(t, "1001", d.button(t, "1001", "helped"))
	d.wantStates(t, "resolved")
	d.wantLedger(t, "answer/chosen/pickup/confirmed//contact")
	if got := d.list(t, `SELECT kind || '/' || why FROM ticket_events ORDER BY id`); got != "opened/ asked_back/delivery-time pickup answered/pickup resolved/helped" {
		t.Errorf("events %q", got)
	}
}

func TestNoneOfTheChoicesGoesToPeople(t *testing.T) {
	d := newAmbiguousDesk(t)
	d.Hear(t, d.Said("1001", ambiguous))
	d.press(t, "1001", d.button(t, "1001", "other"))
	d.wantStates(t, "open")
	threads := d.Console.Threads()
	if len(threads) != 1 || threads[0].Card.Question.Text.Plain != ambiguous || len(threads[0].Card.Suggestions) != 2 {
		t.Fatalf("threads %+v, want the question, and what was considered", threads)
	}
	if got := threads[0].Card.Ticket.Decision; got.Reason != knowledge.Close || len(got.Entries) != 0 {
		t.Errorf("the card says %+v", got)
	}
	if h := threads[0].Card.History; len(h) != 1 || !strings.HasSuffix(h[0].Text.Plain, "✔️ Щось інше") {
		t.Errorf("history %+v", h)
	}
	if got := d.texts("1001"); len(got) != 2 || !strings.Contains(got[1], "15 хвилин") {
		t.Errorf("the customer was told %q", got)
	}
	d.wantLedger(t, "clarify/close/delivery-time+pickup/unhelpful//contact")
}

func TestChoiceIsTheAskersOwn(t *testing.T) {
	d := newAmbiguousDesk(t)
	m := d.Said("1001", ambiguous)
	m.From.Chat, m.Chat = "-100", bots.Chat{Title: "Спільнота"}
	d.Hear(t, m)
	if got := d.Platform.Sent("-100"); len(got) != 1 || got[0].Out.ReplyTo == "" {
		t.Fatalf("said %+v, want a question that quotes", got)
	}
	p := d.Said("1001", "")
	p.Kind, p.From.Chat, p.Author.ID, p.Button = bots.Pressed, "-100", "2002", d.button(t, "-100", "choice1")
	d.Hear(t, p)
	if got := d.Platform.Sent("-100"); len(got) != 1 || len(got[0].Out.Buttons) != 3 {
		t.Errorf("somebody else's press did %+v", got)
	}
	if n := d.Platform.Notices(); len(n) != 1 || !strings.Contains(n[0], "хто запитував") {
		t.Errorf("notices %q", n)
	}
	p = d.Said("1001", "")
	p.Kind, p.From.Chat, p.Button = bots.Pressed, "-100", d.button(t, "-100", "choice1")
	d.Hear(t, p)
	got := d.Platform.Sent("-100")
	if len(got) != 2 || got[1].Out.ReplyTo != got[0].Out.ReplyTo {
		t.Errorf("the answer is %+v, want a quote of the question", got)
	}
}

func TestForgedChoicesChangeNothing(t *testing.T) {
	d := newAmbiguousDesk(t)
	d.Hear(t, d.Said("1001", ambiguous))
	data := d.button(t, "1001", "choice1")
	for _, forged := range []string{"choice0", "choice3", "choice-1", "choice", "choice1x", "choice99999999999999999999", "helpful"} {
		d.press(t, "1001", strings.Replace(data, "choice1", forged, 1))
	}
	if sent := d.Platform.Sent("1001"); len(sent) != 1 || len(sent[0].Out.Buttons) != 3 {
		t.Errorf("sent %+v", sent)
	}
}

// Who writes instead of choosing is decided anew; the choices still work.
func TestCustomerWritesInsteadOfChoosing(t *testing.T) {
	d := newAmbiguousDesk(t)
	d.Hear(t, d.Said("1001", ambiguous))
	choice := d.button(t, "1001", "choice2")
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.wantStates(t, "answered")
	d.press(t, "1001", choice)
	if got := d.texts("1001"); len(got) != 3 || got[2] != "З Хрещатика, 1." {
		t.Errorf("the customer got %q", got)
	}
	d.wantLedger(t, "answer/chosen/pickup/// answer/sure/delivery-time///")
}

func TestChoiceAfterPeopleTookOver(t *testing.T) {
	d := newAmbiguousDesk(t)
	d.Hear(t, d.Said("1001", ambiguous))
	choice := d.button(t, "1001", "choice2")
	d.Hear(t, d.Said("1001", "зовсім інше питання"))
	d.wantStates(t, "open")
	said := len(d.texts("1001"))
	d.press(t, "1001", choice)
	if got := d.texts("1001"); len(got) != said {
		t.Errorf("the bot spoke on a ticket that people hold: %q", got)
	}
	if n := d.Platform.Notices(); len(n) != 1 || !strings.Contains(n[0], "вже в наших фахівців") {
		t.Errorf("notices %q", n)
	}
	p := d.Console.Threads()[0].Posts
	if len(p) != 1 || p[0].Post.Kind != inbox.PostNote || !strings.Contains(p[0].Post.Text.Plain, "«Звідки забрати замовлення?»") {
		t.Errorf("posts %+v, want a note with the choice", p)
	}
	if sent := d.Platform.Sent("1001"); len(sent[0].Out.Buttons) != 0 {
		t.Errorf("the choices stay: %+v", sent[0].Out)
	}
	d.wantLedger(t, "clarify/close/delivery-time+pickup/// handoff/unsure////")
}

// An entry that may not answer any more goes to people, with the question.
func TestChoiceOfAnEntryThatIsWithdrawn(t *testing.T) {
	for name, c := range map[string]struct {
		withdraw  func(*knowledge.Entry) bool // false: it is gone
		suggested string
		because   inbox.Withholding
	}{
		"taken out": {func(*knowledge.Entry) bool { return false }, "", ""},
		"off":       {func(e *knowledge.Entry) bool { e.Trust = knowledge.Off; return true }, "", ""},
		"in shadow": {func(e *knowledge.Entry) bool { e.Trust = knowledge.Shadow; return true }, "pickup", inbox.InShadow},
		"elsewhere": {func(e *knowledge.Entry) bool { e.Audience = []string{"-5"}; return true }, "pickup", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newAmbiguousDesk(t)
			d.Hear(t, d.Said("1001", ambiguous))
			e := d.Answers.Entries["pickup"]
			delete(d.Answers.Entries, "pickup")
			if c.withdraw(&e) {
				d.Answers.Entries["pickup"] = e
			}
			d.press(t, "1001", d.button(t, "1001", "choice2"))
			d.wantStates(t, "open")
			card := d.Console.Threads()[0].Card
			if card.Question.Text.Plain != ambiguous || card.Ticket.Decision.Suggested != c.suggested {
				t.Errorf("card of %q with the suggestion %q", card.Question.Text.Plain, card.Ticket.Decision.Suggested)
			}
			if s := card.Suggestions[0]; s.Meant != (c.suggested != "") || s.Because != c.because {
				t.Errorf("the first suggestion is %+v", s)
			}
			if got := d.list(t, `SELECT concat_ws('/', action, reason, suggested) FROM decisions`); got != "handoff/withheld/"+c.suggested {
				t.Errorf("the ledger says %q", got)
			}
		})
	}
}

// A choice that nobody makes settles quietly; made late, it is still answered.
func TestSilenceAfterAskingBack(t *testing.T) {
	d := newAmbiguousDesk(t)
	d.Hear(t, d.Said("1001", ambiguous))
	d.Clock.Advance(24 * time.Hour)
	if err := d.Settle(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.wantStates(t, "resolved")
	if got := d.texts("1001"); len(got) != 1 {
		t.Errorf("the customer was told %q", got)
	}
	d.wantLedger(t, "clarify/close/delivery-time+pickup///")
	d.Clock.Advance(30 * 24 * time.Hour)
	d.press(t, "1001", d.button(t, "1001", "choice1"))
	d.wantStates(t, "answered")
	if got := d.texts("1001"); len(got) != 2 || got[1] != "1–3 дні Новою поштою." {
		t.Errorf("the customer got %q", got)
	}
}

// In the thread of a reopened ticket people see what was offered and chosen.
func TestAskingBackInAReopenedTicket(t *testing.T) {
	d := newAmbiguousDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	d.act(t, inbox.Resolve, "")
	d.Hear(t, d.Said("1001", ambiguous))
	d.wantStates(t, "answered")
	d.press(t, "1001", d.button(t, "1001", "choice2"))
	var seen []string
	for _, p := range d.Console.Threads()[0].Posts {
		seen = append(seen, fmt.Sprint(p.Post.Kind, len(p.Post.Choices)))
	}
	if got := strings.Join(seen, " "); got != "note0 contact0 bot2 bot0" {
		t.Errorf("the thread shows %q, want a note, the question, the choices and the answer", got)
	}
}

// Nobody who did not ask the bot is asked back.
func TestUnaddressedIsNeverAskedBack(t *testing.T) {
	for policy, c := range map[inbox.GroupPolicy]struct{ states, ledger string }{
		inbox.GroupAddressed: {"", "ignore/close////"},
		inbox.GroupConfident: {"", "ignore/close////"},
		inbox.GroupAll:       {"open", "handoff/close////"},
	} {
		t.Run(string(policy), func(t *testing.T) {
			d := newAmbiguousDesk(t)
			b := d.Brands["rankova"]
			b.Groups = policy
			d.Brands["rankova"] = b
			m := d.Said("1001", ambiguous)
			m.From.Chat, m.Chat, m.Addressed = "-100", bots.Chat{Title: "Спільнота"}, false
			d.Hear(t, m)
			d.wantStates(t, c.states)
			d.wantLedger(t, c.ledger)
			if got := d.texts("-100"); len(got) != 0 {
				t.Errorf("the bot said %q", got)
			}
		})
	}
}

func TestLongTitlesAreCutOnButtons(t *testing.T) {
	d := newAmbiguousDesk(t)
	d.Answers.Entries["pickup"] = knowledge.Entry{ID: "pickup", Title: strings.Repeat("дуже  довго\n", 30), Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "так"}}
	d.Answers.Entries["delivery-time"] = knowledge.Entry{ID: "delivery-time", Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "ні"}}
	d.Hear(t, d.Said("1001", ambiguous))
	rows := d.Platform.Sent("1001")[0].Out.Buttons
	if got := rows[1][0].Label; len([]rune(got)) > 60 || !strings.HasPrefix(got, "дуже довго дуже") || !strings.HasSuffix(got, "…") {
		t.Errorf("label %q", got)
	}
	if got := rows[0][0].Label; got != "delivery-time" {
		t.Errorf("an entry without a title is %q", got)
	}
}
