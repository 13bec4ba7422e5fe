package slack

import (
	"embed"

	"github.com/poruch/poruch/internal/i18n"
	"github.com/poruch/poruch/knowledge"
)

//go:embed messages.*.yaml
var messageFiles embed.FS

// words are the texts that staff read here.
type words struct{ catalog *i18n.Catalog }

type vars = map[string]any

// say prints a text in staff's language; without data when none is given.
func (w words) say(l knowledge.Lang, id string, data ...vars) string {
	if len(data) == 0 {
		return w.catalog.Text(string(l), id, nil)
	}
	return w.catalog.Text(string(l), id, data[0])
}

// reason says why the matcher did not answer.
func (w words) reason(l knowledge.Lang, r knowledge.Reason) string {
	switch r {
	case knowledge.Sure, knowledge.Close, "chosen", knowledge.Withheld, knowledge.Unsure, knowledge.Complaint, knowledge.Person, knowledge.Negative, knowledge.Files, knowledge.Greeting,
		knowledge.Thanks, knowledge.Chatter, knowledge.Spam, knowledge.Empty:
		return w.say(l, "reason_"+string(r))
	}
	return string(r)
}

// language names a customer's language.
func (w words) language(l, of knowledge.Lang) string {
	switch of {
	case knowledge.Ukrainian, knowledge.Russian, knowledge.English:
		return w.say(l, "lang_"+string(of))
	}
	return string(of)
}
