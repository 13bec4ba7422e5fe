package inbox_test

import (
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
)

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
