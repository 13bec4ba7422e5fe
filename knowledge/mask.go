package knowledge

import (
	"regexp"
	"strings"
	"unicode"
)

// masked stands where personal data stood.
const masked = "…"

// personal is what a draft must not carry on: the order matters, links hold
// digits and mails hold names.
var personal = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:https?://|www\.|t\.me/|tg://)\S+`),
	regexp.MustCompile(`(?i)[\pL\pN._%+'-]+@[\pL\pN.-]+\.\pL{2,}`),
	regexp.MustCompile(`@[A-Za-z0-9_]{3,}`),
	// IBANs, and codes of letters and digits such as UA1234567890 or ТТН59000123.
	regexp.MustCompile(`(?i)\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,8}(?:[ ]?[A-Z0-9]{1,4})?\b`),
	regexp.MustCompile(`(?:№|#|(?i:\bno\.))\s*[\pL\pN][\pL\pN/-]*`),
	regexp.MustCompile(`[\pL]*\+?\d(?:[\s().-]{0,2}\d){4,}[\pL\d]*`),
}

// introduced is a name after the words that tell it.
var introduced = regexp.MustCompile(`((?i:мене звати|мене звуть|меня зовут|my name is|прізвище|фамилия|surname|mene zvaty|menia zovut)\s*:?\s+)(\pL+(?:['’ʼ-]\pL+)*(?:\s+\p{Lu}\pL*(?:['’ʼ-]\pL+)*){0,2})`)

// Mask hides phone and card numbers, orders, mails, links, @names and names
// that people give as theirs, and drops control characters. It would rather hide a price of five digits than
// show a number of a person.
func Mask(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, text)
	for _, p := range personal {
		text = p.ReplaceAllString(text, masked)
	}
	return strings.TrimSpace(introduced.ReplaceAllString(text, "${1}"+masked))
}
