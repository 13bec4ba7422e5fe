package knowledge

import (
	"strings"
	"unicode"
)

// newWord makes the forms of a word from its lower-case letters.
func newWord(letters []rune, sentence int) word {
	if len(letters) > maxWord {
		letters = letters[:maxWord]
	}
	letters = oneScript(letters)
	w := word{raw: string(letters), sentence: sentence, number: letterOf(letters[0]).is(isDigit)}
	for _, r := range letters {
		w.latin = w.latin || letterOf(r).is(isLatin)
	}
	w.fold = fold(letters)
	w.stem = stem(w)
	return w
}

// lookalikes are pairs that keyboards and tricksters mix inside a word.
var lookalikes = map[rune]rune{
	'a': 'а', 'c': 'с', 'e': 'е', 'h': 'н', 'i': 'і', 'k': 'к', 'm': 'м', 'o': 'о',
	'p': 'р', 't': 'т', 'x': 'х', 'y': 'у', 'b': 'в', 'n': 'п', 'r': 'г', 'u': 'и',
}

// oneScript turns the Latin letters of a mostly Cyrillic word into their
// Cyrillic doubles.
func oneScript(letters []rune) []rune {
	var latin, cyrillic int
	for _, r := range letters {
		if l := letterOf(r); r < unicode.MaxASCII && l.is(isLetter) {
			latin++
		} else if l.is(isCyrillic) {
			cyrillic++
		}
	}
	if latin == 0 || cyrillic <= latin {
		return letters
	}
	out := make([]rune, len(letters))
	for i, r := range letters {
		out[i] = r
		if c, ok := lookalikes[r]; ok {
			out[i] = c
		}
	}
	return out
}

// fold makes equal what Ukrainians, Russians, and hurried thumbs write in
// different ways: і/ї/й/и/ы, є/э/ё/е, щ/ш, ґ/г; soft and hard signs go, and a
// letter repeated counts once («дужеее», «баллы»).
func fold(letters []rune) string {
	var b strings.Builder
	b.Grow(2 * len(letters))
	var last rune
	for _, r := range letters {
		switch r {
		case 'і', 'ї', 'й', 'ы':
			r = 'и'
		case 'є', 'э', 'ё':
			r = 'е'
		case 'щ':
			r = 'ш'
		case 'ґ':
			r = 'г'
		case 'ь', 'ъ':
			continue
		}
		if r == last && !letterOf(r).is(isDigit) {
			continue
		}
		last = r
		b.WriteRune(r)
	}
	return b.String()
}

// Words keep at least shortStem and at most longStem letters of their fold.
const (
	shortStem = 3
	longStem  = 6
)

func stem(w word) string {
	switch {
	case w.number:
		return w.fold
	case w.latin:
		return englishStem(w.fold)
	}
	rs := []rune(w.fold)
	for len(rs) > shortStem && strings.ContainsRune("аеиоуюя", rs[len(rs)-1]) {
		rs = rs[:len(rs)-1]
	}
	if len(rs) > longStem {
		rs = rs[:longStem]
	}
	return string(rs)
}

// englishStem takes the commonest endings off.
func englishStem(s string) string {
	for _, e := range []struct{ end, put string }{
		{"ies", "y"}, {"ing", ""}, {"ed", ""}, {"es", ""}, {"s", ""}, {"ly", ""},
	} {
		if rest, ok := strings.CutSuffix(s, e.end); ok && len(rest) >= shortStem {
			s = rest + e.put
			break
		}
	}
	if rest, ok := strings.CutSuffix(s, "e"); ok && len(rest) >= shortStem {
		return rest // "change" and "changing" meet
	}
	return s
}
