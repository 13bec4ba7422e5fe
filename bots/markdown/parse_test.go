package markdown_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/markdown"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in    string
		plain string
		spans []bots.Span
	}{
		{"", "", nil},
		{"просто текст", "просто текст", nil},
		{"**жирний** і *курсив*", "жирний і курсив", []bots.Span{
			{Kind: bots.Bold, Start: 0, End: 12}, {Kind: bots.Italic, Start: 16, End: 28}}},
		{"**a *b* c**", "a b c", []bots.Span{{Kind: bots.Bold, Start: 0, End: 5}, {Kind: bots.Italic, Start: 2, End: 3}}},
		{"~~ні~~ `x <b> *y*`", "ні x <b> *y*", []bots.Span{
			{Kind: bots.Strike, Start: 0, End: 4}, {Kind: bots.Code, Start: 5, End: 14}}},
		{"[сайт](https://example.com/a?b=1)", "сайт", []bots.Span{{Kind: bots.Link, Start: 0, End: 8, URL: "https://example.com/a?b=1"}}},
		{"[зло](javascript:alert(1))", "зло (javascript:alert(1))", nil},
		{"перший\n\nдругий\nтретій", "перший\n\nдругий\nтретій", nil},
		{"- раз\n- два", "• раз\n• два", nil},
		{"Ось:\n\n1. раз\n2. два", "Ось:\n\n1. раз\n2. два", nil},
		{"# не заголовок <b>не тег</b>", "# не заголовок <b>не тег</b>", nil},
		{"900 грн * 2 = 1800 грн", "900 грн * 2 = 1800 грн", nil},
		{"```\na  b\nc\n```", "a  b\nc", []bots.Span{{Kind: bots.Block, Start: 0, End: 6}}},
		{"> цитата", "цитата", []bots.Span{{Kind: bots.Quote, Start: 0, End: 12}}},
	} {
		got := markdown.Parse(c.in)
		if diff := cmp.Diff(bots.Text{Plain: c.plain, Spans: c.spans}, bots.Text{Plain: got.Plain, Spans: orNil(got.Spans)}); diff != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", c.in, diff)
		}
	}
}

func orNil(s []bots.Span) []bots.Span {
	if len(s) == 0 {
		return nil
	}
	return s
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "**a**", "- a\n  - b\n\n  c", "1) x\n> y\n```\nz", "[a](tel:+380)", "a\x00b\xff", "***x**y*", "~~~\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := markdown.Parse(in)
		if !utf8.ValidString(got.Plain) || strings.ContainsRune(got.Plain, 0) {
			t.Fatalf("Parse(%q).Plain = %q is not clean", in, got.Plain)
		}
		var open []bots.Span
		last := 0
		for _, s := range got.Spans {
			if s.Start < last || s.Start >= s.End || s.End > len(got.Plain) {
				t.Fatalf("Parse(%q): span %+v is out of order or empty in %q", in, s, got.Plain)
			}
			if !utf8.RuneStart(got.Plain[s.Start]) || s.End < len(got.Plain) && !utf8.RuneStart(got.Plain[s.End]) {
				t.Fatalf("Parse(%q): span %+v cuts a letter", in, s)
			}
			for len(open) > 0 && open[len(open)-1].End <= s.Start {
				open = open[:len(open)-1]
			}
			if len(open) > 0 && s.End > open[len(open)-1].End {
				t.Fatalf("Parse(%q): spans %+v and %+v cross", in, open[len(open)-1], s)
			}
			open, last = append(open, s), s.Start
		}
	})
}

// Words are never lost: markup may go, letters and digits stay.
func FuzzParseKeepsWords(f *testing.F) {
	f.Add("слово за *словом* і [далі](https://example.com)")
	f.Fuzz(func(t *testing.T, in string) {
		words := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return r
			}
			return ' '
		}, strings.ToValidUTF8(in, ""))
		got := markdown.Parse(words).Plain
		for _, w := range strings.Fields(words) {
			if !strings.Contains(got, w) {
				t.Fatalf("Parse(%q) lost %q", words, w)
			}
		}
	})
}
