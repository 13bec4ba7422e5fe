package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/knowledge/files"
)

// ask writes an undecided question of a new customer into the database.
func ask(t *testing.T, db *database.DB, text, action, verdict string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"plain": text})
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Pool.Exec(t.Context(), `
		WITH c AS (
			INSERT INTO contacts (bot, user_id, name, username, created_at) VALUES ('telegram', gen_random_uuid()::text, 'Name', '', now()) RETURNING id
		), v AS (
			INSERT INTO conversations (brand, bot, chat, topic, contact_id, private, title, created_at)
			SELECT 'rankova', 'telegram', id::text, '', id, true, '', now() FROM c RETURNING id
		), m AS (
			INSERT INTO messages (conversation_id, direction, author, bot, chat, body, delivery, sent_at, created_at)
			SELECT id, 'contact', 'Name', 'telegram', '', $1, 'received', now(), now() FROM v RETURNING id, conversation_id
		)
		INSERT INTO decisions (message_id, brand, conversation_id, lang, action, reason, entries, top, confidence, threshold, decided_at, verdict, judged_at)
		SELECT id, 'rankova', conversation_id, 'uk', $2::text, CASE WHEN $2::text = 'answer' THEN 'sure' ELSE 'unsure' END,
			CASE WHEN $2::text = 'answer' THEN ARRAY['delivery-time'] ELSE '{}' END, 'delivery-time', 0.5, 0.8, now() - interval '1 minute',
			$3::text, CASE WHEN $3::text <> '' THEN now() END FROM m`, body, action, verdict)
	if err != nil {
		t.Fatal(err)
	}
}

// says is what a command line of kb writes to the standard output.
func says(t *testing.T, open openKnowledge, args ...string) string {
	t.Helper()
	out, err := printed(t, open, append(args, "--brand", "rankova")...)
	if err != nil {
		t.Fatalf("kb %s: %v", strings.Join(args, " "), err)
	}
	return out
}

func TestKBGapsFromAQuestionToAnEntry(t *testing.T) {
	db := databasetest.New(t)
	open := on(db)
	if err := runKB(t, open, "import", demoKnowledge, "--brand", "rankova"); err != nil {
		t.Fatal(err)
	}
	if out := says(t, open, "gaps"); out != "rankova: no gaps\n" {
		t.Errorf("nothing was asked: %q", out)
	}
	for _, text := range []string{
		"Доброго дня, чи є знижка для пенсіонерів? мій номер 0671234567", "знижка для пенсіонерів \x1b[31mє\x1b[0m?", "можна прийти з собакою?",
	} {
		ask(t, db, text, "handoff", "")
	}
	out := says(t, open, "gaps")
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) != 3 || !strings.Contains(lines[1], "пенсіонерів") {
		t.Errorf("the table:\n%s", out)
	}
	if strings.ContainsAny(out, "\x1b") || strings.Contains(out, "0671234567") {
		t.Errorf("the table carries what a customer wrote:\n%q", out)
	}
	var first shownGap
	if err := json.NewDecoder(strings.NewReader(says(t, open, "gaps", "--json", "--limit", "1"))).Decode(&first); err != nil {
		t.Fatal(err)
	}
	if first.Asked != 2 || first.Contacts != 2 || first.State != "open" || first.Heat < 1.9 || time.Since(first.LastAt) > time.Hour {
		t.Errorf("as JSON: %+v", first)
	}
	id := strconv.FormatInt(first.ID, 10)
	if out := says(t, open, "gaps", "show", id); !strings.Contains(out, "asked 2 times by 2 customers") || strings.Contains(out, "\x1b") {
		t.Errorf("show:\n%q", out)
	}

	draft := says(t, open, "gaps", "draft", id)
	if _, err := files.Parse("draft.yaml", strings.NewReader(draft)); err == nil || !strings.Contains(err.Error(), "answer") {
		t.Errorf("the unfinished draft reads as %v:\n%s", err, draft)
	}
	finished := strings.Replace(draft, `answer: ""`, `answer: "Так, 10 %."`, 1)
	entries, err := files.Parse("draft.yaml", strings.NewReader(finished))
	if err != nil || len(entries) != 1 || entries[0].ID != "gap-"+id || len(entries[0].Phrasings) != 2 {
		t.Errorf("the finished draft: %+v, %v", entries, err)
	}
	if jsonl := says(t, open, "gaps", "draft", id, "--jsonl"); !json.Valid([]byte(jsonl)) {
		t.Errorf("as JSONL: %q", jsonl)
	}

	if err := runKB(t, open, "gaps", "answered", id, "--entry", "no-such", "--brand", "rankova"); err == nil || !strings.Contains(err.Error(), "no-such") {
		t.Errorf("answered by an entry that is not there: %v", err)
	}
	says(t, open, "gaps", "dismiss", id, "--why", "не цього року")
	if out := says(t, open, "gaps"); strings.Contains(out, "пенсіонерів") {
		t.Errorf("a dismissed gap is listed:\n%s", out)
	}
	if out := says(t, open, "gaps", "--all"); !strings.Contains(out, "dismissed: не цього року") {
		t.Errorf("--all:\n%s", out)
	}
	says(t, open, "gaps", "answered", id, "--entry", "delivery-time")
	if out := says(t, open, "gaps", "--all"); !strings.Contains(out, "answered by delivery-time, yet asked 0 times since") {
		t.Errorf("--all:\n%s", out)
	}
	if err := runKB(t, open, "gaps", "show", "4711", "--brand", "rankova"); err == nil || !strings.Contains(err.Error(), "4711") {
		t.Errorf("show of no gap: %v", err)
	}
}

func TestKBScore(t *testing.T) {
	db := databasetest.New(t)
	open := on(db)
	if out := says(t, open, "score"); !strings.Contains(out, "nothing was asked") {
		t.Errorf("nothing was asked: %q", out)
	}
	for _, verdict := range []string{"confirmed", "wrong", "assumed", ""} {
		ask(t, db, "коли приїде", "answer", verdict)
	}
	ask(t, db, "коли приїде", "handoff", "")
	out := says(t, open, "score")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 || strings.Join(strings.Fields(lines[1])[:8], " ") != "delivery-time 5 4 1 1 1 0 1" || !strings.Contains(lines[1], "50 % of 2 (") {
		t.Errorf("the table:\n%s", out)
	}
	for _, by := range []string{"entry", "lang", "brand"} {
		var row map[string]any
		if err := json.Unmarshal(bytes.TrimSpace([]byte(says(t, open, "score", "--json", "--since", "12h", "--by", by))), &row); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]any{"asked": 5.0, "answered": 4.0, "confirmed": 1.0, "assumed": 1.0, "wrong": 1.0, "precision": 0.5} {
			if row[name] != want {
				t.Errorf("by %s, %s is %v, want %v", by, name, row[name], want)
			}
		}
	}
	for _, bad := range []string{"x", "0d", "-3d", "-1h", "99999999d"} {
		if err := runKB(t, open, "score", "--since="+bad, "--brand", "rankova"); err == nil {
			t.Errorf("--since %s was taken", bad)
		}
	}
}
