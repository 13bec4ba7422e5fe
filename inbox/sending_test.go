package inbox_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
)

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
