package knowledge_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/poruch/poruch/knowledge"
)

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"мій номер +380 (67) 123-45-67, дзвоніть": "мій номер …, дзвоніть",
		"0671234567":                                    "…",
		"картка 4149 4390 1234 5678":                    "картка …",
		"пошта ivan.petrenko+1@gmail.com":               "пошта …",
		"напишіть @ivan_petrenko":                       "напишіть …",
		"ось https://rankova.example/o/55?x=1 дивіться": "ось … дивіться",
		"t.me/ivan теж":                                 "… теж",
		"замовлення №А-1205 не приїхало":                "замовлення … не приїхало",
		"order #8812 is late":                           "order … is late",
		"ТТН59000123456789":                             "…",
		"IBAN UA213223130000026007233566001":            "IBAN …",
		"IBAN UA21 3223 1300 0002 6007 2335 6600 1":     "IBAN …",
		"Мене звати Ганна Пилипенко, де посилка":        "Мене звати …, де посилка",
		"my name is O'Brien and":                        "my name is … and",
		// What the question needs stays.
		"є V60 за 620 грн на 14-го, 2 кг?": "є V60 за 620 грн на 14-го, 2 кг?",
		"працюєте з 9:00 до 21:30?":        "працюєте з 9:00 до 21:30?",
		"":                                 "",
	} {
		if got := knowledge.Mask(text); got != want {
			t.Errorf("Mask(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"+380671234567", "a@b.ua", "№ 12", "мене звати \xff", "@@@@", "1 2 3 4 5 6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := knowledge.Mask(text)
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q became the broken %q", text, got)
		}
		run := 0
		for _, r := range got {
			if r >= '0' && r <= '9' {
				if run++; run >= 5 {
					t.Fatalf("%q still has a number in %q", text, got)
				}
			} else {
				run = 0
			}
		}
		if again := knowledge.Mask(got); strings.Count(again, "…") < strings.Count(got, "…") && !strings.Contains(text, "…") {
			t.Errorf("masked again, %q lost masks: %q", got, again)
		}
	})
}
