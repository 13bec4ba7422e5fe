package files

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// latin spells letters by the Ukrainian rules of 2010 (resolution 55 of the
// Cabinet of Ministers), without their special first letters, and the Russian
// ones alike.
var latin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "h", 'ґ': "g", 'д': "d", 'е': "e", 'є': "ie", 'ж': "zh", 'з': "z",
	'и': "y", 'і': "i", 'ї': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p",
	'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch",
	'ю': "iu", 'я': "ia", 'ы': "y", 'э': "e", 'ё': "io", 'ь': "", 'ъ': "", '\'': "", '’': "", 'ʼ': "",
}

const longestSlug = 60 // bytes

// slug makes an id of a title: "Де мій чек?" is "de-mii-chek". A title without
// letters and digits that it can spell gives "".
func slug(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(strings.ToLower(title)) {
		s, known := latin[r]
		switch {
		case known:
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			s = string(r)
		default:
			gap = b.Len() > 0
			continue
		}
		if s == "" {
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteString(s)
	}
	s := b.String()
	if len(s) <= longestSlug {
		return s
	}
	s = s[:longestSlug+1]
	if i := strings.LastIndexByte(s, '-'); i > longestSlug/2 {
		return s[:i]
	}
	return s[:longestSlug]
}

// nameThem gives ids to the drafts that have a title only. The same title gets
// the same id in every file; when two titles would share one, or when somebody
// else has it, the later one gets a piece of its title's sum behind it.
func nameThem(drafts []draft) {
	taken := make(map[string]bool, len(drafts))
	for _, d := range drafts {
		taken[d.ID] = true
	}
	next := map[string]int{}
	for i := range drafts {
		d := &drafts[i]
		if d.ID != "" || d.Title == "" {
			continue
		}
		sum := sha256.Sum256([]byte(d.Title))
		s := slug(d.Title)
		if s == "" {
			s = "entry-" + hex.EncodeToString(sum[:4])
		}
		if taken[s] {
			s += "-" + hex.EncodeToString(sum[:4])
		}
		for base := s; taken[s]; {
			next[base]++
			s = base + "-" + strconv.Itoa(next[base]+1)
		}
		taken[s] = true
		d.ID = s
	}
}
