package inbox_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/inboxtest"
	"github.com/poruch/poruch/inbox/postgres"
	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/knowledge"
)

func TestMain(m *testing.M) { os.Exit(databasetest.Main(m)) }

type desk struct {
	*inboxtest.Scene
	db *database.DB
}

func newDesk(t *testing.T) desk {
	t.Helper()
	db := databasetest.New(t)
	clock := inboxtest.NewClock()
	store, err := postgres.NewStore(db, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	d := desk{inboxtest.NewScene(t, store, clock), db}
	d.Knows("Скільки триває доставка?", "delivery-time", "**1–3 дні** Новою поштою.")
	return d
}

// states lists every ticket's state, oldest first.
func (d desk) states(t *testing.T) string { return d.list(t, `SELECT state FROM tickets ORDER BY id`) }

func (d desk) list(t *testing.T, query string) string {
	t.Helper()
	rows, err := d.db.Pool.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return strings.Join(all, " ")
}

func (d desk) wantStates(t *testing.T, want string) {
	t.Helper()
	if got := d.states(t); got != want {
		t.Fatalf("tickets are %q, want %q", got, want)
	}
}

func (d desk) texts(chat string) (all []string) {
	for _, m := range d.Platform.Sent(bots.ChatID(chat)) {
		all = append(all, m.Out.Text.Plain)
	}
	return all
}

var olena = inbox.Agent{ID: "U1", Name: "Олена"}

// reply is what an agent writes in the only thread.
func (d desk) reply(t *testing.T, text string) inbox.PostRef {
	t.Helper()
	thread := d.Console.Threads()[0].Ref
	post := inbox.PostRef{Channel: thread.Channel, TS: fmt.Sprintf("agent-%s", text)}
	r := inbox.Reply{
		EventID: "Ev" + text, Kind: bots.New, Thread: thread, Post: post, Agent: olena,
		Text: bots.Plain(text), At: d.Clock.Now(), Raw: []byte(`{}`),
	}
	for range 2 { // consoles repeat themselves
		if err := d.HandleReply(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	d.Work(t)
	return post
}

func (d desk) act(t *testing.T, kind inbox.ActionKind, value string) string {
	t.Helper()
	id := d.Console.Threads()[0].Card.Ticket.ID
	notice, err := d.HandleAction(t.Context(), inbox.Action{
		EventID: fmt.Sprint(kind, value, d.Clock.Now()), Kind: kind, Ticket: id, Value: value, Agent: olena, Raw: []byte(`{}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Work(t)
	return notice
}

// button is what the named button under the last answer sends back.
func (d desk) button(t *testing.T, user, name string) string {
	t.Helper()
	for _, m := range slices.Backward(d.Platform.Sent(bots.ChatID(user))) {
		for _, row := range m.Out.Buttons {
			if strings.HasPrefix(row[0].Data, name) {
				return row[0].Data
			}
		}
	}
	t.Fatalf("%s has no button %q", user, name)
	return ""
}

// press presses a button in the chat where it is.
func (d desk) press(t *testing.T, user, data string) {
	t.Helper()
	m := d.Said(user, "")
	m.Kind, m.ID, m.Button, m.PressID = bots.Pressed, "", data, "press"
	d.Hear(t, m)
}

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

func TestUnknownQuestionIsHeldByPeople(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "Чи можна орендувати кавʼярню?"))
	d.wantStates(t, "open")
	threads := d.Console.Threads()
	if len(threads) != 1 || threads[0].Card.Question.Text.Plain != "Чи можна орендувати кавʼярню?" {
		t.Fatalf("threads %+v, want one with the question", threads)
	}
	if got := d.texts("1001"); len(got) != 1 || !strings.Contains(got[0], "15 хвилин") {
		t.Fatalf("the customer was told %q, want once, with the waiting time", got)
	}
	post := d.reply(t, "Так, напишіть дату.")
	d.wantStates(t, "pending")
	if got := d.texts("1001"); len(got) != 2 || got[1] != "Олена\nТак, напишіть дату." {
		t.Fatalf("the customer got %q", got)
	}
	if got := d.Console.Marked(post); got != inbox.Sent {
		t.Errorf("the reply is marked %q, want sent", got)
	}
	// A known question in a ticket that people hold is theirs: the bot is silent.
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.wantStates(t, "open")
	if got := d.texts("1001"); len(got) != 2 {
		t.Fatalf("the bot spoke in between: %q", got)
	}
	threads = d.Console.Threads()
	if len(threads) != 1 || len(threads[0].Posts) != 1 || threads[0].Posts[0].Post.Text.Plain != "Скільки триває доставка?" {
		t.Fatalf("threads %+v, want the follow-up in the same one", threads)
	}
	if got := threads[0].Card.Ticket; got.Assignee != olena || got.State != inbox.StateOpen {
		t.Errorf("card shows %+v", got)
	}
	d.act(t, inbox.Resolve, "")
	d.wantStates(t, "resolved")
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

func TestNotesStayInside(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	told := len(d.Platform.Sent("1001"))
	for _, text := range []string{"// він знову", "note: складний", "NOTE: і так", "  // з пробілами"} {
		d.reply(t, text)
	}
	if got := d.texts("1001"); len(got) != told {
		t.Fatalf("a note leaked: %q", got)
	}
	d.wantStates(t, "open")
}

func TestEditIntoNoteTakesTheReplyBack(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	edit := func(event string, post inbox.PostRef, text string) {
		t.Helper()
		err := d.HandleReply(t.Context(), inbox.Reply{
			EventID: event, Kind: bots.Edited, Thread: d.Console.Threads()[0].Ref, Post: post, Agent: olena, Text: bots.Plain(text),
		})
		if err != nil {
			t.Fatal(err)
		}
		d.Work(t)
	}
	post := d.reply(t, "скажу прямо")
	edit("e1", post, "// скажу прямо")
	sent := d.Platform.Sent("1001")
	last := sent[len(sent)-1]
	if !last.Deleted || strings.Contains(last.Out.Text.Plain, "//") {
		t.Errorf("the customer has %+v, want it taken back", last)
	}
	note := d.reply(t, "// лишу собі")
	edit("e2", note, "лишу собі")
	if got := d.Platform.Sent("1001"); len(got) != len(sent) {
		t.Errorf("an edited note left the house: %+v", got)
	}
	posts := d.Console.Threads()[0].Posts
	if p := posts[len(posts)-1].Post; p.Kind != inbox.PostNote || p.Text.Plain == "" {
		t.Errorf("the last post is %+v, want a note that says so", p)
	}
}

func TestUndeliverableReplyIsShownToItsAgent(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	d.Platform.FailNext("1001", fmt.Errorf("forbidden: %w", bots.ErrUnreachable))
	post := d.reply(t, "відповідь")
	if got := d.Console.Marked(post); got != inbox.Failed {
		t.Errorf("marked %q, want failed", got)
	}
	th := d.Console.Threads()[0]
	if len(th.Posts) != 1 || th.Posts[0].Post.Kind != inbox.PostNote || th.Posts[0].Post.Text.Plain == "" {
		t.Errorf("posts %+v, want one note that explains it", th.Posts)
	}
	if !th.Card.Contact.Blocked {
		t.Error("the card does not say that the customer blocked the bot")
	}
}

func TestUndeliverableAnswerIsBroughtToPeople(t *testing.T) {
	d := newDesk(t)
	d.Platform.FailNext("1001", fmt.Errorf("bad request: %w", bots.ErrRejected))
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.wantStates(t, "open")
	if th := d.Console.Threads(); len(th) != 1 || len(th[0].Posts) != 1 || th[0].Posts[0].Post.Kind != inbox.PostNote {
		t.Fatalf("threads %+v, want one with a note", th)
	}
}

func TestTemporaryFailureDelaysOnlyItsChat(t *testing.T) {
	d := newDesk(t)
	d.Platform.FailNext("1001", &bots.RetryError{After: 30 * time.Second, Err: errors.New("429")})
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"), d.Said("2002", "Скільки триває доставка?"))
	if a, b := len(d.Platform.Sent("1001")), len(d.Platform.Sent("2002")); a != 0 || b != 1 {
		t.Fatalf("sent %d and %d, want 0 and 1", a, b)
	}
	d.Clock.Advance(31 * time.Second)
	d.Work(t)
	if n := len(d.Platform.Sent("1001")); n != 1 {
		t.Fatalf("sent %d after the pause, want 1", n)
	}
	if got := d.list(t, `SELECT possible_duplicate::text FROM messages WHERE direction = 'bot' AND chat = '1001'`); got != "false" {
		t.Errorf("possible duplicate = %s for a send that surely failed", got)
	}
}

func TestUncertainSendIsRepeatedAndCounted(t *testing.T) {
	d := newDesk(t)
	d.Platform.FailNext("1001", errors.New("connection reset"))
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.Clock.Advance(2 * time.Second)
	d.Work(t)
	if n := len(d.Platform.Sent("1001")); n != 1 {
		t.Fatalf("sent %d", n)
	}
	if got := d.list(t, `SELECT possible_duplicate::text FROM messages WHERE direction = 'bot'`); got != "true" {
		t.Errorf("possible duplicate = %s, want true", got)
	}
}

// An answer of the console that was lost must not open a second thread or post
// twice: it is looked up.
func TestLostAnswersOfTheConsoleDoubleNothing(t *testing.T) {
	d := newDesk(t)
	d.Console.LoseAnswers(1)
	d.Hear(t, d.Said("1001", "питання"))
	d.Clock.Advance(2 * time.Second)
	d.Work(t)
	d.Console.LoseAnswers(1)
	d.Hear(t, d.Said("1001", "і ще"))
	d.Clock.Advance(2 * time.Second)
	d.Work(t)
	th := d.Console.Threads()
	if len(th) != 1 || len(th[0].Posts) != 1 {
		t.Fatalf("threads %+v, want one with one post", th)
	}
}

func TestAlbumIsOneMessage(t *testing.T) {
	d := newDesk(t)
	part := func(file, caption string) bots.Message {
		m := d.Said("1001", caption)
		m.Album, m.Files = "album1", []bots.File{{ID: bots.FileID(file), Kind: bots.Photo, Name: file + ".jpg"}}
		return m
	}
	d.Hear(t, part("a", ""), part("b", "ось фото"))
	if n := len(d.Console.Threads()); n != 0 {
		t.Fatal("the album was decided before its parts could come")
	}
	d.Hear(t, part("c", ""))
	d.Clock.Advance(2 * time.Second)
	d.Work(t)
	th := d.Console.Threads()
	if len(th) != 1 || th[0].Card.Question.Text.Plain != "ось фото" || len(th[0].Posts) != 1 || len(th[0].Posts[0].Post.Files) != 3 {
		t.Fatalf("threads %+v, want one card with the caption and one post with three files", th)
	}
	d.Hear(t, part("d", ""))
	if th = d.Console.Threads(); len(th[0].Posts) != 2 || len(th[0].Posts[1].Post.Files) != 1 {
		t.Fatalf("posts %+v, want the late part alone in a second one", th[0].Posts)
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

func TestFileThatCannotBeFetchedIsNamed(t *testing.T) {
	d := newDesk(t)
	d.Platform.FailFile("big", fmt.Errorf("too big: %w", bots.ErrRejected))
	m := d.Said("1001", "дивіться")
	m.Files = []bots.File{{ID: "big", Kind: bots.Document, Name: "архів.zip"}, {ID: "ok", Kind: bots.Photo, Name: "фото.jpg"}}
	d.Hear(t, m)
	th := d.Console.Threads()
	if len(th) != 1 || len(th[0].Posts) != 1 {
		t.Fatalf("threads %+v", th)
	}
	p := th[0].Posts[0].Post
	if len(p.Files) != 1 || len(p.Missing) != 1 || !strings.Contains(p.Missing[0], "архів.zip") {
		t.Errorf("post %+v, want the photo, and words about the archive", p)
	}
}

// A thread can be answered before Poruch has recorded it: the answer to its
// post was lost, or Poruch died in between.
func TestRepliesInAThreadThatIsNotRecordedYetAreNotLost(t *testing.T) {
	d := newDesk(t)
	d.Console.LoseAnswers(1)
	d.Hear(t, d.Said("1001", "питання"))
	if n := len(d.texts("1001")); n != 1 {
		t.Fatalf("the customer has %d messages, want word that people look", n)
	}
	d.reply(t, "Добрий день!")
	d.reply(t, "// клієнт постійний")
	d.reply(t, "Вже дивимось.")
	if got := d.texts("1001"); len(got) != 1 {
		t.Fatalf("the customer got %q from a thread that nobody knows", got)
	}
	d.Clock.Advance(time.Minute)
	d.Work(t)
	if n := len(d.Console.Threads()); n != 1 {
		t.Fatalf("%d threads, want the one found again", n)
	}
	want := []string{"Олена\nДобрий день!", "Олена\nВже дивимось."}
	if got := d.texts("1001")[1:]; !slices.Equal(got, want) {
		t.Fatalf("the customer got %q, want %q", got, want)
	}
	d.wantStates(t, "pending")
}

func TestEditsTravelBothWays(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	second := d.Said("1001", "уточненя")
	d.Hear(t, second)
	edit := d.Said("1001", "уточнення")
	edit.Kind, edit.ID = bots.Edited, second.ID
	d.Hear(t, edit)
	p := d.Console.Threads()[0].Posts[0].Post
	if p.Text.Plain != "уточнення" || p.Before.Plain != "уточненя" || !p.Edited {
		t.Errorf("post %+v, want the new words, and the old ones beside", p)
	}
	post := d.reply(t, "відповідь")
	err := d.HandleReply(t.Context(), inbox.Reply{
		EventID: "edit", Kind: bots.Edited, Thread: d.Console.Threads()[0].Ref, Post: post, Agent: olena, Text: bots.Plain("краща відповідь"),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Work(t)
	last := d.Platform.Sent("1001")[1]
	if last.Out.Text.Plain != "Олена\nкраща відповідь" || last.Edits != 1 {
		t.Errorf("the customer has %+v", last)
	}
	if err := d.HandleReply(t.Context(), inbox.Reply{EventID: "del", Kind: bots.Deleted, Thread: d.Console.Threads()[0].Ref, Post: post, Agent: olena}); err != nil {
		t.Fatal(err)
	}
	d.Work(t)
	if !d.Platform.Sent("1001")[1].Deleted {
		t.Error("the reply was not retracted")
	}
}

func TestSnoozedTicketComesBack(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	id := d.Console.Threads()[0].Card.Ticket.ID
	d.act(t, inbox.Snooze, string(inbox.SnoozeHour))
	d.wantStates(t, "snoozed")
	if got := d.list(t, `SELECT kind FROM river_job`); got != "wake_ticket" {
		t.Fatalf("timers %q, want one wake-up", got)
	}
	if err := d.Wake(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	d.wantStates(t, "snoozed") // too early
	d.Clock.Advance(time.Hour)
	if err := d.Wake(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	d.wantStates(t, "open")
	d.act(t, inbox.Snooze, string(inbox.SnoozeCustomer))
	d.Hear(t, d.Said("1001", "я тут"))
	d.wantStates(t, "open")
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

func TestSuggestionIsSentInOneClick(t *testing.T) {
	d := newDesk(t)
	d.Answers.Decisions["доставка?"] = knowledge.Decision{
		Action: knowledge.HandOff, Reason: knowledge.Unsure, Lang: knowledge.Ukrainian,
		Candidates: []knowledge.Candidate{{EntryID: "delivery-time", Confidence: 0.5}},
	}
	d.Hear(t, d.Said("1001", "доставка?"))
	d.act(t, inbox.Suggest, "delivery-time")
	if got := d.texts("1001"); len(got) != 2 || got[1] != "Олена\n1–3 дні Новою поштою." {
		t.Fatalf("the customer got %q", got)
	}
	if th := d.Console.Threads()[0]; len(th.Posts) != 1 || th.Posts[0].Post.Kind != inbox.PostAgent {
		t.Errorf("posts %+v, want what was sent", th.Posts)
	}
	if notice := d.act(t, inbox.Suggest, "no-such-entry"); notice == "" {
		t.Error("a suggestion that is gone gave no notice")
	}
}

func TestTwoAgentsClaimAndOneWins(t *testing.T) {
	d := newDesk(t)
	d.Hear(t, d.Said("1001", "питання"))
	if notice := d.act(t, inbox.Claim, ""); notice != "" {
		t.Errorf("the first was told %q", notice)
	}
	d.Clock.Advance(time.Second)
	if notice := d.act(t, inbox.Claim, ""); !strings.Contains(notice, "Олена") {
		t.Errorf("the second was told %q, want who has it", notice)
	}
}

func TestPoisonedMessageIsKeptAsideAndTheRestStored(t *testing.T) {
	d := newDesk(t)
	bad := d.Said("1001", "зле")
	bad.From.Topic = "a\x00b" // Postgres refuses a NUL byte
	d.Hear(t, d.Said("1001", "перше"), bad, d.Said("1001", "третє"))
	if n := d.list(t, `SELECT count(*)::text FROM messages WHERE direction = 'contact'`); n != "2" {
		t.Errorf("%s messages stored, want 2", n)
	}
	if got := d.list(t, `SELECT event_id FROM inbound WHERE state = 'failed'`); got != bad.UpdateID {
		t.Errorf("failed payloads %q, want %s", got, bad.UpdateID)
	}
}

func TestMovedGroupKeepsItsConversations(t *testing.T) {
	d := newDesk(t)
	m := d.Said("1001", "питання")
	m.From.Chat, m.Chat = "-5", bots.Chat{Title: "Група"}
	d.Hear(t, m)
	d.Platform.FailNext("-5", &bots.MovedError{Chat: "-1005"})
	d.reply(t, "відповідь")
	if got := d.texts("-1005"); len(got) != 1 {
		t.Fatalf("the new chat got %q, want the reply", got)
	}
	d.wantStates(t, "pending")
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
