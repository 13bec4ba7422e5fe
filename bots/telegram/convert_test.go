package telegram

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
	"github.com/google/go-cmp/cmp"

	"github.com/poruch/poruch/bots"
)

var update = flag.Bool("update", false, "write the golden files anew")

var rankova = models.User{ID: 123456, IsBot: true, FirstName: "Ранкова", Username: "rankova_bot"}

// payload is a file of testdata; @long@ in it stands for 100 kB of text.
func payload(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(raw, []byte("@long@"), []byte(strings.Repeat("довго ", 9_100)))
}

// Each testdata/NAME.json is an update as Telegram sends it, names changed, and
// NAME.golden what it becomes.
func TestConvert(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no payloads: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			raw := payload(t, path)
			m, id, why := convert(raw, "telegram", rankova)
			if why == "" {
				mustBeSound(t, m)
				if !bytes.Equal(m.Raw, raw) {
					t.Error("the payload is not kept")
				}
			}
			got := golden(t, m, id, why)
			path := strings.TrimSuffix(path, ".json") + ".golden"
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v; run with -update and look at what it writes", err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// golden is what a person checks: the message without its payload, long texts
// cut, every invisible character visible.
func golden(t *testing.T, m bots.Message, id int64, why string) []byte {
	t.Helper()
	m.Raw = nil
	if n := len(m.Text.Plain); n > 1000 {
		m.Text.Plain = fmt.Sprintf("%.30s… (%d bytes)", m.Text.Plain, n)
	}
	all := map[string]any{"update": id}
	if why != "" {
		all["unread"] = why
	} else {
		all["message"] = m
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(all); err != nil {
		t.Fatal(err)
	}
	invisible := strings.NewReplacer("\u200b", `\u200b`, "\u200d", `\u200d`, "\ufeff", `\ufeff`, "\u2060", `\u2060`)
	return []byte(invisible.Replace(b.String()))
}

// mustBeSound: what every store and console relies on.
func mustBeSound(t testing.TB, m bots.Message) {
	t.Helper()
	if m.UpdateID == "" || m.Kind == "" || m.From.Bot == "" || m.From.Chat == "" {
		t.Errorf("without id, kind or place: %+v", m)
	}
	if m.Kind == bots.New && (m.ID == "" || m.Author.ID == "") {
		t.Errorf("without message or author: %+v", m)
	}
	all := []string{
		m.Text.Plain, string(m.ID), m.Author.Name, m.Author.Username, m.Author.Language, m.Chat.Title, m.Chat.Link,
		m.Album, string(m.ReplyTo), m.Command, m.Button, m.PressID, m.UpdateID,
	}
	for _, f := range m.Files {
		all = append(all, string(f.ID), string(f.Kind), f.Name, f.MIME, f.Note)
	}
	for _, s := range m.Text.Spans {
		all = append(all, s.URL)
	}
	for _, s := range all {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("a string that no store takes: %q", s)
		}
	}
	if len(m.Text.Plain) > bots.MaxText {
		t.Errorf("%d bytes of text", len(m.Text.Plain))
	}
	if y := m.SentAt.Year(); y < 1970 || y > 2107 {
		t.Errorf("a time that no store takes: %s", m.SentAt)
	}
	mustNest(t, m.Text)
}

// mustNest: spans are ordered, lie on rune borders, and nest or keep apart.
func mustNest(t interface{ Errorf(string, ...any) }, text bots.Text) {
	var open []bots.Span
	last := 0
	for _, s := range text.Spans {
		if s.Start < last || s.Start >= s.End || s.End > len(text.Plain) {
			t.Errorf("span %+v is empty, out of order or out of the text (%d bytes)", s, len(text.Plain))
			return
		}
		if !utf8.RuneStart(text.Plain[s.Start]) || s.End < len(text.Plain) && !utf8.RuneStart(text.Plain[s.End]) {
			t.Errorf("span %+v cuts a rune", s)
		}
		for len(open) > 0 && open[len(open)-1].End <= s.Start {
			open = open[:len(open)-1]
		}
		if len(open) > 0 && s.End > open[len(open)-1].End {
			t.Errorf("spans %+v and %+v cross", open[len(open)-1], s)
		}
		open, last = append(open, s), s.Start
	}
}

func FuzzConvert(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.json")
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, id, why := convert(raw, "telegram", rankova)
		if updateID(raw, id) == "" {
			t.Error("an update without any id")
		}
		if why == "" {
			mustBeSound(t, m)
		}
	})
}

// Whatever arrives in place of an answer ends in updates or in an error.
func FuzzReadAnswer(f *testing.F) {
	f.Add([]byte(`{"ok": true, "result": [{"update_id": 1}, {"update_id": 2, "x": "\q"}]}`))
	f.Add([]byte(`{"ok": true, "result": [{"update_id": 1}`))
	f.Add([]byte(`{"ok": false, "error_code": 429, "parameters": {"retry_after": 3}}`))
	f.Add([]byte(`<html>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		raws, err := readAnswer(body)
		if err != nil && len(raws) > 0 {
			t.Error("updates and an error")
		}
		for _, raw := range raws {
			if !json.Valid(raw) {
				t.Errorf("update %q is not JSON", raw)
			}
		}
	})
}
