package inbox_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

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
