package files

import (
	"bytes"
	"encoding/binary"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// readable turns what spreadsheets and editors write into UTF-8 without a mark
// and with "\n" for every line end: UTF-8, UTF-16 with its mark, Windows-1251.
// Windows-1251 is a guess, so a warning says so. false: it is none of them.
func readable(data []byte, p *problems) (string, bool) {
	text, ok := decoded(data, p)
	return newlines.Replace(text), ok
}

func decoded(data []byte, p *problems) (string, bool) {
	switch {
	case bytes.HasPrefix(data, []byte(mark)):
		data = data[len(mark):]
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return wide(data[2:], binary.LittleEndian, p)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return wide(data[2:], binary.BigEndian, p)
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		p.add(1+bytes.Count(data[:i], []byte("\n")), "a zero byte: this is not a text, or UTF-16 without its mark; save the file as CSV UTF-8")
		return "", false
	}
	if utf8.Valid(data) {
		return string(data), true
	}
	if mostlyUTF8(data) {
		p.add(brokenLine(data), "the line is not UTF-8 like the rest of the file; write it anew")
		return "", false
	}
	text, err := charmap.Windows1251.NewDecoder().Bytes(data)
	if err != nil || !looksCyrillic(text) {
		p.add(brokenLine(data), "the encoding is neither UTF-8, UTF-16 nor Windows-1251; save the file as CSV UTF-8")
		return "", false
	}
	if i := bytes.Index(text, []byte("\ufffd")); i >= 0 {
		p.add(1+bytes.Count(text[:i], []byte("\n")), "the line has a sign that Windows-1251 does not know; save the file as CSV UTF-8")
		return "", false
	}
	p.warn(0, "the file is not UTF-8; it was read as Windows-1251, so look whether the letters are right")
	return string(text), true
}

func wide(data []byte, order binary.ByteOrder, p *problems) (string, bool) {
	units := make([]uint16, 0, len(data)/2)
	for ; len(data) >= 2; data = data[2:] {
		units = append(units, order.Uint16(data))
	}
	line := 1
	var text []byte
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) {
			r = unicode.ReplacementChar
			if i+1 < len(units) {
				if r = utf16.DecodeRune(rune(units[i]), rune(units[i+1])); r != unicode.ReplacementChar {
					i++
				}
			}
			if r == unicode.ReplacementChar {
				p.add(line, "the line is not UTF-16 like the rest of the file; write it anew")
				return "", false
			}
		}
		if r == '\n' {
			line++
		}
		text = utf8.AppendRune(text, r)
	}
	if len(data) != 0 {
		p.add(line, "the file ends in the middle of a letter; export it anew")
		return "", false
	}
	return string(text), true
}

// mostlyUTF8 tells a UTF-8 file with a broken place from one in another
// encoding, where letters seldom look like UTF-8 by chance.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		data = data[size:]
	}
	return good > bad
}

// looksCyrillic says whether most letters beyond ASCII are small Cyrillic ones:
// other encodings, read as Windows-1251, give capitals and signs.
func looksCyrillic(text []byte) bool {
	small, all := 0, 0
	for _, r := range string(text) {
		if r < utf8.RuneSelf {
			continue
		}
		all++
		if unicode.Is(unicode.Cyrillic, r) && unicode.IsLower(r) {
			small++
		}
	}
	return 2*small > all
}

// brokenLine is the first line that is not UTF-8, from 1.
func brokenLine(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return 1 + bytes.Count(data[:i], []byte("\n"))
		}
		i += size
	}
	return 1
}
