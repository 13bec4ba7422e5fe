package slack_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
)

// mark is in each hostile text, so that the wire shows where it went.
const mark = "zqx"

var attacks = map[string]string{
	"ping of all":     "<!channel> <!here> <!everyone> @channel @here " + mark,
	"ping of one":     "<@U0OLENA> <@U0TARAS|Олена> @olena " + mark,
	"group, channel":  "<!subteam^S1|@team> <#C0INBOX|inbox> #inbox " + mark,
	"formatting":      "*bold* _italic_ ~strike~ `code` ```block``` > quote\n> quote\n• list\n1. list " + mark,
	"links":           "<https://evil.example|Slack> https://evil.example evil.example mailto:a@b.example " + mark,
	"escaped already": "&lt;!channel&gt; &amp;lt;!here&amp;gt; " + mark,
	"emoji":           ":wave: :tada::skin-tone-2: " + mark,
	"date":            "<!date^1392734382^{date}|never> " + mark,
	"JSON":            `"}]},{"type":"rich_text_section","elements":[{"type":"broadcast","range":"channel"}]} ` + mark,
	"bidi":            "\u202egnp.exe\u202c \u2066x\u2069 \u200f " + mark,
	"zero width":      "z\u200bq\u2060x\ufeff " + mark + "\u200b\u200c\u00ad",
	"Zalgo":           "з" + strings.Repeat("\u0336\u0315\u0489", 40) + " " + mark,
	"Zalgo as emoji":  "з" + strings.Repeat("\u0336\ufe0f", 40) + " " + mark,
	"control":         "\x00\x1b[2J\r\x07\u0085 " + mark,
	"bad UTF-8":       "\xff\xfe\xc3 " + mark,
	"100 kB":          mark + strings.Repeat(" <!channel> *жовтий*", 4000),
	"one long word":   mark + strings.Repeat("ж", 50_000),
	"line breaks":     mark + strings.Repeat("\n", 5000) + mark,
}

// say brings a text to staff by every way that a customer has.
func say(t testing.TB, w *world, text string) {
	t.Helper()
	ctx := t.Context()
	in := card()
	in.Question.Text, in.Contact.Name, in.Community = bots.Plain(text), text, text
	in.Question.Files = []bots.File{{Name: text}, {Note: text}}
	in.History = []inbox.Message{{Direction: inbox.FromContact, Text: bots.Plain(text)}}
	at, err := w.console.Open(ctx, channel, in)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	if err := w.console.Update(ctx, at, in); err != nil {
		t.Errorf("update: %v", err)
	}
	p := post("job-1", text)
	p.Author, p.Missing = text, []string{text}
	ref, err := w.console.Post(ctx, at, p)
	if err != nil {
		t.Fatalf("post: %v", err)
	}
	p.Missing, p.Edited, p.Before = nil, true, bots.Plain(text+" before")
	if err := w.console.Revise(ctx, ref, p); err != nil {
		t.Errorf("edit: %v", err)
	}
	p.Edited, p.Deleted = false, true
	if err := w.console.Revise(ctx, ref, p); err != nil {
		t.Errorf("deletion: %v", err)
	}
	p.Deleted, p.Key = false, "job-2"
	p.Files = []bots.Upload{upload(text, "data")}
	if _, err := w.console.Post(ctx, at, p); err != nil {
		t.Errorf("file: %v", err)
	}
}

func TestCustomersCannotHarm(t *testing.T) {
	for name, text := range attacks {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			say(t, w, text)
			harmless(t, w)
		})
	}
}

func TestNobodyCanHarm(t *testing.T) {
	w := newWorld(t)
	var pieces []string
	for _, text := range attacks {
		if len(text) < 200 {
			pieces = append(pieces, text, text[:len(text)/2])
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		piece := rapid.OneOf(rapid.String(), rapid.SampledFrom(pieces))
		say(t, w, mark+strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(rt, "text"), " "))
		harmless(t, w)
		w.mu.Lock()
		clear(w.wire)
		w.mu.Unlock()
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// harmless looks at all that went over the wire.
func harmless(t *testing.T, w *world) {
	t.Helper()
	for _, method := range []string{"chat.postMessage", "chat.update", "files.completeUploadExternal"} {
		for _, call := range w.said(method) {
			harmlessCall(t, method, call)
		}
	}
	for _, m := range w.Messages(channel) {
		if m.Blocks == nil {
			t.Errorf("Slack refused the blocks of %.80q", m.Text)
		}
	}
}

func harmlessCall(t *testing.T, method string, call url.Values) {
	t.Helper()
	text := call.Get("text")
	if strings.ContainsAny(text, "<>") || utf8.RuneCountInString(text) > 4000 {
		t.Errorf("%s: the fallback can ping or is too long: %.200q", method, text)
	}
	if method != "files.completeUploadExternal" && (call.Get("parse") != "none" || call.Get("unfurl_links") != "false" || call.Get("unfurl_media") != "false") {
		t.Errorf("%s: Slack would look for links in %.200v", method, call)
	}
	if call.Has("link_names") || call.Has("initial_comment") || call.Has("attachments") || call.Has("markdown_text") {
		t.Errorf("%s: words where Slack formats: %.200v", method, call)
	}
	readable(t, text)
	if name := call.Get("username"); strings.ContainsAny(name, "\n\t") || utf8.RuneCountInString(name) > 80 {
		t.Errorf("the name breaks the line: %q", name)
	}
	readable(t, call.Get("username"))
	var blocks any
	if err := json.Unmarshal([]byte(call.Get("blocks")), &blocks); err != nil {
		t.Fatalf("%s: blocks: %v", method, err)
	}
	harmlessBlocks(t, blocks)
}

// harmlessBlocks: what customers say stands in texts that Slack does not read,
// and nowhere is there anything that pings.
func harmlessBlocks(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			harmlessBlocks(t, x)
		}
	case map[string]any:
		kind, _ := v["type"].(string)
		switch kind {
		case "user", "usergroup", "broadcast", "channel", "emoji", "link", "date", "markdown":
			t.Errorf("a %s: %v", kind, v)
		}
		if text, ok := v["text"].(string); ok {
			readable(t, text)
			theirs := strings.Contains(text, mark)
			if kind != "plain_text" && kind != "text" && theirs {
				t.Errorf("customers' words are read as %s: %.200q", kind, text)
			}
			if v["emoji"] == true && theirs || kind == "mrkdwn" && v["verbatim"] != true && theirs {
				t.Errorf("customers' words are formatted: %.200v", v)
			}
		}
		for _, x := range v {
			harmlessBlocks(t, x)
		}
	}
}

// readable: nothing that hides, turns around or piles up.
func readable(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("not UTF-8: %.80q", s)
	}
	marks := 0
	for _, r := range s {
		switch {
		case r == '\n', r == '\t', r == '\u200d', r == '\ufe0f':
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			t.Errorf("%U in %.80q", r, s)
			return
		case unicode.Is(unicode.M, r):
			if marks++; marks > 3 {
				t.Errorf("marks pile up in %.80q", s)
				return
			}
		default:
			marks = 0
		}
	}
}

func TestWordsThatShowNothing(t *testing.T) {
	for _, text := range []string{"\u200b", "\u2060\ufeff\u00ad", "\u3164", "\u2800 \u2800", "\u202e\u202c", " \n\t", "\ufe0f", "\u0336"} {
		w := newWorld(t)
		at := w.thread(t)
		p := post("job-1", text)
		p.Author = text
		ref, err := w.console.Post(t.Context(), at, p)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if m := w.shown(t, ref.TS); !shows(t, m, "(no visible characters)") || m.Username != "No name · Telegram" {
			t.Errorf("%q: got %q %s", text, m.Username, m.Blocks)
		}
	}
}
