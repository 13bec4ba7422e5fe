package inbox_test

import (
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

func TestKnownQuestionIsAnsweredOnce(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	sent := d.Platform.Sent("1001")
	if len(sent) != 1 || sent[0].Out.Text.Plain != "1–3 дні Новою поштою." || len(sent[0].Out.Buttons) != 2 {
		t.Fatalf("sent %+v, want the answer with two buttons", sent)
	}
	if sent[0].Out.Text.Spans[0].Kind != bots.Bold {
		t.Errorf("spans %+v, want bold", sent[0].Out.Text.Spans)
	}
	d.wantStates(t, "answered")
	if n := len(d.Console.Threads()); n != 0 {
		t.Errorf("%d threads, want none", n)
	}
	d.press(t, "1001", d.button(t, "1001", "helped"))
	d.wantStates(t, "resolved")
	if again := d.Platform.Sent("1001"); len(again) != 1 || len(again[0].Out.Buttons) != 0 {
		t.Errorf("after the verdict %+v, want the same message without buttons", again)
	}
}

func TestAskPersonHandsOff(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	data := d.button(t, "1001", "person")
	d.press(t, "1001", data)
	d.wantStates(t, "open")
	threads := d.Console.Threads()
	if len(threads) != 1 {
		t.Fatalf("%d threads", len(threads))
	}
	card := threads[0].Card
	if card.Question.Text.Plain != "Скільки триває доставка?" || len(card.History) != 1 || card.History[0].Direction != inbox.FromBot {
		t.Errorf("card: question %q, history %+v; want the question, and the bot's answer as history", card.Question.Text.Plain, card.History)
	}
	if len(card.Suggestions) != 1 || card.Suggestions[0].EntryID != "delivery-time" {
		t.Errorf("suggestions %+v", card.Suggestions)
	}
	d.press(t, "1001", data) // the buttons are gone by now, but a client may be slow
	if n := len(d.Console.Threads()); n != 1 {
		t.Errorf("%d threads after a second press", n)
	}
}

func TestSomebodyElsesPressCountsForNothing(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	m := d.Said("1001", "")
	m.Kind, m.Author.ID, m.Button = bots.Pressed, "2002", d.button(t, "1001", "helped")
	d.Hear(t, m)
	d.wantStates(t, "answered")
	if n := d.Platform.Notices(); len(n) != 1 || n[0] == "" {
		t.Errorf("notices %q, want words for the one who pressed", n)
	}
}

func TestForgedButtonsChangeNothing(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	data := d.button(t, "1001", "helped")
	for _, forged := range []string{data, "helped", "helped:", "helped:-1", "helped:99999999999999999999", "resolve:1", ""} {
		d.press(t, "2002", forged) // in another chat
	}
	d.wantStates(t, "answered")
}

func TestSecondQuestionWithoutAnswerHandsOff(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.Hear(t, d.Said("1001", "а на Марс?"))
	d.wantStates(t, "open")
	if got := d.Console.Threads()[0].Card.History; len(got) != 2 {
		t.Errorf("history %+v, want the first question and its answer", got)
	}
}

func TestReplyAfterResolvedReopensForAWhile(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	d.act(t, inbox.Resolve, "")
	d.Clock.Advance(71 * time.Hour)
	d.Hear(t, d.Said("1001", "ще одне"))
	d.wantStates(t, "open")
	if threads := d.Console.Threads(); len(threads) != 1 || len(threads[0].Posts) != 2 {
		t.Fatalf("threads %+v, want a note and the message in the same one", threads)
	}
	d.act(t, inbox.Resolve, "")
	d.Clock.Advance(73 * time.Hour)
	d.Hear(t, d.Said("1001", "нова справа"))
	d.wantStates(t, "resolved open")
	if n := len(d.Console.Threads()); n != 2 {
		t.Errorf("%d threads, want a new one", n)
	}
}

func TestGreetingsThanksAndNothingOpenNoTicket(t *testing.T) {
	d := newDesk(t)
	d.Answers.Decisions["Привіт"] = knowledge.Decision{Action: knowledge.Ignore, Reason: knowledge.Greeting, Lang: knowledge.Ukrainian}
	d.Answers.Decisions["дякую"] = knowledge.Decision{Action: knowledge.Ignore, Reason: knowledge.Thanks, Lang: knowledge.Ukrainian}
	start := d.Said("1001", "/start")
	start.Command = "start"
	d.Hear(t, start, d.Said("1001", "Привіт"), d.Said("1001", "дякую"), d.Said("1001", ""))
	d.wantStates(t, "")
	if got := d.texts("1001"); len(got) != 4 {
		t.Errorf("said %q, want a word for each", got)
	}
}

func TestGroupsHearTheBotOnlyWhenItMaySpeak(t *testing.T) {
	d := newDesk(t)
	group := func(text string, addressed bool) bots.Message {
		m := d.Said("1001", text)
		m.From.Chat, m.Chat = "-100", bots.Chat{Title: "Спільнота"}
		m.Addressed = addressed
		return m
	}
	d.Hear(t, group("хто був на концерті?", false))
	d.wantStates(t, "")
	d.Hear(t, group("Скільки триває доставка?", false))
	d.wantStates(t, "answered")
	d.Hear(t, group("а весілля?", true))
	d.wantStates(t, "open")
	sent := d.Platform.Sent("-100")
	if len(sent) != 2 || sent[0].Out.ReplyTo == "" || sent[1].Out.ReplyTo == "" {
		t.Fatalf("said %+v, want the answer and the notice, each quoting its question", sent)
	}
	program := group("я теж бот", true)
	program.Author.Bot = true
	d.Hear(t, program)
	if n := d.list(t, `SELECT count(*)::text FROM messages WHERE direction = 'contact'`); n != "3" {
		t.Errorf("%s messages of contacts, want 3", n)
	}
}

// What a picture shows is for people, even beside words that the bot knows.
func TestPictureBesideAKnownQuestionGoesToPeople(t *testing.T) {
	d := newDesk(t)
	m := d.Said("1001", "Скільки триває доставка?")
	m.Files = []bots.File{{ID: "pic", Kind: bots.Photo, Name: "фото.jpg"}}
	d.Hear(t, m)
	d.wantStates(t, "open")
	th := d.Console.Threads()[0]
	if len(th.Posts) != 1 || len(th.Posts[0].Post.Files) != 1 || len(th.Card.Suggestions) != 1 || th.Card.Ticket.Decision.Reason != knowledge.Files {
		t.Errorf("thread %+v, want the picture, and the known answer as a suggestion", th)
	}
	sticker := d.Said("2002", "Скільки триває доставка?")
	sticker.Files = []bots.File{{ID: "s", Kind: bots.Sticker, Name: "sticker.webp"}}
	d.Hear(t, sticker)
	d.wantStates(t, "open answered")
}

func TestSilenceSettlesAnAnswer(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.Clock.Advance(23 * time.Hour)
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.Clock.Advance(2 * time.Hour)
	if err := d.Settle(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.wantStates(t, "answered") // the second answer started the time anew
	d.Clock.Advance(22 * time.Hour)
	if err := d.Settle(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.wantStates(t, "resolved")
}

func TestEveryStepIsAnEvent(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	d.reply(t, "відповідь")
	d.act(t, inbox.Resolve, "")
	want := "opened/contact/>new handed_off/bot/new>open replied/agent/open>pending resolved/agent/pending>resolved"
	got := d.list(t, `SELECT kind || '/' || actor_kind || '/' || from_state || '>' || to_state FROM ticket_events ORDER BY id`)
	if got != want {
		t.Errorf("events\n%s\nwant\n%s", got, want)
	}
	if _, err := d.db.Pool.Exec(t.Context(), `UPDATE ticket_events SET why = 'changed'`); err == nil {
		t.Error("an event could be changed")
	}
}
