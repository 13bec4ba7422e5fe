package telegram

import (
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"github.com/poruch/poruch/bots"
)

// kinds maps our spans to Telegram's entities.
var kinds = map[bots.SpanKind]models.MessageEntityType{
	bots.Bold: models.MessageEntityTypeBold, bots.Italic: models.MessageEntityTypeItalic,
	bots.Strike: models.MessageEntityTypeStrikethrough, bots.Code: models.MessageEntityTypeCode,
	bots.Block: models.MessageEntityTypePre, bots.Quote: models.MessageEntityTypeBlockquote,
	bots.Link: models.MessageEntityTypeTextLink,
}

// spans maps Telegram's entities to our spans.
var spans = map[models.MessageEntityType]bots.SpanKind{
	models.MessageEntityTypeBold: bots.Bold, models.MessageEntityTypeItalic: bots.Italic,
	models.MessageEntityTypeStrikethrough: bots.Strike, models.MessageEntityTypeCode: bots.Code,
	models.MessageEntityTypePre: bots.Block, models.MessageEntityTypeBlockquote: bots.Quote,
	models.MessageEntityTypeExpandableBlockquote: bots.Quote, models.MessageEntityTypeTextLink: bots.Link,
	models.MessageEntityTypeMention: bots.Mention, models.MessageEntityTypeTextMention: bots.Mention,
}

// units counts UTF-16 code units, in which Telegram measures.
func units(s string) (n int) {
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// entities are a text's spans in Telegram's terms. The text's other characters
// are sent as they are: no parse mode, so nothing needs escaping.
func entities(t bots.Text) []models.MessageEntity {
	var es []models.MessageEntity
	for _, s := range t.Spans {
		kind, ok := kinds[s.Kind]
		if !ok || s.Start < 0 || s.End > len(t.Plain) || s.Start >= s.End {
			continue
		}
		es = append(es, models.MessageEntity{
			Type: kind, Offset: units(t.Plain[:s.Start]), Length: units(t.Plain[s.Start:s.End]), URL: s.URL,
		})
	}
	return es
}

// wordsOf is a message's text or caption with its entities.
func wordsOf(tg *models.Message) (string, []models.MessageEntity) {
	if tg.Text != "" {
		return tg.Text, tg.Entities
	}
	return tg.Caption, tg.CaptionEntities
}

// unitsOf cuts a piece by offset and length in UTF-16 units; what lies outside
// of the text is left out.
func unitsOf(s string, offset, length int) string {
	from, to := byteAt(s, offset), byteAt(s, offset+length)
	return s[from:max(from, to)]
}

// byteAt is the byte at which the nth unit begins, on a rune's border.
func byteAt(s string, n int) int {
	if n <= 0 {
		return 0
	}
	for i, r := range s {
		if n <= 0 {
			return i
		}
		n -= max(utf16.RuneLen(r), 1)
	}
	return len(s)
}

// textOf is a message's text with its formatting as spans.
func textOf(tg *models.Message) bots.Text {
	plain, es := wordsOf(tg)
	if strings.ContainsRune(plain, 0) || !utf8.ValidString(plain) {
		return bots.Plain(limit(clean(plain))) // the offsets would no longer fit
	}
	t := bots.Text{Plain: limit(plain)}
	for _, e := range es {
		kind, ok := spans[e.Type]
		start, end := byteAt(plain, e.Offset), byteAt(plain, e.Offset+e.Length)
		if !ok || start >= end || end > len(t.Plain) {
			continue
		}
		t.Spans = append(t.Spans, bots.Span{Kind: kind, Start: start, End: end, URL: clean(e.URL)})
	}
	t.Spans = nested(t.Spans)
	return t
}

// nested orders spans and drops one that crosses another.
func nested(ss []bots.Span) []bots.Span {
	sort.SliceStable(ss, func(i, j int) bool {
		if ss[i].Start != ss[j].Start {
			return ss[i].Start < ss[j].Start
		}
		return ss[i].End > ss[j].End
	})
	var open, kept []bots.Span
	for _, s := range ss {
		for len(open) > 0 && open[len(open)-1].End <= s.Start {
			open = open[:len(open)-1]
		}
		if len(open) > 0 && s.End > open[len(open)-1].End {
			continue
		}
		open, kept = append(open, s), append(kept, s)
	}
	return kept
}

// limit keeps at most bots.MaxText bytes.
func limit(s string) string {
	if len(s) <= bots.MaxText {
		return s
	}
	end := bots.MaxText
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// joined puts words below a text.
func joined(t bots.Text, words string) bots.Text {
	if t.Plain == "" {
		return bots.Plain(limit(words))
	}
	t.Plain = limit(t.Plain + "\n" + words)
	return t
}
