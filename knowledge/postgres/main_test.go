package postgres_test

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/library"
	"github.com/poruch/poruch/knowledge/postgres"
)

func TestMain(m *testing.M) { os.Exit(databasetest.Main(m)) }

func libraryOn(db *database.DB) *library.Library {
	return &library.Library{Store: postgres.NewStore(db, time.Now), Now: time.Now, Log: slog.New(slog.DiscardHandler)}
}

func entry(id, title, answer string) knowledge.Entry {
	return knowledge.Entry{
		ID: id, Title: title, Phrasings: []string{title + " сьогодні"}, Tags: []string{"t"},
		Answers: map[knowledge.Lang]string{knowledge.Ukrainian: answer}, Lang: knowledge.Ukrainian,
	}
}

func mustImport(t *testing.T, l *library.Library, entries ...knowledge.Entry) {
	t.Helper()
	if _, err := l.Import(t.Context(), "rankova", entries, library.Importing{By: library.By{Author: "olena"}}); err != nil {
		t.Fatal(err)
	}
}
