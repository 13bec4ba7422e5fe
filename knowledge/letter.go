package knowledge

import (
	"strings"
	"unicode"
)

// letter is what the matcher asks of a character.
type letter uint8

const (
	isLetter letter = 1 << iota
	isUpper
	isDigit
	isLatin
	isCyrillic
	isInvisible
	isApostrophe
)

func (l letter) is(any letter) bool { return l&any != 0 }

// letterOf looks a character up; Latin and Cyrillic ones stand in a table.
func letterOf(r rune) letter {
	if uint32(r) < uint32(len(letters)) {
		return letters[r]
	}
	return readLetter(r)
}

var letters = func() (table [0x530]letter) {
	for r := range table {
		table[r] = readLetter(rune(r))
	}
	return table
}()

func readLetter(r rune) (l letter) {
	for _, q := range []struct {
		yes bool
		is  letter
	}{
		{unicode.IsLetter(r), isLetter},
		{unicode.IsUpper(r), isUpper},
		{unicode.IsDigit(r), isDigit},
		{unicode.Is(unicode.Latin, r), isLatin},
		{unicode.Is(unicode.Cyrillic, r), isCyrillic},
		{invisible(r), isInvisible},
		{apostrophe(r), isApostrophe},
	} {
		if q.yes {
			l |= q.is
		}
	}
	return l
}

// invisible characters are dropped without ending a word: formatting marks,
// accents that stand alone, and the letters that Unicode draws as nothing.
func invisible(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me)
}

// apostrophe: the signs that people type for the one in «кав’ярня».
func apostrophe(r rune) bool { return strings.ContainsRune("'’ʼ`´‘*′", r) }
