package knowledge

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestGist(t *testing.T) {
	for text, want := range map[string]string{
		"Доброго дня! Підкажіть, будь ласка, коли ви відкриєтесь?": "коли ви відкриєтесь?",
		"Привіт, де моє замовлення? Дякую!":                        "де моє замовлення?",
		"Hi, please tell me how much is it":                        "how much is it",
		"де\nчек":                                                  "де чек",
		"Добрий день":                                              "Добрий день",
		"":                                                         "",
		"«Кенія» є?":                                               "«Кенія» є?",
		"привіт — є V60?":                                          "є V60?",
	} {
		if got := Gist(text); got != want {
			t.Errorf("Gist(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzGistAndFingerprint(f *testing.F) {
	for _, s := range []string{"Доброго дня! Де чек?", "chy ye znyzhka", "\xff\xfe", "?!", "a\x00b", strings.Repeat("ж ", 5000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if g := Gist(text); !utf8.ValidString(g) || strings.ContainsAny(g, "\n\r") || strings.TrimSpace(text) != "" && utf8.ValidString(text) && g == "" {
			t.Errorf("Gist(%q) = %q", text, g)
		}
		a, b := FingerprintOf(text), FingerprintOf(text)
		if a.Sense != b.Sense || len(a.Stems) != len(b.Stems) || a.Empty() != (len(a.Stems)+len(a.Meanings) == 0) {
			t.Errorf("%q has two fingerprints", text)
		}
	})
}

func TestFingerprintsMeetAcrossSpellings(t *testing.T) {
	meet := func(a, b string) float32 {
		x, y := FingerprintOf(a), FingerprintOf(b)
		return (*sense)(&x.Sense).dot((*sense)(&y.Sense))
	}
	for _, pair := range [][2]string{
		{"чи є знижка для пенсіонерів?", "chy ye znyzhka dlya pensioneriv"},
		{"чи є знижка для пенсіонерів?", "Добрий день! А скидка для пенсионеров есть?"},
		{"коли приїде замовлення", "when will my order arrive"},
	} {
		if got := meet(pair[0], pair[1]); got < 0.4 {
			t.Errorf("%q are %v apart", pair, got)
		}
	}
	if got := meet("чи є знижка для пенсіонерів?", "з собакою пустите?"); got > 0.2 {
		t.Errorf("strangers are as near as %v", got)
	}
	if !FingerprintOf("🙂 123 ?").Empty() {
		t.Error("numbers and signs have a matter")
	}
}
