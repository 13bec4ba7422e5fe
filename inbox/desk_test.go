package inbox_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/inboxtest"
	"github.com/poruch/poruch/inbox/postgres"
	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
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
