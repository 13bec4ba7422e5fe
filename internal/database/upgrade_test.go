package database_test

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/migrations"
)

// until are the migrations before one.
func until(t *testing.T, name string) fs.FS {
	t.Helper()
	files, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	some := fstest.MapFS{}
	for _, f := range files {
		if f >= name {
			continue
		}
		data, err := fs.ReadFile(migrations.FS, f)
		if err != nil {
			t.Fatal(err)
		}
		some[f] = &fstest.MapFile{Data: data}
	}
	return some
}

// Knowledge from before revisions answers as before, as each entry's first one.
func TestEntriesGetTheirFirstRevision(t *testing.T) {
	db, err := database.Open(t.Context(), database.Config{URL: blank(t), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	if err := db.Migrate(t.Context(), until(t, "0007")); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO knowledge_books VALUES ('rankova', 7, 'knowledge.yaml', now())`,
		`INSERT INTO knowledge_entries VALUES ('rankova', 'a', 'Де чек', '["чек де"]', '{"uk": "У пошті."}', '["t"]', 'uk', 3, now(), now())`,
	} {
		if _, err := db.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Migrate(t.Context(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	var live, position int
	var trust, title, phrasing, answer, lang string
	var version int64
	err = db.Pool.QueryRow(t.Context(), `
		SELECT e.live, e.position, e.trust, r.content->>'title', r.content->'phrasings'->>0, r.content->'answers'->>'uk', r.content->>'lang', b.version
		FROM knowledge_books b JOIN knowledge_entries e USING (brand)
		JOIN knowledge_revisions r ON r.brand = e.brand AND r.entry = e.id AND r.number = e.live`).
		Scan(&live, &position, &trust, &title, &phrasing, &answer, &lang, &version)
	if err != nil {
		t.Fatal(err)
	}
	if live != 1 || position != 3 || trust != "auto" || title != "Де чек" || phrasing != "чек де" || answer != "У пошті." || lang != "uk" || version != 7 {
		t.Errorf("after the upgrade: %d %d %q %q %q %q %q %d", live, position, trust, title, phrasing, answer, lang, version)
	}
}

// Every migration can be taken back, and made again.
func TestMigrationsGoDownAndUp(t *testing.T) {
	db, err := database.Open(t.Context(), database.Config{URL: blank(t), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	files, err := goose.NewProvider(goose.DialectPostgres, db.SQL, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func(context.Context) ([]*goose.MigrationResult, error){
		files.Up,
		func(ctx context.Context) ([]*goose.MigrationResult, error) { return files.DownTo(ctx, 0) },
		files.Up,
	} {
		if done, err := step(t.Context()); err != nil || len(done) == 0 {
			t.Fatalf("%d migrations done, %v", len(done), err)
		}
	}
}
