package knowledge

import (
	"slices"
	"strings"
)

// scheme is one habit of writing Ukrainian or Russian in Latin letters. Longer
// spellings stand before shorter ones; the Cyrillic is already folded.
type scheme struct{ r *strings.Replacer }

var common = []string{
	"shch", "ш", "sch", "ш", "zgh", "зг", "zh", "ж", "kh", "х", "ts", "ц", "tz", "ц", "ch", "ч", "sh", "ш",
	"yu", "ю", "iu", "ю", "ju", "ю", "ya", "я", "ia", "я", "ja", "я", "ye", "е", "je", "е", "yi", "и", "ji", "и",
	"yo", "ио", "jo", "ио", "ck", "к", "a", "а", "b", "б", "d", "д", "e", "е", "f", "ф", "g", "г", "i", "и", "k", "к",
	"l", "л", "m", "м", "n", "н", "o", "о", "p", "п", "q", "к", "r", "р", "s", "с", "t", "т", "u", "у", "v", "в",
	"y", "и", "z", "з",
}

// Letters that one half of the writers uses for one sound and the other half
// for another: "hroshi" and "prohodyt", "cina" and "cofe".
var schemes = []scheme{
	newScheme("h", "г", "c", "ц", "j", "и", "w", "в", "x", "х"),
	newScheme("h", "х", "c", "к", "j", "ж", "w", "ш", "x", "кс"),
}

// newScheme puts the single letters last: a replacer takes the first that fits.
func newScheme(letters ...string) scheme {
	return scheme{strings.NewReplacer(slices.Concat(common, letters)...)}
}

// cyrillic returns the words with the Latin ones spelt in Cyrillic, but those
// that keep wants as they are («apple pay», «v60»). ok is false when there was
// nothing to change.
func (s scheme) cyrillic(words []word, keep func(word) bool) (out []word, ok bool) {
	out = make([]word, len(words))
	for i, w := range words {
		out[i] = w
		if !w.latin || w.number || keep(w) {
			continue
		}
		c := newWord([]rune(s.r.Replace(w.raw)), w.sentence)
		c.raw = w.raw
		out[i], ok = c, true
	}
	if ok {
		mark(out)
	}
	return out, ok
}
