package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/poruch/poruch/knowledge/files"
)

// A chain through every format ends with what it began with.
func TestKBConvertLosesNothing(t *testing.T) {
	dir, last := t.TempDir(), demoKnowledge
	for _, name := range []string{"kb.csv", "kb.md", "kb.tsv", "kb.jsonl", "kb.yaml"} {
		next := filepath.Join(dir, name)
		if err := runKB(t, noLibrary, "convert", last, next); err != nil {
			t.Fatal(err)
		}
		last = next
	}
	want, err := readKnowledge(demoKnowledge, files.Parse)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readKnowledge(last, files.Parse)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%d entries came back other than the %d that left: %v", len(got), len(want), err)
	}
}

func TestKBConvertKeepsTheOldFile(t *testing.T) {
	from := file(t, "kb.jsonl", `{"id": "a", "title": "Меню?", "answer": "Ось.", "files": [{"name": "menu.pdf", "type": "application/pdf", "data": "eA=="}]}`)
	to := file(t, "kb.csv", "old")
	err := runKB(t, noLibrary, "convert", from, to)
	if err == nil || !strings.Contains(err.Error(), "menu.pdf") {
		t.Errorf("convert = %v, want an error that names the file", err)
	}
	left, readErr := os.ReadDir(filepath.Dir(to))
	data, err := os.ReadFile(to)
	if readErr != nil || err != nil || string(data) != "old" || len(left) != 1 {
		t.Errorf("%q and %d files are there, %v, %v", data, len(left), readErr, err)
	}
	for _, args := range [][]string{{"--to-format", "xls"}, {"--from-format", "yaml"}} {
		if err := runKB(t, noLibrary, append([]string{"convert", from, "-"}, args...)...); err == nil {
			t.Errorf("convert %q passed", args)
		}
	}
}

func TestKBValidateForScripts(t *testing.T) {
	good := file(t, "good.txt", "питання;відповідь;діє до\nАкція?;10 %;2020-01-31\n")
	bad := file(t, "bad.csv", "title,answer\nДе?,\n")
	var out bytes.Buffer
	c := KBValidateCmd{Files: []string{good}, formatFlag: formatFlag{"csv"}, JSON: true}
	if err := c.validate(&out); err != nil {
		t.Fatal(err)
	}
	c = KBValidateCmd{Files: []string{bad, "/nowhere/at-all.md"}, JSON: true}
	if err := c.validate(&out); err == nil || !strings.Contains(err.Error(), "bad.csv:2: there is no answer") {
		t.Errorf("a bad file: %v", err)
	}
	var got []validated
	for line := range bytes.Lines(out.Bytes()) {
		var v validated
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	if len(got) != 3 {
		t.Fatalf("%d objects for 3 files: %s", len(got), out.String())
	}
	if v := got[0]; v.Entries != 1 || len(v.Mistakes) != 0 || len(v.Warnings) != 1 || v.Warnings[0].Line != 2 {
		t.Errorf("a good file with a warning: %+v", v)
	}
	if v := got[1]; v.Entries != 0 || len(v.Mistakes) != 1 || v.Mistakes[0].Line != 2 {
		t.Errorf("a bad file: %+v", v)
	}
	if v := got[2]; len(v.Mistakes) != 1 || !strings.Contains(v.Mistakes[0].Text, "at-all.md") {
		t.Errorf("no file: %+v", v)
	}
}

func TestKBValidatePrintsWarnings(t *testing.T) {
	var out bytes.Buffer
	path := file(t, "kb.csv", "title,answer,until\nАкція?,10 %,2020-01-31\n")
	if err := (&KBValidateCmd{Files: []string{path}}).validate(&out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "kb.csv:2: ") || !strings.Contains(out.String(), "1 entries, no mistakes") {
		t.Errorf("printed %q", out.String())
	}
}
