package files

import "strings"

// names are the words by which people call a field in a table or a document,
// in English and Ukrainian, the one that is written first.
var names = []struct {
	field string
	words []string
}{
	{"id", []string{"id", "ід", "код"}},
	{"lang", []string{"lang", "language", "мова"}},
	{"title", []string{"title", "question", "питання", "запитання", "назва"}},
	{"phrasings", []string{"phrasings", "phrasing", "варіанти", "варіант", "варіанти питання", "формулювання"}},
	{"answer", []string{"answer", "відповідь"}},
	{"answer_uk", []string{"answer_uk", "answers.uk", "відповідь укр", "відповідь uk", "відповідь українською"}},
	{"answer_ru", []string{"answer_ru", "answers.ru", "відповідь рос", "відповідь ru", "відповідь російською"}},
	{"answer_en", []string{"answer_en", "answers.en", "відповідь англ", "відповідь en", "відповідь англійською"}},
	{"tags", []string{"tags", "tag", "теги", "тег", "мітки"}},
	{"links", []string{"links", "link", "посилання"}},
	{"from", []string{"from", "діє з", "valid from"}},
	{"until", []string{"until", "діє до", "valid until"}},
	{"audience", []string{"audience", "community", "спільноти", "спільнота", "аудиторія"}},
	{"trust", []string{"trust", "довіра"}},
	{"stale", []string{"stale", "застарілі", "застаріло"}},
}

const knownColumns = "id, lang, title, phrasings, answer, answer_uk, answer_ru, answer_en, tags, links, from, until, audience, trust and stale"

// fieldNamed finds the field that a word means; "" for none. Case, spaces,
// hyphens and underscores make no difference.
func fieldNamed(word string) string { return byName[plain(word)] }

var byName = func() map[string]string {
	m := map[string]string{}
	for _, n := range names {
		for _, w := range n.words {
			m[plain(w)] = n.field
		}
	}
	return m
}()

func plain(word string) string {
	word = strings.NewReplacer("_", " ", "-", " ", "\n", " ").Replace(strings.ToLower(word))
	return strings.Join(strings.Fields(word), " ")
}

// put sets a field of a draft from the text of a cell.
func (d *draft) put(field, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	switch field {
	case "id":
		d.ID = text
	case "lang":
		d.Lang = strings.ToLower(text)
	case "title":
		d.Title = text
	case "phrasings":
		d.Phrasings = append(d.Phrasings, itemsOf(text, "")...)
	case "answer":
		d.Answer = text
	case "answer_uk", "answer_ru", "answer_en":
		d.answerIn(strings.TrimPrefix(field, "answer_"), text)
	case "tags":
		d.Tags = append(d.Tags, itemsOf(text, ",;")...)
	case "links":
		for _, item := range itemsOf(text, "") {
			d.Links = append(d.Links, linkOf(item))
		}
	case "from":
		d.From = text
	case "until":
		d.Until = text
	case "audience":
		d.Audience = append(d.Audience, itemsOf(text, ",;")...)
	case "trust":
		d.Trust = text
	case "stale":
		d.Stale = append(d.Stale, itemsOf(strings.ToLower(text), ",;")...)
	}
}

func (d *draft) answerIn(lang, text string) {
	if d.Answers == nil {
		d.Answers = map[string]string{}
	}
	d.Answers[lang] = text
}

// cell is the other way round.
func (d *draft) cell(field string) string {
	switch field {
	case "id":
		return d.ID
	case "lang":
		return d.Lang
	case "title":
		return d.Title
	case "phrasings":
		return itemsText(d.Phrasings, "")
	case "answer_uk", "answer_ru", "answer_en":
		return d.Answers[strings.TrimPrefix(field, "answer_")]
	case "tags":
		return itemsText(d.Tags, ",;")
	case "links":
		var items []string
		for _, l := range d.Links {
			items = append(items, linkText(l))
		}
		return itemsText(items, "")
	case "from":
		return d.From
	case "until":
		return d.Until
	case "audience":
		return itemsText(d.Audience, ",;")
	case "trust":
		return d.Trust
	case "stale":
		return itemsText(d.Stale, ",;")
	}
	return ""
}
