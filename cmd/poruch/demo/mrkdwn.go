package demo

import (
	"cmp"
	"html"
	"html/template"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names resolves "@U…" and "#C…" to what people call them.
type names map[string]string

// mrkdwn draws Slack's text format as the real client does
// (https://docs.slack.dev/messaging/formatting-message-text).
func mrkdwn(text string, who names) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "```") {
		if i%2 == 1 {
			b.WriteString("<pre>" + esc(plain(strings.Trim(part, "\n"))) + "</pre>")
			continue
		}
		lines(&b, part, who)
	}
	return template.HTML(b.String()) // every text in it went through esc
}

// lines writes text without code blocks; runs of quoted lines become one quote.
func lines(b *strings.Builder, text string, who names) {
	quoted := false
	for i, line := range strings.Split(text, "\n") {
		rest, is := strings.CutPrefix(line, "&gt;")
		switch {
		case is && !quoted:
			b.WriteString("<blockquote>")
		case !is && quoted:
			b.WriteString("</blockquote>")
		case i > 0:
			b.WriteString("<br>")
		}
		quoted = is
		if is {
			line = strings.TrimPrefix(rest, " ")
		}
		b.WriteString(spans(line, who))
	}
	if quoted {
		b.WriteString("</blockquote>")
	}
}

var markTags = map[byte]string{'*': "b", '_': "i", '~': "s"}

// spans writes one line: <links and mentions>, `code`, *bold*, _italic_ and
// ~strike~. A mark without its partner is an ordinary letter.
func spans(line string, who names) string {
	var b, words strings.Builder
	flush := func() {
		b.WriteString(esc(emojis(plain(words.String()))))
		words.Reset()
	}
	before := ' '
	for i := 0; i < len(line); {
		c := line[i]
		switch end := partner(line, i, before); {
		case end < 0:
			r, n := utf8.DecodeRuneInString(line[i:])
			words.WriteString(line[i : i+n])
			before, i = r, i+n
			continue
		case c == '<':
			flush()
			b.WriteString(angle(line[i+1:end], who))
			i = end + 1
		case c == '`':
			flush()
			b.WriteString("<code>" + esc(plain(line[i+1:end])) + "</code>")
			i = end + 1
		default:
			flush()
			b.WriteString("<" + markTags[c] + ">" + spans(line[i+1:end], who) + "</" + markTags[c] + ">")
			i = end + 1
		}
		before = rune(c)
	}
	flush()
	return b.String()
}

// partner finds where the mark at i ends, or -1 when it marks nothing.
func partner(line string, i int, before rune) int {
	c := line[i]
	if c == '<' || c == '`' {
		close := byte('>')
		if c == '`' {
			close = '`'
		}
		if n := strings.IndexByte(line[i+1:], close); n > 0 {
			return i + 1 + n
		}
		return -1
	}
	if markTags[c] == "" || wordy(before) {
		return -1
	}
	for j := i + 1; j < len(line); j++ {
		if line[j] != c {
			continue
		}
		after, _ := utf8.DecodeRuneInString(line[j+1:])
		if j == i+1 || line[i+1] == ' ' || line[j-1] == ' ' || j+1 < len(line) && wordy(after) {
			continue
		}
		return j
	}
	return -1
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// angle draws what stands between < and >.
func angle(inside string, who names) string {
	target, label, _ := strings.Cut(inside, "|")
	switch {
	case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"):
		return mention(target[:1] + cmp.Or(who[target], plain(label), target[1:]))
	case strings.HasPrefix(target, "!date^"):
		return esc(plain(label))
	case strings.HasPrefix(target, "!"):
		return mention("@" + cmp.Or(plain(label), target[1:]))
	}
	return anchor(plain(target), esc(emojis(plain(cmp.Or(label, target)))))
}

func mention(name string) string { return `<span class="mention">` + esc(name) + `</span>` }

// anchor makes a link of a web address; anything else keeps only its words.
// words are HTML already.
func anchor(to, words string) string {
	if webLink(to) == "" {
		return words
	}
	return `<a href="` + esc(to) + `" target="_blank" rel="noopener noreferrer">` + words + `</a>`
}

// plain undoes Slack's own escapes.
func plain(s string) string { return html.UnescapeString(s) }

var shortcode = regexp.MustCompile(`:[a-z0-9_+-]+:`)

// emojis replaces the :names: that the page knows.
func emojis(s string) string {
	return shortcode.ReplaceAllStringFunc(s, func(code string) string { return emoji(strings.Trim(code, ":")) })
}

// emoji is the sign of a name; an unknown name stays a :name:.
func emoji(name string) string { return cmp.Or(glyphs[name], ":"+name+":") }

var glyphs = map[string]string{
	"white_check_mark": "✅", "heavy_check_mark": "✔️", "eyes": "👀", "+1": "👍", "thumbsup": "👍", "-1": "👎", "pray": "🙏",
	"warning": "⚠️", "x": "❌", "no_entry": "⛔", "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "zzz": "💤",
	"alarm_clock": "⏰", "clock3": "🕒", "speech_balloon": "💬", "robot_face": "🤖", "heart": "❤️", "tada": "🎉",
	"fire": "🔥", "rotating_light": "🚨", "lock": "🔒", "memo": "📝", "pushpin": "📌", "paperclip": "📎", "bulb": "💡",
	"mag": "🔍", "wave": "👋", "raising_hand": "🙋", "bust_in_silhouette": "👤", "globe_with_meridians": "🌐",
	"arrow_right": "➡️", "leftwards_arrow_with_hook": "↩️", "repeat": "🔁", "red_circle": "🔴", "large_orange_circle": "🟠",
	"large_yellow_circle": "🟡", "large_green_circle": "🟢", "large_blue_circle": "🔵", "white_circle": "⚪", "sparkles": "✨",
	"coffee": "☕", "package": "📦", "incoming_envelope": "📨", "outbox_tray": "📤", "inbox_tray": "📥", "question": "❓",
}
