package knowledge

import (
	"slices"
	"strings"
	"testing"
)

func folds(text string) string {
	var out []string
	for _, w := range read(text).words {
		out = append(out, w.fold)
	}
	return strings.Join(out, " ")
}

func TestSpellingsMeet(t *testing.T) {
	for _, group := range [][]string{
		{"кав’ярня", "кав'ярня", "кавʼярня", "кав*ярня", "КАВЯРНЯ", "кав\u200b’ярня"},
		{"їжак", "і\u0308жак", "йижак"},
		{"дуже", "дужеее", "дууже"},
		{"доставка", "дoстaвка", "до\u00adставка"}, // with Latin o and a
		{"що", "шо"},
		{"бали", "балли", "баллы"},
		{"скільки?", "  скильки!!"},
	} {
		for _, s := range group[1:] {
			if folds(s) != folds(group[0]) {
				t.Errorf("%q is %q, %q is %q", group[0], folds(group[0]), s, folds(s))
			}
		}
	}
}

func TestInflectionsMeet(t *testing.T) {
	stems := func(s string) string { return read(s).words[0].stem }
	for _, group := range [][]string{
		{"кава", "каву", "кави", "кавою"},
		{"доставка", "доставки", "доставкою"},
		{"підписка", "підписку", "підпискою"},
		{"shipping", "ships", "ship"},
		{"change", "changes", "changed", "changing"},
	} {
		for _, s := range group[1:] {
			if !strings.HasPrefix(stems(s), stems(group[0])) && !strings.HasPrefix(stems(group[0]), stems(s)) {
				t.Errorf("%q is %q, %q is %q", group[0], stems(group[0]), s, stems(s))
			}
		}
	}
}

func TestLatinSpellingsMeetCyrillic(t *testing.T) {
	none := func(word) bool { return false }
	for latin, cyrillic := range map[string]string{
		"skilky koshtuye": "скільки коштує", "shcho": "що", "zhodnoho": "жодного", "vidpravyty": "відправити", "dyakuju": "дякую",
		"hroshi": "гроші", "groshi": "гроші", "prohodyt": "проходить", "prokhodyt": "проходить", "tsina": "ціна", "cina": "ціна",
		"misyats": "місяць", "yizhak": "їжак", "garantiya": "гарантія",
	} {
		found := false
		for _, s := range schemes {
			words, ok := s.cyrillic(read(latin).words, none)
			var got []string
			for _, w := range words {
				got = append(got, w.fold)
			}
			found = found || ok && strings.Join(got, " ") == folds(cyrillic)
		}
		if !found {
			t.Errorf("%q is not %q in any scheme", latin, cyrillic)
		}
	}
	kept, ok := schemes[0].cyrillic(read("apple pay").words, func(word) bool { return true })
	if ok || kept[0].fold != "aple" {
		t.Errorf("known words were respelt: %v", kept)
	}
}

func TestLanguages(t *testing.T) {
	for text, want := range map[string]Lang{
		"Де моя посилка?": Ukrainian, "не працює оплата карткою": Ukrainian, "шо там з доставкою": Ukrainian, "дякую": Ukrainian,
		"Где моя посылка?": Russian, "сколько стоит доставка": Russian, "спасибо": Russian,
		"Where is my parcel?": English, "hello": English, "I want a refund": English,
		"de moye zamovlennya": Ukrainian, "skilky koshtuye dostavka": Ukrainian, "skolko stoit dostavka": Russian,
		"чек": "", "v60": "", "123": "", "": "",
	} {
		if got := languageOf(read(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestMessageParts(t *testing.T) {
	m := read("Привіт! Де чек? Див. https://example.com/a?b=c і @some_bot")
	if !m.asks || m.shouts != 1 || m.links != 1 {
		t.Errorf("asks %t, shouts %d, links %d", m.asks, m.shouts, m.links)
	}
	if got := folds("Див. https://example.com/a?b=c і @some_bot"); got != "див и" {
		t.Errorf("addresses stayed: %q", got)
	}
	if got := len(sentencesOf(read("Раз. Два? Три").words)); got != 3 {
		t.Errorf("%d sentences, want 3", got)
	}
	if len(sentencesOf(read("один рядок").words)) != 1 {
		t.Error("one sentence was split")
	}
	if m := read("ПРОМОКОД НЕ БЕРЕ"); m.caps < 0.99 {
		t.Errorf("caps %v", m.caps)
	}
	if w := read(strings.Repeat("їж", 500)).words; len(w) != 1 || len([]rune(w[0].raw)) != maxWord {
		t.Errorf("an endless word was not cut: %d", len(w))
	}
}

func TestLexicon(t *testing.T) {
	l, err := parseLexicon("test", "# comment\na: не допомог*, слово # tail\n\nb: слово, не\na: Слово\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	l.find(read("Слово не допомогло, словом").words, func(tag string, start, n int) {
		got = append(got, tag+string(rune('0'+start))+string(rune('0'+n)))
	})
	slices.Sort(got)
	if want := []string{"a01", "a12", "b01", "b11"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	for _, bad := range []string{"no tag here", "a: ok\nb: +"} {
		if _, err := parseLexicon("bad", bad); err == nil || !strings.Contains(err.Error(), "bad:") {
			t.Errorf("%q: %v, want an error with the line", bad, err)
		}
	}
}
