package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
	"github.com/poruch/poruch/knowledge/library"
	kbpostgres "github.com/poruch/poruch/knowledge/postgres"
)

const demoKnowledge = "../../configs/brands/rankova/knowledge.yaml"

// runKB runs a command line of kb as main does.
func runKB(t *testing.T, open openKnowledge, args ...string) error {
	t.Helper()
	var cli struct {
		KB KBCmd `cmd:"" name:"kb"`
	}
	parser, err := kong.New(&cli, kong.BindTo(t.Context(), (*context.Context)(nil)), kong.Bind(open))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := parser.Parse(append([]string{"kb"}, args...))
	if err != nil {
		return err
	}
	return ctx.Run()
}

// printed runs a command line of kb and returns what it prints.
func printed(t *testing.T, open openKnowledge, args ...string) (string, error) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = w
	read := make(chan string)
	go func() {
		text, _ := io.ReadAll(r)
		read <- string(text)
	}()
	err = runKB(t, open, args...)
	os.Stdout = stdout
	w.Close()
	return <-read, err
}

// on is the trainers' side of a database.
func on(db *database.DB) openKnowledge {
	return func(context.Context, config.Config) (trainersSide, func(), error) {
		lib := &library.Library{Store: kbpostgres.NewStore(db, time.Now), Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		return trainersSide{lib, kbpostgres.NewGaps(db), kbpostgres.NewScorecard(db)}, func() {}, nil
	}
}

func noLibrary(context.Context, config.Config) (trainersSide, func(), error) {
	return trainersSide{}, nil, errors.New("no database here")
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestKBAskPrintsTheStableFields(t *testing.T) {
	c := KBAskCmd{bookFlags: bookFlags{KB: demoKnowledge}, JSONL: true}
	book, err := c.book()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	long := strings.Repeat("довго ", 20_000)
	in := "Скільки триває доставка?\r\n\nЧи можна орендувати вашу кавʼярню для весілля на сорок гостей?\n" + long
	if err := c.ask(book, strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	for line := range bytes.Lines(out.Bytes()) {
		var o map[string]any
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		got = append(got, o)
	}
	if len(got) != 4 {
		t.Fatalf("%d lines for 4 questions", len(got))
	}
	for _, key := range []string{"text", "decision", "id", "confidence", "candidates", "lang", "micros"} {
		if _, ok := got[0][key]; !ok {
			t.Errorf("no %q in the output", key)
		}
	}
	if got[0]["decision"] != "answer" || got[0]["id"] != "delivery-time" || got[0]["lang"] != "uk" || got[0]["confidence"].(float64) < 0.99 {
		t.Errorf("a title: %v", got[0])
	}
	if got[1]["decision"] != "ignore" || got[1]["text"] != "" {
		t.Errorf("an empty line: %v", got[1])
	}
	if got[2]["decision"] != "handoff" || got[2]["id"] != nil {
		t.Errorf("a question without an entry: %v", got[2])
	}
	if got[3]["text"] != strings.TrimRight(long, "\r\n") {
		t.Error("a long last line without an end was cut")
	}
}

func TestMeasureCounts(t *testing.T) {
	book, err := knowledge.NewBook([]knowledge.Entry{
		{ID: "a", Title: "Де чек", Lang: "uk"}, {ID: "b", Title: "Яка ціна", Lang: "uk"},
	}, knowledge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := "a", "b"
	m := measure(book, []labelled{
		{"Де чек?", &a}, {"Яка ціна?", &a}, {"Яка ціна?", nil}, {"Яка ціна", &b}, {"Хто виграв матч?", nil},
	}, bookFlags{}.question)
	if m.Queries != 5 || m.InScope != 3 {
		t.Errorf("queries %d, in scope %d; want 5, 3", m.Queries, m.InScope)
	}
	if m.Coverage != 0.8 || *m.Precision != 0.5 || *m.OOSRejected != 0.5 || *m.Top1 != 2.0/3 {
		t.Errorf("coverage %v, precision %v, rejected %v, top1 %v; want 0.8, 0.5, 0.5, 0.667", m.Coverage, *m.Precision, *m.OOSRejected, *m.Top1)
	}
}

func TestCoverageAt(t *testing.T) {
	for name, c := range map[string]struct {
		curve []graded
		want  float64
	}{
		"none":                    {nil, 0},
		"all right":               {[]graded{{0.9, true}, {0.8, true}}, 0.5},
		"stops before the error":  {[]graded{{0.7, false}, {0.9, true}}, 0.25},
		"equals stand together":   {[]graded{{0.9, true}, {0.9, false}}, 0},
		"recovers after an error": {append([]graded{{0.99, false}}, many(40)...), 41.0 / 4},
	} {
		if got := coverageAt(c.curve, 0.95, 4); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func many(n int) (list []graded) {
	for range n {
		list = append(list, graded{0.5, true})
	}
	return list
}

func TestKBValidateListsEveryFile(t *testing.T) {
	bad := file(t, "bad.jsonl", "{\"id\": \"a\"}\n{")
	err := runKB(t, noLibrary, "validate", bad, demoKnowledge, "/nowhere/at-all.yaml")
	if err == nil {
		t.Fatal("a bad file passed")
	}
	for _, want := range []string{"bad.jsonl:1: ", "bad.jsonl:2: ", "at-all.yaml"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in the error: %v", want, err)
		}
	}
	if err := runKB(t, noLibrary, "validate", demoKnowledge); err != nil {
		t.Errorf("the demo's knowledge: %v", err)
	}
}

func TestKBEvalRefusesUnknownEntries(t *testing.T) {
	queries := file(t, "q.jsonl", `{"text": "Де чек?", "expect": "no-such-entry"}`)
	err := runKB(t, noLibrary, "eval", "--kb", demoKnowledge, "--queries", queries, "--json")
	if err == nil || !strings.Contains(err.Error(), "no-such-entry") {
		t.Fatalf("eval = %v, want an error that names the entry", err)
	}
	if err := runKB(t, noLibrary, "eval", "--kb", demoKnowledge, "--queries", file(t, "q.jsonl", "{\n")); err == nil || !strings.Contains(err.Error(), "q.jsonl:1") {
		t.Fatalf("eval = %v, want an error with the line", err)
	}
}

func TestKBImportAndExportAreInverse(t *testing.T) {
	db := databasetest.New(t)
	closed := 0
	open := func(ctx context.Context, cfg config.Config) (trainersSide, func(), error) {
		side, _, err := on(db)(ctx, cfg)
		return side, func() { closed++ }, err
	}
	out := filepath.Join(t.TempDir(), "out.jsonl")
	if err := runKB(t, open, "export", "--brand", "rankova", out); err == nil || !strings.Contains(err.Error(), "kb import") {
		t.Errorf("export of nothing = %v, want advice to import", err)
	}
	for _, args := range [][]string{{"import", demoKnowledge, "--brand", "rankova"}, {"export", out, "--brand", "rankova"}} {
		if err := runKB(t, open, args...); err != nil {
			t.Fatal(err)
		}
	}
	want, err := readKnowledge(demoKnowledge, files.Parse)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readKnowledge(out, files.Parse)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		want[i].Trust = knowledge.Auto // what is exported says so
	}
	if len(got) != 60 || !reflect.DeepEqual(got, want) {
		t.Errorf("exported %d entries that differ from the imported %d", len(got), len(want))
	}
	if closed != 3 {
		t.Errorf("the database was closed %d times of 3", closed)
	}
}
