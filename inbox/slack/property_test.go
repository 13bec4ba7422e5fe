package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/poruch/poruch/bots"
)

// fataler is a test, a fuzz target or a property.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// wellFormed: valid UTF-8 without NUL; spans in range, on characters' borders,
// ordered, nested or disjoint.
func wellFormed(t fataler, text bots.Text) {
	t.Helper()
	if !utf8.ValidString(text.Plain) || strings.Contains(text.Plain, "\x00") {
		t.Fatalf("not a text: %q", text.Plain)
	}
	border := func(at int) bool { return at == len(text.Plain) || utf8.RuneStart(text.Plain[at]) }
	for i, s := range text.Spans {
		if s.Start < 0 || s.End > len(text.Plain) || s.Start >= s.End || !border(s.Start) || !border(s.End) {
			t.Fatalf("span %+v of %q", s, text.Plain)
		}
		if s.Kind == bots.Link && strings.Contains(s.URL, "slack.com") {
			t.Fatalf("a link into Slack: %+v", s)
		}
		for _, o := range text.Spans[:i] {
			if o.Start > s.Start || o.Start < s.Start && s.Start < o.End && o.End < s.End || o.Start == s.Start && o.End < s.End {
				t.Fatalf("spans %+v and %+v", o, s)
			}
		}
	}
}

// secret is in each id that a generated message holds.
const secret = "0SECRET"

// written is mrkdwn as Slack makes it of what people write: what they typed is
// escaped, the rest are its own tokens.
func written() *rapid.Generator[string] {
	typedText := rapid.Custom(func(t *rapid.T) string { return escape.Replace(rapid.String().Draw(t, "typed")) })
	name := rapid.StringMatching("[a-zа-я*_~ ]{0,3}`?")
	token := rapid.Custom(func(t *rapid.T) string {
		id := rapid.SampledFrom([]string{"@U" + secret, "#C" + secret, "!subteam^S" + secret, "!here", "!channel", "!date^1^{date}",
			"https://team.slack.com/archives/C" + secret, "https://rankova.example/*_a_*", "mailto:a@b.example"}).Draw(t, "id")
		shown := name.Draw(t, "label")
		if shown == "" && !strings.HasPrefix(id, "https://team") {
			return "<" + id + ">"
		}
		return "<" + id + "|x" + shown + ">"
	})
	mark := rapid.SampledFrom([]string{"*", "_", "~", "`", "```", "\n", "\n&gt; ", " ", "&gt; ", "*_", "_*", "a*", "*a"})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(mark, token, typedText), 0, 20).Draw(t, "parts"), "")
	})
}

func TestMrkdwnKeepsIDsInSlack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := written().Draw(t, "mrkdwn")
		got := agentText(nil, in, nobody)
		wellFormed(t, got)
		if strings.Contains(got.Plain, secret) {
			t.Fatalf("%q became %q", in, got.Plain)
		}
	})
}

// richElement is anything that a rich text may hold, ids included.
func richElement(depth int) *rapid.Generator[map[string]any] {
	return rapid.Custom(func(t *rapid.T) map[string]any {
		kinds := []string{"text", "link", "user", "usergroup", "channel", "team", "broadcast", "emoji", "date", "color", "hologram"}
		if depth > 0 {
			kinds = append(kinds, "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
		}
		e := map[string]any{
			"type": rapid.SampledFrom(kinds).Draw(t, "type"), "text": rapid.String().Draw(t, "text"),
			"user_id": "U" + secret, "usergroup_id": "S" + secret, "channel_id": "C" + secret, "team_id": "T" + secret, "range": "here",
			"url":     rapid.SampledFrom([]string{"https://rankova.example", "javascript:1", "tel:1", "%"}).Draw(t, "url"),
			"unicode": rapid.SampledFrom([]string{"", "1f917", "1f1fa-1f1e6", "zz", "d800", "110000"}).Draw(t, "unicode"),
			"style":   rapid.SampledFrom([]any{nil, "ordered", map[string]bool{"bold": true, "italic": true}, 7}).Draw(t, "style"),
			"indent":  rapid.IntRange(-1, 9).Draw(t, "indent"),
		}
		if depth > 0 {
			e["elements"] = rapid.SliceOfN(richElement(depth-1), 0, 3).Draw(t, "elements")
		}
		return e
	})
}

func TestRichTextKeepsIDsInSlack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw, err := json.Marshal([]any{map[string]any{"type": "rich_text", "elements": rapid.SliceOfN(richElement(3), 0, 4).Draw(t, "parts")}})
		if err != nil {
			t.Fatal(err)
		}
		got := agentText(raw, "", nobody)
		wellFormed(t, got)
		if strings.Contains(got.Plain, secret) {
			t.Fatalf("%s became %q", raw, got.Plain)
		}
	})
}

// hostile is text of the kind that breaks pages.
func hostile() *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"\u202e", "\u2066", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u3164", "\u2800", "\r", "\x1b[31m", "\x00", "\u2028", "\ufe0f", "\u200d",
		"👨‍👩‍👧", "❤️", "e\u0301", strings.Repeat("\u0336\u0489", 9), "\u0336\ufe0f\u0336", "<!channel>", "&", "\xff", "\U000e0041",
	}))
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "pieces"), "")
	})
}

func TestCleanLeavesOnlyWhatIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := hostile().Draw(t, "text")
		got := clean(in)
		if again := clean(got); again != got {
			t.Fatalf("%q changes once more: %q", got, again)
		}
		readable(t, got)
		if line := cleanLine(in); strings.ContainsAny(line, "\n\t") || strings.TrimSpace(line) != line {
			t.Fatalf("not a line: %q", line)
		}
		n := rapid.IntRange(1, 50).Draw(t, "n")
		if short := cut(got, n); utf8.RuneCountInString(short) > n || !utf8.ValidString(short) {
			t.Fatalf("cut to %d: %q", n, short)
		}
		if text := fallback(in); strings.ContainsAny(text, "<>") || utf8.RuneCountInString(text) > maxText {
			t.Fatalf("fallback %q", text)
		}
	})
}

// readable: nothing that hides, reverses or piles up.
func readable(t fataler, s string) {
	t.Helper()
	marks := 0
	for _, r := range s {
		switch {
		case r == '\n', r == '\t', r == zwj: // joins pictures
		case r == emojiStyle:
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), invisible(r):
			t.Fatalf("%U is left in %q", r, s)
		}
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) {
			marks++
		} else {
			marks = 0
		}
		if marks > maxMarks {
			t.Fatalf("marks pile up in %q", s)
		}
	}
}

func FuzzAgentText(f *testing.F) {
	for _, s := range []string{"*a* _b_ ~c~ `d`", "<@U1> <!here> <https://x.y|z>", "```a```", "&gt; q\n", "*_~`<|>", `[{"type":"rich_text"}]`} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, blocks, mrkdwn string) {
		wellFormed(t, agentText([]byte(blocks), mrkdwn, nobody))
		wellFormed(t, agentText(nil, mrkdwn, nobody))
	})
}

func FuzzFromMrkdwn(f *testing.F) {
	for _, s := range []string{"*a <@U1|b*c> d*", "`<@U1>`", "```\n<https://x.y|z>\n```", "&gt; &amp;lt; q\n&gt; r", "~a\n~", "<<@U1>>", "*<*>*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, mrkdwn string) { wellFormed(t, fromMrkdwn(mrkdwn, nobody)) })
}

func FuzzReadEvent(f *testing.F) {
	for _, s := range []string{
		`{"event_id":"Ev1","event":{"type":"message","subtype":"message_changed","message":{"user":"U1","ts":"2.0","thread_ts":"1.0"}}}`,
		`{"event_id":"Ev1","event":{"type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"user":"U1","ts":"2.0","thread_ts":"1.0"}}}`,
		`{"event_id":"Ev1","authorizations":[{"user_id":"U1","is_bot":true}],"event":{"type":"message","channel":"C1","user":"U1","ts":"2.0","thread_ts":"1.0","files":[{"id":"F1"}]}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		readEnvelope(raw)
		e, ok := readEvent(raw)
		if !ok {
			return
		}
		if e.id == "" || e.kind == "" || e.thread.TS == "" || e.thread.Channel == "" || e.message.User == "" || e.message.TS == "" || e.message.BotID != "" {
			t.Fatalf("incomplete: %+v", e)
		}
		wellFormed(t, agentText(e.message.Blocks, e.message.Text, nobody))
	})
}
