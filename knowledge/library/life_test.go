package library_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/library"
	"github.com/poruch/poruch/knowledge/scorecard"
)

func save(t *testing.T, l *library.Library, e knowledge.Entry) library.Saved {
	t.Helper()
	s, err := l.Save(t.Context(), "rankova", e, trainer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func publish(t *testing.T, l *library.Library, ids ...string) library.Report {
	t.Helper()
	r, err := l.Publish(t.Context(), "rankova", library.Publishing{Entries: ids, By: trainer})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func record(t *testing.T, l *library.Library, id string) library.Record {
	t.Helper()
	records, err := l.Records(t.Context(), "rankova")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(records, func(r library.Record) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("no entry %q", id)
	}
	return records[i]
}

func TestDraftAnswersOnceItIsPublished(t *testing.T) {
	l := libraryOn(databasetest.New(t))
	s := save(t, l, entry("a", "Де чек", "У пошті."))
	if !s.New || s.Record.Stage() != library.Draft {
		t.Fatalf("saved %+v, want a new draft", s)
	}
	if d := ask(t, l, "Де чек?"); d.Action == knowledge.Answer {
		t.Fatal("a draft answered")
	}
	publish(t, l)
	if d := ask(t, l, "Де чек?"); d.Entry() != "a" || record(t, l, "a").Stage() != library.Published {
		t.Fatalf("after the publish: %+v", d)
	}
	changed := save(t, l, entry("a", "Де чек", "У застосунку."))
	if changed.Record.Stage() != library.Changed || changed.Record.Head.Number != 2 {
		t.Fatalf("saved %+v, want revision 2 waiting", changed.Record)
	}
	if e, _, _ := l.Entry(t.Context(), "rankova", "a"); e.Answers[knowledge.Ukrainian] != "У пошті." {
		t.Fatalf("answers %q before the publish", e.Answers)
	}
	if again := save(t, l, entry("a", "Де чек", "У застосунку.")); !again.Same || again.Record.Head.Number != 2 {
		t.Fatalf("the same saved twice: %+v", again)
	}
	publish(t, l, "a")
	if e, _, _ := l.Entry(t.Context(), "rankova", "a"); e.Answers[knowledge.Ukrainian] != "У застосунку." {
		t.Fatalf("answers %q after the publish", e.Answers)
	}
}

func TestArchivedEntryComesBack(t *testing.T) {
	l := libraryOn(databasetest.New(t))
	mustImport(t, l, entry("a", "Де чек", "1"), entry("b", "Яка ціна", "2"))
	if _, err := l.Publish(t.Context(), "rankova", library.Publishing{Archive: []string{"a"}, By: trainer}); err != nil {
		t.Fatal(err)
	}
	if d := ask(t, l, "Де чек?"); d.Action == knowledge.Answer || record(t, l, "a").Stage() != library.Archived {
		t.Fatalf("an archived entry answered: %+v", d)
	}
	save(t, l, entry("a", "Де чек", "інше"))
	publish(t, l, "a")
	r, err := l.Restore(t.Context(), "rankova", "a", 1, trainer)
	if err != nil || r.Head.Number != 3 || r.Stage() != library.Changed || r.Head.Entry.Answers[knowledge.Ukrainian] != "1" {
		t.Fatalf("restored %+v, %v; want revision 1 as 3", r, err)
	}
	publish(t, l)
	if e, ok, _ := l.Entry(t.Context(), "rankova", "a"); !ok || e.Answers[knowledge.Ukrainian] != "1" {
		t.Fatalf("after the restore: %+v", e)
	}
	revisions, events, err := l.History(t.Context(), "rankova", "a")
	if err != nil || len(revisions) != 3 || revisions[1].By != trainer || !revisions[1].At.Equal(noon) {
		t.Fatalf("history %+v, %v", revisions, err)
	}
	var kinds []library.EventKind
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	want := []library.EventKind{library.EventPublished, library.EventArchived, library.EventPublished, library.EventRestored, library.EventPublished}
	if !slices.Equal(kinds, want) {
		t.Errorf("events %q, want %q", kinds, want)
	}
	for _, missing := range []func() error{
		func() error { _, err := l.Restore(t.Context(), "rankova", "a", 9, trainer); return err },
		func() error { _, err := l.Restore(t.Context(), "rankova", "z", 1, trainer); return err },
		func() error { _, _, err := l.History(t.Context(), "rankova", "z"); return err },
		func() error {
			_, err := l.Diff(t.Context(), "rankova", library.Publishing{Entries: []string{"z"}})
			return err
		},
		func() error { return l.SetTrust(t.Context(), "rankova", "z", knowledge.Off, trainer) },
	} {
		if err := missing(); !errors.Is(err, library.ErrNotFound) {
			t.Errorf("what is not there: %v, want ErrNotFound", err)
		}
	}
}

func TestStaleAnswersAreMarked(t *testing.T) {
	l := libraryOn(databasetest.New(t))
	of := func(stale []knowledge.Lang, texts ...string) knowledge.Entry {
		e := entry("a", "Де чек", "")
		e.Answers, e.Stale = map[knowledge.Lang]string{}, stale
		for i := 0; i < len(texts); i += 2 {
			e.Answers[knowledge.Lang(texts[i])] = texts[i+1]
		}
		return e
	}
	for i, step := range []struct {
		e    knowledge.Entry
		want []knowledge.Lang
	}{
		{of(nil, "uk", "1", "en", "1"), nil},
		{of(nil, "uk", "1", "en", "1", "ru", "1"), nil},                                                   // a translation was added
		{of(nil, "uk", "2", "en", "1", "ru", "1"), []knowledge.Lang{"ru", "en"}},                          // one was edited
		{of([]knowledge.Lang{"ru", "en"}, "uk", "2", "en", "2", "ru", "1"), []knowledge.Lang{"uk", "ru"}}, // another one: who is right?
		{of([]knowledge.Lang{"ru"}, "uk", "2", "en", "2", "ru", "1"), []knowledge.Lang{"ru"}},             // uk was looked at
		{of([]knowledge.Lang{"ru"}, "uk", "3", "en", "3", "ru", "3"), nil},                                // all were edited
		{of(nil, "uk", "3", "en", "4"), []knowledge.Lang{"uk"}},                                           // ru was taken out
		{of([]knowledge.Lang{"uk"}, "uk", "3", "en", "4"), []knowledge.Lang{"uk"}},                        // nothing new
	} {
		if got := save(t, l, step.e).Record.Head.Entry.Stale; !slices.Equal(got, step.want) {
			t.Errorf("step %d: stale %q, want %q", i, got, step.want)
		}
	}
}

func TestNearEntriesArePointedOut(t *testing.T) {
	l := libraryOn(databasetest.New(t))
	mustImport(t, l, entry("a", "Де чек", "1"), entry("b", "Яка ціна", "2"))
	s := save(t, l, knowledge.Entry{
		ID: "c", Title: "Коли привезуть", Phrasings: []string{"де чек сьогодні"}, Lang: knowledge.Ukrainian,
		Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "3"},
	})
	if len(s.Near) != 1 || s.Near[0].Entry != "a" || s.Near[0].Text != "де чек сьогодні" {
		t.Errorf("near %+v, want a by the phrasing", s.Near)
	}
}

// judged puts a customer's message with its decision and verdict on it into the
// database, as the desk does.
func judged(t *testing.T, db *database.DB, text, entry, verdict, right string) int64 {
	t.Helper()
	var message int64
	err := db.Pool.QueryRow(t.Context(), `
		WITH c AS (INSERT INTO contacts (bot, user_id, name, username, created_at)
		        VALUES ('telegram', gen_random_uuid()::text, '', '', $5) RETURNING id),
		    v AS (INSERT INTO conversations (brand, bot, chat, topic, contact_id, private, title, created_at)
		        SELECT 'rankova', 'telegram', gen_random_uuid()::text, '', id, true, '', $5 FROM c RETURNING id),
		    m AS (INSERT INTO messages (conversation_id, direction, author, bot, chat, body, delivery, sent_at, created_at)
		        SELECT id, 'contact', '', 'telegram', '', jsonb_build_object('plain', $1::text), 'received', $5, $5 FROM v RETURNING id, conversation_id)
		INSERT INTO decisions (message_id, brand, conversation_id, lang, action, reason, entries, confidence, threshold, decided_at,
		        verdict, right_entry, judged_by, judged_at)
		SELECT id, 'rankova', conversation_id, 'uk', CASE WHEN $2 = '' THEN 'handoff' ELSE 'answer' END, '',
		    CASE WHEN $2 = '' THEN '{}' ELSE ARRAY[$2] END, 0.9, 0.8, $5, $3, $4, '', $5 FROM m RETURNING message_id`,
		text, entry, verdict, right, noon).Scan(&message)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func TestPublishReplaysConfirmedQuestions(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	mustImport(t, l, entry("a", "Де чек", "1"), entry("b", "Яка ціна", "2"))
	judged(t, db, "де чек сьогодні", "a", "confirmed", "")
	judged(t, db, "яка ціна", "b", "assumed", "") // silence confirms nothing
	worse := entry("a", "Де квитанція", "1")
	worse.Phrasings = []string{"покажіть квитанцію"}
	thief := entry("c", "Скільки триває доставка", "3")
	thief.Phrasings = []string{"де чек сьогодні"}
	save(t, l, worse)
	save(t, l, thief)
	look, err := l.Diff(t.Context(), "rankova", library.Publishing{})
	if err != nil {
		t.Fatal(err)
	}
	if look.Confirmed != 1 || look.Worse == 0 || look.Changes[0].Text != "де чек сьогодні" || look.Changes[0].Effect != library.Worse ||
		!slices.Equal(look.Changes[0].Before.Entries, []string{"a"}) || !slices.Equal(look.Changes[0].After.Entries, []string{"c"}) {
		t.Fatalf("%+v, want the confirmed question first: from a to c, worse", look)
	}
	if d := ask(t, l, "де чек сьогодні"); d.Entry() != "a" {
		t.Fatal("a look changed what answers")
	}
	refused, err := l.Publish(t.Context(), "rankova", library.Publishing{By: trainer})
	if !errors.Is(err, library.ErrWorse) || refused.Worse != look.Worse || ask(t, l, "де чек сьогодні").Entry() != "a" {
		t.Fatalf("%+v, %v; want a refusal that says why", refused, err)
	}
	if _, err := l.Publish(t.Context(), "rankova", library.Publishing{By: trainer, Yes: true}); err != nil {
		t.Fatal(err)
	}
	if d := ask(t, l, "де чек сьогодні"); d.Entry() != "c" {
		t.Fatalf("after an explicit yes: %+v", d)
	}
}

// What is taken out on purpose is no loss; a neighbour that answers in its
// place is.
func TestArchivingIsNoLossByItself(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	mustImport(t, l, entry("a", "Де чек", "1"), entry("b", "Яка ціна", "2"))
	judged(t, db, "де чек сьогодні", "a", "confirmed", "")
	r, err := l.Publish(t.Context(), "rankova", library.Publishing{Archive: []string{"a"}, By: trainer})
	if err != nil || r.Worse != 0 || len(r.Changes) == 0 {
		t.Fatalf("%+v, %v; want changes and none worse", r, err)
	}
}

func TestImportIsGatedToo(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	a := entry("a", "Де чек", "1")
	mustImport(t, l, a, entry("b", "Яка ціна", "2"))
	judged(t, db, "де чек сьогодні", "a", "confirmed", "")
	stolen := entry("b", "Яка ціна", "2")
	stolen.Phrasings = append(stolen.Phrasings, a.Phrasings...)
	a.Phrasings = nil
	if r, err := l.Import(t.Context(), "rankova", []knowledge.Entry{a, stolen}, library.Importing{By: trainer}); !errors.Is(err, library.ErrWorse) || r.Report.Worse == 0 {
		t.Fatalf("%+v, %v; want a refusal", r, err)
	}
	if d := ask(t, l, "де чек сьогодні"); d.Entry() != "a" || version(t, db) != 1 {
		t.Fatalf("a refused import changed what answers: %+v", d)
	}
	r, err := l.Import(t.Context(), "rankova", []knowledge.Entry{stolen}, library.Importing{Keep: true, Draft: true, By: trainer})
	if err != nil || r.Changed != 1 || version(t, db) != 1 || record(t, l, "b").Stage() != library.Changed || record(t, l, "a").Stage() != library.Published {
		t.Fatalf("%+v, %v; want a draft of b and a as it was", r, err)
	}
}

func TestTrustIsEarnedAndLost(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	now := noon.Add(time.Minute)
	l.Now = func() time.Time { return now }
	mustImport(t, l, entry("a", "Де чек", "1"), entry("b", "Яка ціна", "2"))
	if err := l.SetTrust(t.Context(), "rankova", "a", knowledge.Shadow, trainer); err != nil {
		t.Fatal(err)
	}
	if d := ask(t, l, "Де чек?"); d.Reason != knowledge.Withheld || d.Suggested != "a" {
		t.Fatalf("in shadow: %+v", d)
	}
	verdicts := func(n int, verdict string) {
		t.Helper()
		for i := range n {
			id := judged(t, db, fmt.Sprintf("питання %s %d", verdict, i), "", verdict, "")
			_, err := db.Pool.Exec(t.Context(), `UPDATE decisions SET suggested = 'a', judged_at = $2 WHERE message_id = $1`, id, now)
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	review := func(want ...library.TrustChange) {
		t.Helper()
		got, err := l.Review(t.Context(), "rankova")
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("Review = %+v, %v; want %+v", got, err, want)
		}
	}
	verdicts(31, "confirmed") // one too few
	verdicts(50, "assumed")   // silence does not count
	review()
	verdicts(1, "confirmed")
	review(library.TrustChange{Entry: "a", From: knowledge.Shadow, To: knowledge.Auto, Verdicts: scorecard.Precision{Right: 32}, Target: 0.95})
	if r := record(t, l, "a"); !r.Earned || ask(t, l, "Де чек?").Entry() != "a" {
		t.Fatalf("after it earned trust: %+v", r)
	}
	review()
	verdicts(1, "wrong")
	review(library.TrustChange{Entry: "a", From: knowledge.Auto, To: knowledge.Shadow, Verdicts: scorecard.Precision{Right: 32, Wrong: 1}, Target: 0.95})
	now = now.Add(time.Minute)
	review() // it earns anew: what was before no longer counts

	// A person's word holds until the entry is proven to be worse.
	if err := l.SetTrust(t.Context(), "rankova", "a", knowledge.Auto, trainer); err != nil {
		t.Fatal(err)
	}
	verdicts(1, "wrong")
	verdicts(9, "confirmed")
	review()
	verdicts(2, "wrong")
	review(library.TrustChange{Entry: "a", From: knowledge.Auto, To: knowledge.Shadow, Verdicts: scorecard.Precision{Right: 9, Wrong: 3}, Target: 0.95})
	_, events, err := l.History(t.Context(), "rankova", "a")
	if err != nil || len(events) != 6 || !strings.Contains(events[len(events)-1].Detail, "9 of 12") {
		t.Errorf("events %+v, %v; want the reason in the last", events, err)
	}
	if err := l.SetTrust(t.Context(), "rankova", "a", "blind", trainer); err == nil {
		t.Error("an unknown grade was set")
	}
}

func TestVerdictsBecomeProposals(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	mustImport(t, l, entry("a", "Де чек", "1"), entry("b", "Яка ціна", "2"))
	message := judged(t, db, "чи бачили ви синю парасолю", "b", "", "")
	p, err := l.Judge(t.Context(), "rankova", message, library.Verdict{Kind: library.Incorrect, Right: "a"}, trainer)
	if err != nil || p.ID == 0 || p.Kind != library.NewPhrasing || p.Entry != "a" || p.Text != "чи бачили ви синю парасолю" {
		t.Fatalf("%+v, %v; want the message as a phrasing of a", p, err)
	}
	if again, err := l.Judge(t.Context(), "rankova", message, library.Verdict{Kind: library.Incorrect, Right: "a"}, trainer); err != nil || again.ID != 0 {
		t.Fatalf("%+v, %v; want no second proposal", again, err)
	}
	confirmed, err := l.Store.Confirmed(t.Context(), "rankova")
	if err != nil || len(confirmed) != 1 || confirmed[0].Expect != "a" || confirmed[0].Not != "b" {
		t.Fatalf("confirmed %+v, %v", confirmed, err)
	}
	s, err := l.Approve(t.Context(), "rankova", p.ID, library.Approval{By: trainer})
	if err != nil || s.Record.Stage() != library.Changed || !slices.Contains(s.Record.Head.Entry.Phrasings, "чи бачили ви синю парасолю") {
		t.Fatalf("%+v, %v; want the message among the phrasings of a draft", s, err)
	}
	if r := publish(t, l, "a"); r.Better == 0 {
		t.Errorf("%+v; want the judged question better", r)
	}
	if _, err := l.Approve(t.Context(), "rankova", p.ID, library.Approval{By: trainer}); err == nil || !strings.Contains(err.Error(), "approved already") {
		t.Errorf("a second approval: %v", err)
	}
	if err := l.Reject(t.Context(), "rankova", 999, trainer); !errors.Is(err, library.ErrNotFound) {
		t.Errorf("an unknown proposal: %v", err)
	}
	for name, v := range map[string]library.Verdict{
		"no entry named": {Kind: library.Missed}, "an unknown entry": {Kind: library.Missed, Right: "z"},
	} {
		if _, err := l.Judge(t.Context(), "rankova", message, v, trainer); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	silent := judged(t, db, "щось інше", "", "", "")
	if _, err := l.Judge(t.Context(), "rankova", silent, library.Verdict{Kind: library.Correct}, trainer); err == nil {
		t.Error("silence was called right")
	}
}

func TestReplyBecomesAnEntry(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	mustImport(t, l, entry("a", "Де чек", "1"))
	question := judged(t, db, "Чи є у вас\n безлактозне\tмолоко? +380671234567", "", "", "")
	var reply int64
	err := db.Pool.QueryRow(t.Context(), `
		WITH k AS (INSERT INTO tickets (brand, conversation_id, state, priority, lang, decision, message_id, handed_off, told, opened_at, changed_at)
		        SELECT 'rankova', conversation_id, 'open', 'normal', 'uk', '{}', id, true, true, now(), now() FROM messages WHERE id = $1 RETURNING id, conversation_id),
		    q AS (UPDATE messages SET ticket_id = k.id FROM k WHERE messages.id = $1)
		INSERT INTO messages (conversation_id, ticket_id, direction, author, bot, chat, body, delivery, sent_at, created_at)
		SELECT conversation_id, id, 'agent', 'Олена', 'telegram', '', '{"plain": "Так, є мигдальне."}', 'sent', now(), now() FROM k RETURNING id`, question).Scan(&reply)
	if err != nil {
		t.Fatal(err)
	}
	p, err := l.Offer(t.Context(), "rankova", reply, trainer)
	if err != nil || p.Kind != library.NewEntry || p.Text != "Чи є у вас безлактозне молоко? …" || p.Answer != "Так, є мигдальне." {
		t.Fatalf("%+v, %v; want a new entry of question and reply", p, err)
	}
	if _, err := l.Approve(t.Context(), "rankova", p.ID, library.Approval{By: trainer}); err == nil {
		t.Error("an entry without an id was made")
	}
	if _, err := l.Approve(t.Context(), "rankova", p.ID, library.Approval{Entry: "a", By: trainer}); err == nil {
		t.Error("an entry was overwritten")
	}
	if _, err := l.Approve(t.Context(), "rankova", p.ID, library.Approval{Entry: "milk", Text: "Чи є безлактозне молоко?", By: trainer}); err != nil {
		t.Fatal(err)
	}
	publish(t, l)
	if e, ok, _ := l.Entry(t.Context(), "rankova", "milk"); !ok || e.Title != "Чи є безлактозне молоко?" || !maps.Equal(e.Answers, map[knowledge.Lang]string{"uk": "Так, є мигдальне."}) {
		t.Errorf("the new entry is %+v, %t", e, ok)
	}
	if list, err := l.Proposals(t.Context(), "rankova", library.Approved, 10); err != nil || len(list) != 1 || list[0].Decided.Author != "olena" {
		t.Errorf("approved %+v, %v", list, err)
	}
	if _, err := l.Offer(t.Context(), "rankova", question, trainer); !errors.Is(err, library.ErrNotFound) {
		t.Errorf("a customer's message as a reply: %v", err)
	}
}

func TestAttachmentsTravelWithTheirEntry(t *testing.T) {
	l := libraryOn(databasetest.New(t))
	e := entry("a", "Де меню", "Ось воно.")
	e.Files = []knowledge.File{{Name: "menu.pdf", Type: "application/pdf", Size: 4, Sum: "2c26b46b", Data: []byte("%PDF")}}
	mustImport(t, l, e)
	got, err := l.Entries(t.Context(), "rankova", false)
	if err != nil || len(got) != 1 || len(got[0].Files) != 1 || string(got[0].Files[0].Data) != "%PDF" || got[0].Files[0].Name != "menu.pdf" {
		t.Fatalf("%+v, %v; want the attachment with its content", got, err)
	}
	if r := mustImport(t, l, got...); r.Unchanged != 1 {
		t.Errorf("what was exported comes back changed: %+v", r)
	}
	if _, err := l.OpenFile(t.Context(), "rankova", "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unknown attachment: %v", err)
	}
}

// Two trainers at once: one wins, the other is told to look again.
func TestSomebodyElsePublishedMeanwhile(t *testing.T) {
	db := databasetest.New(t)
	here, there := libraryOn(db), libraryOn(db)
	mustImport(t, here, entry("a", "Де чек", "1"))
	save(t, here, entry("b", "Яка ціна", "2"))
	// The other one publishes between the look and the change.
	there.Store = interfering{there.Store, func() { publish(t, here) }}
	_, err := there.Publish(t.Context(), "rankova", library.Publishing{By: trainer})
	if !errors.Is(err, library.ErrMeanwhile) {
		t.Fatalf("Publish = %v, want ErrMeanwhile", err)
	}
	if v := version(t, db); v != 2 {
		t.Errorf("version %d, want 2: one publish", v)
	}
}

// interfering lets something happen before a transaction begins.
type interfering struct {
	library.Store
	before func()
}

func (s interfering) InTx(ctx context.Context, brand string, do func(context.Context, library.Tx) error) error {
	s.before()
	return s.Store.InTx(ctx, brand, do)
}

// Verdicts that disprove the shipped threshold raise it, for every replica.
func TestVerdictsMoveTheThreshold(t *testing.T) {
	db := databasetest.New(t)
	here, there := libraryOn(db), libraryOn(db)
	mustImport(t, here, entry("a", "Де чек", "1"), entry("b", "Яка ціна", "2"))
	shipped := ask(t, there, "Де чек?").Threshold
	verdicts := func(n int, verdict string, confidence float64) {
		t.Helper()
		for i := range n {
			id := judged(t, db, fmt.Sprintf("питання %s %v %d", verdict, confidence, i), "a", verdict, "")
			_, err := db.Pool.Exec(t.Context(), `UPDATE decisions SET reason = 'sure', top = 'a', confidence = $2 WHERE message_id = $1`, id, confidence)
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	verdicts(30, "confirmed", 0.999) // word for word: no threshold is asked
	verdicts(12, "confirmed", 0.96)
	verdicts(7, "wrong", 0.9)
	if _, moved, err := here.ReviewThreshold(t.Context(), "rankova"); err != nil || moved {
		t.Fatalf("19 verdicts moved it: %t, %v", moved, err)
	}
	verdicts(1, "unhelpful", 0.9)
	c, moved, err := here.ReviewThreshold(t.Context(), "rankova")
	if err != nil || !moved || c.From != shipped || math.Abs(c.To-0.96) > 1e-6 || c.Verdicts != 20 {
		t.Fatalf("%+v, %t, %v; want it raised to where verdicts are right", c, moved, err)
	}
	if err := there.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, l := range []*library.Library{here, there} {
		if got := ask(t, l, "Де чек?").Threshold; got != c.To {
			t.Errorf("decided at %v, want %v", got, c.To)
		}
	}
	if _, moved, err := here.ReviewThreshold(t.Context(), "rankova"); err != nil || moved {
		t.Errorf("moved again: %t, %v", moved, err)
	}
	// The brand wants another precision: what was found for the old one is void.
	there.Options = func(string) knowledge.Options { return knowledge.Options{Precision: 0.5} }
	save(t, there, entry("c", "Хто там", "3"))
	publish(t, there)
	if got := ask(t, there, "Де чек?").Threshold; got >= c.To {
		t.Errorf("for a precision of 50 %%: %v", got)
	}
}
