package knowledge

import "slices"

// Decide says what to do with a message. It never fails, whatever the bytes,
// and reads the first MaxRunes of them.
func (b *Book) Decide(q Question) Decision {
	m := understand(q.Text)
	d := Decision{Lang: languageOf(m), Threshold: b.threshold}
	if len(m.words) == 0 {
		return d.ignore(Empty)
	}
	addressed := q.Private || q.Addressed
	views := b.views(m, d.Lang)
	s := b.readSignals(m, views)
	exact, shared := b.exactly(views, q)
	if exact < 0 && (s.spam >= spamAddressed || s.spam >= spamInGroup && !addressed) {
		return d.ignore(Spam)
	}
	switch {
	case exact >= 0 || s.complaint || s.negative || s.person:
	case s.greeting:
		return d.ignore(Greeting)
	case s.thanks:
		return d.ignore(Thanks)
	}
	r := b.reader()
	defer r.close()
	v := b.joined(r.judge(s, views), views[0], q.Vector).meantFor(b, q)
	if exact >= 0 {
		v.first(candidate{entry: exact, confidence: sure, words: rawWords(m.words), nearest: b.wording(exact, views), view: views[0]})
	}
	doubted := exact < 0 && (shared || s.pleased && !m.asks || babble(m.words))
	if doubted {
		v.lower(b.threshold)
	}
	d.Candidates, d.Confidence = r.candidates(v), v.best().confidence
	switch {
	case s.complaint:
		d.Urgent = true
		return d.handOff(Complaint)
	case exact >= 0:
		return b.answer(d, q, exact)
	case s.negative:
		return d.handOff(Negative)
	case s.person:
		return d.handOff(Person)
	case !addressed && !s.question:
		return d.ignore(Chatter)
	case doubted:
		return r.unsure(d, v)
	}
	return r.settle(d, q, v, r.matters(m, s, v))
}

// Babble is a message of many words that says few: a key that got stuck, or an
// attempt to tire the matcher.
const (
	babbleWords = 30
	babbleShare = 5 // fewer than one word in so many differs
)

func babble(words []word) bool {
	return len(words) > babbleWords && len(unique(words))*babbleShare < len(words)
}

func (d Decision) ignore(r Reason) Decision {
	d.Action, d.Reason = Ignore, r
	return d
}

func (d Decision) handOff(r Reason) Decision {
	d.Action, d.Reason = HandOff, r
	return d
}

// settle decides on a question by its score, and by the separate matters that
// it may consist of.
func (r *reader) settle(d Decision, q Question, v verdict, several matters) Decision {
	b := r.b
	switch best := v.best(); {
	case len(several.sure) == 2 && !several.doubtful:
		d.Confidence = several.confidence
		return b.answer(d, q, several.sure...)
	case len(several.sure) >= 2 || several.doubtful:
		d.Confidence = min(d.Confidence, doubt*b.threshold)
		d.Doubt = DoubtSeveral
		return d.handOff(Unsure)
	case best.entry >= 0 && best.confidence >= b.threshold:
		return b.answer(d, q, best.entry)
	}
	if choices := b.choices(v, q); len(choices) > 0 {
		d.Action, d.Reason, d.Entries, d.Doubt = Clarify, Close, choices, DoubtRival
		return d
	}
	return r.unsure(d, v)
}

// answer answers with entries, unless one of them may not speak for itself.
func (b *Book) answer(d Decision, q Question, entries ...int) Decision {
	for _, i := range entries {
		if e := &b.entries[i]; !e.speaks(q) {
			if e.Trust != Off {
				d.Suggested = e.ID
			}
			return d.handOff(Withheld)
		}
	}
	d.Action, d.Reason = Answer, Sure
	for _, i := range entries {
		d.Entries = append(d.Entries, b.entries[i].ID)
	}
	return d
}

// speaks says whether an entry may answer a question by itself.
func (e *Entry) speaks(q Question) bool {
	return (e.Trust == Auto || e.Trust == "") && e.Valid(q.At) && e.For(q.Community)
}

// offering is how probable it must be that the right entry is among those that
// a customer is offered: of ten offers, one may miss.
const offering = 0.9

// choices are the entries to choose from: as few as surely hold the right one.
func (b *Book) choices(v verdict, q Question) (ids []string) {
	for i, c := range v.candidates[:min(len(v.candidates), MaxChoices)] {
		if !b.entries[c.entry].speaks(q) {
			return nil
		}
		ids = append(ids, b.entries[c.entry].ID)
		if i > 0 && v.within(i+1) >= offering {
			return ids
		}
	}
	return nil
}

// views are the ways to read a message: as typed, and in Cyrillic when it is
// in Latin letters and not English.
func (b *Book) views(m message, l Lang) [][]word {
	views := [][]word{m.words}
	if m.latin == 0 || l == English {
		return views
	}
	keep := func(w word) bool { return b.index.knows(w.stem) }
	for _, s := range schemes {
		if words, ok := s.cyrillic(m.words, keep); ok {
			views = append(views, words)
		}
	}
	return views
}

// exactly finds the entry that has these very words as a phrasing, or -1;
// shared says that more than one has. Entries that may speak go before others.
func (b *Book) exactly(views [][]word, q Question) (entry int, shared bool) {
	for _, words := range views {
		all := b.exact[exactKey(words)]
		var speak, meant []int
		for i, e := range all {
			switch {
			case slices.Contains(all[:i], e):
			case b.entries[e].speaks(q):
				speak = append(speak, e)
			case b.entries[e].For(q.Community):
				meant = append(meant, e)
			}
		}
		if len(speak) == 0 {
			speak = meant
		}
		switch len(speak) {
		case 0:
		case 1:
			return speak[0], false
		default:
			shared = true
		}
	}
	return -1, shared
}

// wording says which of an entry's texts has the words of a message: 0 for the
// title, then the phrasings.
func (b *Book) wording(entry int, views [][]word) int {
	e := &b.entries[entry]
	for i, text := range append([]string{e.Title}, e.Phrasings...) {
		key := SameWording(text)
		if slices.ContainsFunc(views, func(words []word) bool { return exactKey(words) == key }) {
			return i
		}
	}
	return 0
}

// meantFor leaves out the entries that are for other communities.
func (v verdict) meantFor(b *Book, q Question) verdict {
	kept := v.candidates[:0:0]
	for _, c := range v.candidates {
		if b.entries[c.entry].For(q.Community) {
			kept = append(kept, c)
		}
	}
	v.candidates = kept
	return v
}

// first puts a candidate in front, and its entry's other mention away.
func (v *verdict) first(c candidate) {
	list := []candidate{c}
	for _, other := range v.candidates {
		if other.entry != c.entry && len(list) < MaxCandidates {
			other.confidence = min(other.confidence, c.confidence)
			list = append(list, other)
		}
	}
	v.candidates = list
}

// doubt is the share of the threshold that a doubtful verdict keeps at most.
const doubt = 0.9

// lower keeps all confidences below the threshold.
func (v *verdict) lower(threshold float64) {
	for i := range v.candidates {
		v.candidates[i].confidence = min(v.candidates[i].confidence, doubt*threshold)
	}
}

func rawWords(words []word) (out []string) {
	for _, w := range unique(words) {
		if !w.number && !lexicons().function.is(w) {
			out = append(out, w.raw)
		}
	}
	return out
}
