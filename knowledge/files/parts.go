package files

import (
	"regexp"
	"strings"
)

func answerOf(body []string, own bool) string {
	text := strings.TrimSpace(strings.Join(unescaped(body), "\n"))
	if first, rest, _ := strings.Cut(text, "\n"); !own {
		if label, said := labelOf(first); label == answerPart {
			return strings.TrimSpace(said + "\n" + rest)
		}
	}
	return text
}

// setAnswer puts an answer where it belongs; lang "" is the entry's own.
func (d *draft) setAnswer(lang, text string, p *problems) {
	if lang == "" {
		if lang = d.Lang; lang == "" {
			lang = string(languages[0])
		}
	}
	if d.Answers[lang] != "" {
		p.add(d.line, "there are two answers in %s; keep one", lang)
	}
	d.answerIn(lang, text)
}

var bullet = regexp.MustCompile(`^\s*(?:[-*+]|\d+[.)])\s+`)

func (d *draft) phrasingsFrom(body []string) {
	for _, line := range body {
		if s := strings.TrimSpace(bullet.ReplaceAllString(line, "")); s != "" {
			d.Phrasings = append(d.Phrasings, s)
		}
	}
}

// fieldsFrom reads "- key: value" lines. A key in the singular has one value as
// it stands and may come again; one in the plural has several.
func (d *draft) fieldsFrom(line int, body []string, p *problems) {
	for i, text := range body {
		text = strings.TrimSpace(bullet.ReplaceAllString(text, ""))
		if text == "" {
			continue
		}
		key, value, ok := strings.Cut(text, ":")
		field := fieldNamed(key)
		value = strings.TrimSpace(value)
		switch {
		case !ok || field == "" || field == "title" || field == "answer":
			p.add(line+1+i, "%q is no field; write \"key: value\" with id, lang, phrasing, tag, link, from, until, community, trust or stale", shorten(text))
		case value == "":
		default:
			d.putOne(field, plain(key), value)
		}
	}
}

func (d *draft) putOne(field, key, value string) {
	switch key {
	case "tag", "тег":
		d.Tags = append(d.Tags, value)
	case "community", "спільнота":
		d.Audience = append(d.Audience, value)
	case "phrasing", "варіант":
		d.Phrasings = append(d.Phrasings, value)
	case "link":
		d.Links = append(d.Links, linkOf(value))
	default:
		d.put(field, value)
	}
}
