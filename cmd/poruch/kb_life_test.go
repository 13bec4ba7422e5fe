package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/knowledge/library"
)

// wasAsked puts a customer's message, with what was decided on it, into the database.
func wasAsked(t *testing.T, db *database.DB, n int, text, action, entry string) {
	t.Helper()
	_, err := db.Pool.Exec(t.Context(), `
		WITH c AS (INSERT INTO contacts (bot, user_id, name, username, created_at) VALUES ('t', $1::int::text, '', '', now()) RETURNING id),
		    v AS (INSERT INTO conversations (brand, bot, chat, topic, contact_id, private, title, created_at)
		        SELECT 'rankova', 't', $1::int::text, '', id, true, '', now() FROM c RETURNING id),
		    m AS (INSERT INTO messages (id, conversation_id, direction, author, bot, chat, body, delivery, sent_at, created_at)
		        OVERRIDING SYSTEM VALUE SELECT $1::int, id, 'contact', '', 't', '', jsonb_build_object('plain', $2::text), 'received', now(), now() FROM v RETURNING id, conversation_id)
		INSERT INTO decisions (message_id, brand, conversation_id, lang, action, reason, entries, confidence, threshold, decided_at)
		SELECT id, 'rankova', conversation_id, 'uk', $3, '', array_remove(ARRAY[$4::text], ''), 0.9, 0.8, now() FROM m`, n, text, action, entry)
	if err != nil {
		t.Fatal(err)
	}
}

// A trainer's day by commands: a draft, a look, a refusal, a publish, a way back.
func TestTrainersDayByCommands(t *testing.T) {
	db := databasetest.New(t)
	open := on(db)
	kb := func(want string, args ...string) string {
		t.Helper()
		out, err := printed(t, open, append(args, "--brand", "rankova")...)
		if err != nil {
			t.Fatalf("kb %s: %v", strings.Join(args, " "), err)
		}
		if !strings.Contains(out, want) {
			t.Fatalf("kb %s printed %q, want %q in it", strings.Join(args, " "), out, want)
		}
		return out
	}
	kb("60 added", "import", demoKnowledge)
	edited := `{"id":"delivery-time","title":"Скільки днів їде посилка?","phrasings":[],"answer":"Два дні.","lang":"uk"}` + "\n" +
		`{"id":"sauna","title":"Чи є у вас сауна?","phrasings":["Скільки триває доставка?"],"answer":"Ні.","lang":"uk"}` + "\n"
	kb("1 new, 1 changed", "save", file(t, "edit.jsonl", edited), "--author", "olena", "--why", "сауна")
	kb("sauna", "list", "--stage", "draft")
	kb(`  "Скільки триває доставка?": delivery-time -> sauna`, "diff")
	wasAsked(t, db, 1, "Скільки триває доставка?", "answer", "delivery-time")
	wasAsked(t, db, 2, "Чи є у вас каток?", "handoff", "")
	kb("", "verdict", "1", "confirmed")
	kb("a phrasing of sauna", "verdict", "2", "missed", "--right", "sauna")
	out, err := printed(t, open, "publish", "--brand", "rankova")
	if err == nil || !strings.Contains(err.Error(), "--yes") || !strings.Contains(out, `- "Скільки триває доставка?": delivery-time -> sauna`) {
		t.Fatalf("publish = %v and printed %q, want a refusal that names the question", err, out)
	}
	kb("replayed", "publish", "--yes")
	kb("by olena (сауна)", "history", "sauna")
	kb("restored as revision 3", "restore", "delivery-time", "1")
	kb("", "trust", "sauna", "shadow")
	kb("shadow", "list")
	kb("waiting", "proposals", "--json")
	kb("nothing answers before", "approve", "1")
	kb(`"Чи є у вас каток?"`, "show", "sauna")
	if out := kb("", "show", "delivery-time", "2"); !strings.Contains(out, "Два дні.") {
		t.Errorf("revision 2 is %s", out)
	}
	kb("replayed", "archive", "sauna")
	var one listedEntry
	line, _, _ := strings.Cut(kb("", "list", "--json", "--stage", "archived"), "\n")
	if err := json.Unmarshal([]byte(line), &one); err != nil || one.ID != "sauna" || one.Stage != library.Archived {
		t.Errorf("archived: %q, %v", line, err)
	}
	for _, args := range [][]string{{"show", "nothing"}, {"show", "sauna", "9"}, {"restore", "sauna", "9"}, {"approve", "99"}, {"reject", "1"}, {"trust", "sauna", "blind"}} {
		if _, err := printed(t, open, append(args, "--brand", "rankova")...); err == nil {
			t.Errorf("kb %s: no error", strings.Join(args, " "))
		}
	}
}
