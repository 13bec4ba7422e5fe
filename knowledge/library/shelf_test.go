package library_test

import (
	"context"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/library"
	"github.com/poruch/poruch/knowledge/postgres"
)

func TestMain(m *testing.M) { os.Exit(databasetest.Main(m)) }

// noon is when every test begins.
var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

var trainer = library.By{Author: "olena", Reason: "the rules changed"}

func libraryOn(db *database.DB) *library.Library {
	now := func() time.Time { return noon }
	return &library.Library{Store: postgres.NewStore(db, now), Now: now, Log: slog.New(slog.DiscardHandler)}
}

func entry(id, title, answer string) knowledge.Entry {
	return knowledge.Entry{
		ID: id, Title: title, Phrasings: []string{title + " сьогодні"}, Tags: []string{"t"},
		Answers: map[knowledge.Lang]string{knowledge.Ukrainian: answer}, Lang: knowledge.Ukrainian,
	}
}

func ask(t *testing.T, l *library.Library, text string) knowledge.Decision {
	t.Helper()
	d, err := l.Decide(t.Context(), "rankova", knowledge.Question{Text: text, Private: true})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustImport(t *testing.T, l *library.Library, entries ...knowledge.Entry) library.Imported {
	t.Helper()
	r, err := l.Import(t.Context(), "rankova", entries, library.Importing{By: trainer, Yes: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func version(t *testing.T, db *database.DB) (v int64) {
	t.Helper()
	if err := db.Pool.QueryRow(t.Context(), `SELECT version FROM knowledge_books WHERE brand = 'rankova'`).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestImportCountsAndBumpsTheVersion(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	a, b, c := entry("a", "Де чек", "1"), entry("b", "Яка ціна", "2"), entry("c", "Коли привезуть", "3")
	for _, step := range []struct {
		entries []knowledge.Entry
		want    library.Imported
		version int64
	}{
		{[]knowledge.Entry{a, b}, library.Imported{Added: 2}, 1},
		{[]knowledge.Entry{a, b}, library.Imported{Unchanged: 2}, 1},
		{[]knowledge.Entry{b, a}, library.Imported{Unchanged: 2}, 2}, // a new order is a change of the book
		{[]knowledge.Entry{c, entry("b", "Яка ціна", "інша")}, library.Imported{Added: 1, Changed: 1, Removed: 1}, 3},
		{nil, library.Imported{Removed: 2}, 4},
	} {
		got := mustImport(t, l, step.entries...)
		if got.Report = (library.Report{}); !reflect.DeepEqual(got, step.want) {
			t.Errorf("Import = %+v, want %+v", got, step.want)
		}
		if got := version(t, db); got != step.version {
			t.Errorf("version %d, want %d", got, step.version)
		}
		stored, err := l.Entries(t.Context(), "rankova", false)
		if err != nil || len(stored) != len(step.entries) {
			t.Fatalf("Entries = %d, %v; want %d", len(stored), err, len(step.entries))
		}
		for i, e := range stored {
			if e.ID != step.entries[i].ID || e.Answers[knowledge.Ukrainian] != step.entries[i].Answers[knowledge.Ukrainian] {
				t.Errorf("entry %d is %q, want %q with its answer", i, e.ID, step.entries[i].ID)
			}
		}
	}
}

func TestDecideFollowsAnImport(t *testing.T) {
	l := libraryOn(databasetest.New(t))
	if d := ask(t, l, "Де чек?"); d.Action != knowledge.HandOff || d.Reason != knowledge.Unsure {
		t.Fatalf("an empty brand decided %s/%s, want a hand-off", d.Action, d.Reason)
	}
	mustImport(t, l, entry("a", "Де чек", "В пошті."))
	if d := ask(t, l, "Де чек?"); d.Action != knowledge.Answer || d.Entry() != "a" {
		t.Fatalf("decided %s %q, want the answer a", d.Action, d.Entry())
	}
	e, ok, err := l.Entry(t.Context(), "rankova", "a")
	if err != nil || !ok || e.Answers[knowledge.Ukrainian] != "В пошті." {
		t.Fatalf("Entry = %+v, %t, %v", e, ok, err)
	}
	if _, ok, err := l.Entry(t.Context(), "other", "a"); ok || err != nil {
		t.Fatalf("another brand has the entry too: %t, %v", ok, err)
	}
}

func TestRefreshBringsAnotherReplicasImport(t *testing.T) {
	db := databasetest.New(t)
	here, there := libraryOn(db), libraryOn(db)
	mustImport(t, here, entry("a", "Де чек", "1"))
	if d := ask(t, there, "Де чек?"); d.Entry() != "a" {
		t.Fatalf("decided %+v, want a", d)
	}
	mustImport(t, here, entry("b", "Де чек", "2"))
	if d := ask(t, there, "Де чек?"); d.Entry() != "a" {
		t.Fatalf("before Refresh: %q, want the old a", d.Entry())
	}
	if err := there.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := ask(t, there, "Де чек?"); d.Entry() != "b" {
		t.Fatalf("after Refresh: %q, want b", d.Entry())
	}
}

func TestFailedRefreshKeepsTheOldBook(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	mustImport(t, l, entry("a", "Де чек", "1"))
	for _, statement := range []string{
		`DROP TRIGGER knowledge_revisions_append_only ON knowledge_revisions`,
		`UPDATE knowledge_revisions SET content = content || '{"answers": 7}'`, // the row cannot be read
		`UPDATE knowledge_books SET version = version + 1`,
	} {
		if _, err := db.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Refresh(t.Context()); err == nil || !strings.Contains(err.Error(), "rankova") {
		t.Fatalf("Refresh = %v, want an error that names the brand", err)
	}
	if d := ask(t, l, "Де чек?"); d.Entry() != "a" {
		t.Fatalf("decided %+v, want the old book's a", d)
	}
}

func TestFailedImportChangesNothing(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	mustImport(t, l, entry("a", "Де чек", "1"))
	twice := []knowledge.Entry{entry("b", "Яка ціна", "2"), entry("b", "Яка ціна", "2")}
	if _, err := l.Import(t.Context(), "rankova", twice, library.Importing{}); err == nil {
		t.Error("an id that is there twice was imported")
	}
	bad := entry("c", "Хто там", "3")
	bad.Lang = "xx"
	if _, err := l.Import(t.Context(), "rankova", []knowledge.Entry{entry("b", "Яка ціна", "2"), bad}, library.Importing{}); err == nil || !strings.Contains(err.Error(), `"c"`) {
		t.Errorf("Import = %v, want an error that names the bad entry", err)
	}
	if _, err := l.Import(t.Context(), "", nil, library.Importing{}); err == nil {
		t.Error("a brand without an id was imported")
	}
	if d := ask(t, l, "Де чек?"); d.Entry() != "a" || version(t, db) != 1 {
		t.Errorf("decided %+v at version %d, want a at 1", d, version(t, db))
	}
}

// Imports and questions at once: each question is answered from a whole book.
func TestImportsAndQuestionsTogether(t *testing.T) {
	db := databasetest.New(t)
	l := libraryOn(db)
	mustImport(t, l, entry("a", "Де чек", "1"))
	ctx, cancel := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for ctx.Err() == nil {
				d, err := l.Decide(t.Context(), "rankova", knowledge.Question{Text: "Де чек?", Private: true})
				if err != nil || d.Entry() != "a" && d.Entry() != "b" {
					t.Errorf("decided %+v, %v; want a or b", d, err)
					return
				}
			}
		})
	}
	var importing sync.WaitGroup
	for _, id := range []string{"a", "b"} {
		importing.Go(func() {
			for range 5 {
				if _, err := l.Import(t.Context(), "rankova", []knowledge.Entry{entry(id, "Де чек", "1")}, library.Importing{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	importing.Wait()
	cancel()
	asking.Wait()
	stored, err := l.Entries(t.Context(), "rankova", false)
	if err != nil || len(stored) != 1 {
		t.Fatalf("stored %d entries, %v; want the last import's one", len(stored), err)
	}
}
