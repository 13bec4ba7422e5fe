package knowledge

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of an entry, in characters. An answer fits into one message of
// Telegram, 4096 characters (https://core.telegram.org/bots/api#sendmessage);
// the others are far above what people write by hand.
const (
	MaxID        = 100
	MaxTitle     = 300
	MaxPhrasing  = 1000
	MaxPhrasings = 1000
	MaxAnswer    = 4000
	MaxTag       = 60
	MaxTags      = 50
	MaxEntries   = 20000
)

// check turns drafts into entries and notes every mistake.
func check(drafts []draft, answered bool, p *problems) []Entry {
	if len(drafts) == 0 && len(p.list) == 0 {
		p.add(0, "the file has no entries")
	}
	if len(drafts) > MaxEntries {
		p.add(drafts[MaxEntries].line, "more than %d entries", MaxEntries)
		return nil
	}
	first := map[string]int{}
	entries := make([]Entry, 0, len(drafts))
	for _, d := range drafts {
		d.trim()
		d.check(answered, p)
		if line, ok := first[d.ID]; ok && d.ID != "" {
			p.add(d.line, "the id %q is already taken on line %d; ids are unique", d.ID, line)
		} else {
			first[d.ID] = d.line
		}
		entries = append(entries, d.entry())
	}
	return entries
}

func (d *draft) trim() {
	for _, s := range []*string{&d.ID, &d.Title, &d.Answer, &d.Lang} {
		*s = strings.TrimSpace(*s)
	}
	for i := range d.Phrasings {
		d.Phrasings[i] = strings.TrimSpace(d.Phrasings[i])
	}
	for i := range d.Tags {
		d.Tags[i] = strings.TrimSpace(d.Tags[i])
	}
	for l, text := range d.Answers {
		d.Answers[l] = strings.TrimSpace(text)
	}
	if d.Lang == "" {
		d.Lang = string(Ukrainian)
	}
}

func (d *draft) check(answered bool, p *problems) {
	text := func(field, s string, limit int) {
		switch n := utf8.RuneCountInString(s); {
		case n == 0:
			p.add(d.line, "%s is empty; write it or take it out", field)
		case n > limit:
			p.add(d.line, "%s has %d characters, %d is the most; shorten it", field, n, limit)
		case strings.ContainsRune(s, 0):
			p.add(d.line, "%s has a zero character; take it out", field)
		}
	}
	text("id", d.ID, MaxID)
	if strings.ContainsFunc(d.ID, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		p.add(d.line, "the id %q has spaces or unprintable characters; write it like delivery-time", d.ID)
	}
	text("title", d.Title, MaxTitle)
	if !known(d.Lang) {
		p.add(d.line, "unknown lang %q; known are uk, ru and en", d.Lang)
	}
	if len(d.Phrasings) > MaxPhrasings {
		p.add(d.line, "more than %d phrasings; keep the most different ones", MaxPhrasings)
	} else {
		for i, s := range d.Phrasings {
			text(fmt.Sprintf("phrasing %d", i+1), s, MaxPhrasing)
		}
	}
	if len(d.Tags) > MaxTags {
		p.add(d.line, "more than %d tags", MaxTags)
	} else {
		for i, s := range d.Tags {
			text(fmt.Sprintf("tag %d", i+1), s, MaxTag)
		}
	}
	d.checkAnswers(answered, p, text)
}

func (d *draft) checkAnswers(answered bool, p *problems, text func(field, s string, limit int)) {
	switch {
	case d.Answer != "" && d.Answers[d.Lang] != "":
		p.add(d.line, "answer and answers.%s are the same thing; keep one", d.Lang)
	case d.Answer == "" && len(d.Answers) == 0:
		if answered {
			p.add(d.line, "there is no answer; write answer, or answers by language")
		}
		return
	}
	if d.Answer != "" {
		text("answer", d.Answer, MaxAnswer)
	}
	for _, l := range slices.Sorted(maps.Keys(d.Answers)) {
		if !known(l) {
			p.add(d.line, "unknown language %q in answers; known are uk, ru and en", l)
		}
		text("answers."+l, d.Answers[l], MaxAnswer)
	}
}

func known(l string) bool {
	return Lang(l) == Ukrainian || Lang(l) == Russian || Lang(l) == English
}

func (d *draft) entry() Entry {
	e := Entry{
		ID: d.ID, Title: d.Title, Phrasings: d.Phrasings, Tags: d.Tags,
		Lang: Lang(d.Lang), Answers: map[Lang]string{},
	}
	for l, text := range d.Answers {
		e.Answers[Lang(l)] = text
	}
	if d.Answer != "" {
		e.Answers[e.Lang] = d.Answer
	}
	return e
}
