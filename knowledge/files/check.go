package files

import (
	"strings"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// check turns drafts into entries and notes every mistake.
func check(drafts []draft, o Options, p *problems) []knowledge.Entry {
	if len(drafts) == 0 && p.mistakes.len() == 0 {
		p.add(0, "the file has no entries")
	}
	if len(drafts) > MaxEntries {
		p.add(drafts[MaxEntries].line, "more than %d entries; split the file", MaxEntries)
		return nil
	}
	for i := range drafts {
		drafts[i].tidy()
	}
	if o.Format == CSV || o.Format == TSV || o.Format == Markdown {
		nameThem(drafts)
	}
	first := map[string]int{}
	rivals := newRivals(p)
	entries := make([]knowledge.Entry, 0, len(drafts))
	for _, d := range drafts {
		e := d.entry(p)
		for _, text := range knowledge.Mistakes(e, !o.Questions) {
			p.add(d.line, "%s", text)
		}
		if line, ok := first[d.ID]; ok && d.ID != "" {
			p.add(d.line, "the id %q is already taken on line %d; ids are unique", shorten(d.ID), line)
		} else {
			first[d.ID] = d.line
			rivals.add(d.line, e)
		}
		doubt(d.line, e, o.Now, p)
		entries = append(entries, e)
	}
	return entries
}

// doubt warns of what is no mistake, but seldom meant.
func doubt(line int, e knowledge.Entry, now time.Time, p *problems) {
	if !now.IsZero() && !e.Until.IsZero() && !now.Before(e.Until) {
		p.warn(line, "%q ended on %s and answers no more; give it a later until, or take it out", shorten(e.ID), untilText(e.Until))
	}
	title := knowledge.SameWording(e.Title)
	texts := []string{e.Title}
	for i, s := range e.Phrasings {
		if title != "" && knowledge.SameWording(s) == title {
			p.warn(line, "phrasing %d, %q, is the title again; it adds nothing", i+1, shorten(s))
		}
		texts = append(texts, s)
	}
	for _, l := range languages {
		texts = append(texts, e.Answers[l])
	}
	for _, s := range texts {
		if strings.ContainsRune(s, '\ufffd') {
			p.warn(line, "%q has the sign \ufffd, which stands for a letter that was lost; write it anew", shorten(e.ID))
			return
		}
	}
}
