package knowledge

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
	s := readSignals(m, views)
	exact, shared := b.exactly(views)
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
	v := b.weigh(m, s, views, exact)
	if exact < 0 && (shared || s.pleased && !m.asks) {
		v.lower(b.threshold)
	}
	d.Candidates = b.candidates(v)
	best := v.best()
	d.Confidence = best.confidence
	switch {
	case s.complaint:
		d.Action, d.Reason, d.Urgent = HandOff, Complaint, true
	case exact >= 0:
		d.Action, d.Reason, d.EntryID = Answer, Sure, b.entries[exact].ID
	case s.negative:
		d.Action, d.Reason = HandOff, Negative
	case s.person:
		d.Action, d.Reason = HandOff, Person
	case !addressed && !s.question:
		return d.ignore(Chatter)
	case best.entry >= 0 && best.confidence >= d.Threshold:
		d.Action, d.Reason, d.EntryID = Answer, Sure, b.entries[best.entry].ID
	default:
		d.Action, d.Reason = HandOff, Unsure
	}
	return d
}

func (d Decision) ignore(r Reason) Decision {
	d.Action, d.Reason = Ignore, r
	return d
}

// views are the ways to read a message: as typed, and in Cyrillic when it is
// in Latin letters and not English.
func (b *Book) views(m message, l Lang) [][]word {
	views := [][]word{m.words}
	if m.latin == 0 || l == English {
		return views
	}
	keep := func(w word) bool { return b.index.known[w.stem] > 0 }
	for _, s := range schemes {
		if words, ok := s.cyrillic(m.words, keep); ok {
			views = append(views, words)
		}
	}
	return views
}

// exactly finds the entry that has these very words as a phrasing, or -1;
// shared says that more than one has.
func (b *Book) exactly(views [][]word) (entry int, shared bool) {
	for _, words := range views {
		e, ok := b.exact[exactKey(words)]
		if ok && e >= 0 {
			return e, false
		}
		shared = shared || ok
	}
	return -1, shared
}

// weigh judges a message. One that is a phrasing word by word needs no more;
// one that surely asks for two things is for people.
func (b *Book) weigh(m message, s signals, views [][]word, exact int) verdict {
	whole := b.judge(s, views)
	switch {
	case exact >= 0:
		whole.first(candidate{entry: exact, confidence: sure, words: rawWords(m.words)})
	case whole.best().confidence >= b.threshold && b.asksSeveral(s, views):
		whole.lower(b.threshold)
	}
	return whole
}

// maxSentences bounds the work on a long story.
const maxSentences = 12

// asksSeveral says whether two sentences surely ask for different things.
func (b *Book) asksSeveral(s signals, views [][]word) bool {
	for _, words := range views {
		sentences := sentencesOf(words)
		if len(sentences) < 2 {
			continue
		}
		first := -1
		for _, sentence := range sentences[:min(len(sentences), maxSentences)] {
			if len(sentence) < 2 {
				continue
			}
			best := b.judge(s, [][]word{sentence}).best()
			switch {
			case best.confidence < b.threshold:
			case first < 0:
				first = best.entry
			case best.entry != first:
				return true
			}
		}
	}
	return false
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

func (b *Book) candidates(v verdict) []Candidate {
	var out []Candidate
	for _, c := range v.candidates {
		out = append(out, Candidate{
			EntryID: b.entries[c.entry].ID, Title: b.entries[c.entry].Title, Confidence: c.confidence, Words: c.words,
		})
	}
	return out
}

func rawWords(words []word) (out []string) {
	for _, w := range unique(words) {
		if !w.number && !lexicons().function.is(w) {
			out = append(out, w.raw)
		}
	}
	return out
}
