package telegram

import (
	"sort"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
	"pgregory.net/rapid"

	"github.com/poruch/poruch/bots"
)

// texts are words, emoji, white space and spans that nest.
func texts() *rapid.Generator[bots.Text] {
	pieces := []string{"слово", "a", "😀", "👩‍👩‍👧", " ", "  ", "\n", "\n\n", "\t", "é", "\u200b", strings.Repeat("x", 50), strings.Repeat(" ", 60)}
	return rapid.Custom(func(t *rapid.T) bots.Text {
		plain := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 120).Draw(t, "pieces"), "")
		var borders []int
		for i := range plain {
			borders = append(borders, i)
		}
		borders = append(borders, len(plain))
		text := bots.Text{Plain: plain}
		for range rapid.IntRange(0, 6).Draw(t, "spans") {
			a, b := rapid.SampledFrom(borders).Draw(t, "start"), rapid.SampledFrom(borders).Draw(t, "end")
			if a > b {
				a, b = b, a
			}
			if a < b {
				kind := rapid.SampledFrom([]bots.SpanKind{bots.Bold, bots.Italic, bots.Strike, bots.Code, bots.Quote}).Draw(t, "kind")
				text.Spans = append(text.Spans, bots.Span{Kind: kind, Start: a, End: b})
			}
		}
		text.Spans = nested(text.Spans)
		return text
	})
}

// visible is a text without white space, each rune with the spans over it.
func visible(parts ...bots.Text) (seen []string) {
	for _, p := range parts {
		for i, r := range p.Plain {
			if unicode.IsSpace(r) {
				continue
			}
			var over []string
			for _, s := range p.Spans {
				if s.Start <= i && i < s.End {
					over = append(over, string(s.Kind)+s.URL)
				}
			}
			sort.Strings(over)
			seen = append(seen, string(r)+strings.Join(over, ","))
		}
	}
	return seen
}

func TestSplitKeepsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text")
		most := rapid.IntRange(2, 200).Draw(t, "most")
		parts := split(text, most)
		if len(parts) == 0 {
			t.Fatal("no part at all")
		}
		for _, p := range parts {
			if units(p.Plain) > most {
				t.Errorf("a part has %d units, at most %d may", units(p.Plain), most)
			}
			if !utf8.ValidString(p.Plain) || len(parts) > 1 && strings.TrimSpace(p.Plain) == "" {
				t.Errorf("part %q is cut badly or empty", p.Plain)
			}
			mustNest(t, p)
		}
		if got, want := strings.Join(visible(parts...), " "), strings.Join(visible(text), " "); got != want {
			t.Errorf("split to\n%s\nwant\n%s", got, want)
		}
	})
}

func TestSplitCutsWherePeopleWould(t *testing.T) {
	for in, want := range map[string][]string{
		"":                             {""},
		"раз два":                      {"раз два"},
		"один два три чотири":          {"один два", "три чотири"},
		"один\nдва три чотири":         {"один", "два три", "чотири"},
		"один два\n\nтри":              {"один два", "три"},
		"десятьлітердесять":            {"десятьліте", "рдесять"},
		"           а":                 {"а"},
		"1234567😀😀":                    {"1234567😀", "😀"},
		"12345678😀😀":                   {"12345678😀", "😀"},
		"123456789😀":                   {"123456789", "😀"},
		"а" + strings.Repeat("\n", 99): {"а"},
	} {
		var got []string
		for _, p := range split(bots.Plain(in), 10) {
			got = append(got, p.Plain)
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("split(%q) = %q, want %q", in, got, want)
		}
	}
}

// What goes out and comes back is the same text with the same spans.
func TestEntitiesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text")
		back := textOf(&models.Message{Text: text.Plain, Entities: entities(text)})
		if back.Plain != text.Plain || strings.Join(visible(back), " ") != strings.Join(visible(text), " ") {
			t.Errorf("%+v came back as %+v", text, back)
		}
		mustNest(t, back)
	})
}

func TestCutUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts().Draw(t, "text").Plain
		most := rapid.IntRange(1, 50).Draw(t, "most")
		got := cutUnits(s, most)
		kept, cut := strings.CutSuffix(got, "…")
		if units(got) > most || !utf8.ValidString(got) || !strings.HasPrefix(s, kept) || !cut && got != s {
			t.Errorf("cutUnits(%q, %d) = %q", s, most, got)
		}
	})
}
