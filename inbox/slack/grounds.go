package slack

import (
	"strconv"
	"strings"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// How much of the matcher's thoughts a card names.
const (
	shownCandidates = 3
	shownWords      = 4 // for and against each
	maxWord         = 24
)

// grounds says why the bot did not answer, and what it thought of.
func (d *card) grounds() {
	of := d.Ticket.Decision
	if of.Reason == "" {
		return
	}
	d.add(smallPrint(d.say("why", vars{"Reason": d.reason()})))
	if len(of.Candidates) == 0 {
		return
	}
	lines := []string{d.say("considered")}
	if (of.Reason == knowledge.Unsure || of.Reason == knowledge.Close) && of.Threshold > 0 && of.Threshold <= 1 {
		lines[0] = d.say("considered_needed", vars{"Percent": strconv.Itoa(int(of.Threshold*100 + 0.5))})
	}
	for _, c := range of.Candidates[:min(len(of.Candidates), shownCandidates)] {
		lines = append(lines, "• "+d.idea(c))
	}
	d.add(smallPrint(strings.Join(lines, "\n")))
}

// reason says why people have the matter, and what the bot doubted.
func (d *card) reason() string {
	of := d.Ticket.Decision
	if of.Reason == knowledge.Withheld {
		return d.withheld()
	}
	reason := d.words.reason(d.Lang, of.Reason)
	if doubt := d.doubt(); doubt != "" {
		return d.say("why_doubt", vars{"Reason": reason, "Doubt": doubt})
	}
	return reason
}

func (d *card) doubt() string {
	of := d.Ticket.Decision
	if of.Reason != knowledge.Unsure {
		return ""
	}
	switch of.Doubt {
	case knowledge.DoubtWord:
		if len(of.Candidates) > 0 && len(of.Candidates[0].Against) > 0 {
			if word := cut(cleanLine(of.Candidates[0].Against[0]), maxWord); word != "" {
				return d.say("doubt_word", vars{"Word": word})
			}
		}
		return d.say("doubt_word_unnamed")
	case knowledge.DoubtRival, knowledge.DoubtWeak, knowledge.DoubtSeveral, knowledge.DoubtEmpty:
		return d.say("doubt_" + string(of.Doubt))
	}
	return ""
}

// withheld says what kept the bot from the answer that it was sure of.
func (d *card) withheld() string {
	for _, s := range d.Suggestions {
		if s.Meant && s.Because != "" {
			title := cut(cleanLine(s.Title), maxName)
			if title == "" {
				title = s.EntryID
			}
			return d.say("withheld", vars{"Title": title, "Why": d.say("because_" + string(s.Because))})
		}
	}
	return d.words.reason(d.Lang, knowledge.Withheld)
}

// idea is one entry that the matcher considered: how sure it was, and which of
// the customer's words speak for and against it.
func (d *card) idea(c knowledge.Candidate) string {
	title := cut(cleanLine(c.Title), maxName)
	if title == "" {
		title = cut(cleanLine(c.EntryID), maxName)
	}
	idea := title + " " + percent(c.Confidence)
	var why []string
	for _, part := range []struct {
		id   string
		list []string
		most int
	}{{"words_for", c.Words, shownWords}, {"words_against", c.Against, shownWords}} {
		if words := d.few(part.list, part.most); words != "" {
			why = append(why, d.say(part.id, vars{"Words": words}))
		}
	}
	if len(why) == 0 {
		return idea
	}
	return idea + " · " + strings.Join(why, " · ")
}

// few are the first of some words. They may be a customer's: they are shown as
// plain text only.
func (d *card) few(words []string, most int) string {
	var shown []string
	for _, w := range words {
		if w = cut(cleanLine(w), maxWord); w != "" && len(shown) < most {
			shown = append(shown, w)
		}
	}
	return strings.Join(shown, ", ")
}

func percent(p float64) string { return strconv.Itoa(int(p*100+0.5)) + "\u00a0%" }

// verdict says what staff have marked; "" for nothing.
func (d *card) verdict(v inbox.Verdict) string {
	switch v {
	case inbox.Confirmed, inbox.Wrong:
		return d.say("verdict_" + string(v))
	}
	return ""
}
