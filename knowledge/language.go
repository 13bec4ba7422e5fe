package knowledge

import "strings"

// languageOf guesses the language of a message: letters that only one of the
// languages has decide, then common words; Latin letters are English or
// transliteration. "" when nothing speaks for any.
func languageOf(m message) Lang {
	if m.latin > m.cyrillic {
		return latinLanguage(m.words)
	}
	var uk, ru int
	for _, w := range m.words {
		switch {
		case strings.ContainsAny(w.raw, "іїєґ"):
			uk += 2
		case strings.ContainsAny(w.raw, "ыэёъ"):
			ru += 2
		}
	}
	counts := wordLanguages(m.words)
	uk, ru = uk+counts["uk"], ru+counts["ru"]
	switch {
	case uk > ru:
		return Ukrainian
	case ru > uk:
		return Russian
	case uk > 0: // surzhyk is nearer to Ukrainian than to nothing
		return Ukrainian
	}
	return ""
}

func latinLanguage(words []word) Lang {
	c := wordLanguages(words)
	switch {
	case c["en"] > max(c["uk-latin"], c["ru-latin"]):
		return English
	case c["ru-latin"] > c["uk-latin"]:
		return Russian
	case c["uk-latin"] > 0:
		return Ukrainian
	}
	return ""
}

// wordLanguages counts, for each word list, the words that stand in it. The
// lists are matched as typed: folding would make «і» and «и» one.
func wordLanguages(words []word) map[string]int {
	counts := map[string]int{}
	for _, w := range words {
		for _, tag := range typedTags()[w.raw] {
			counts[tag]++
		}
	}
	return counts
}
