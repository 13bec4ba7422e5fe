package knowledge

// signals is what the rules read in a message besides its matter.
type signals struct {
	complaint bool
	person    bool
	negative  bool // about an earlier answer
	greeting  bool // nothing but
	thanks    bool // nothing but
	question  bool // a question or a request, by mark or by form
	pleased   bool
	spam      int // points
}

// Points that make spam. To someone who spoke to the brand silence would be an
// insult, so there it takes more.
const (
	spamInGroup   = 2
	spamAddressed = 3
)

// shortReply is how many words a reply to an answer has at most; in longer
// messages the same words are part of a new matter.
const shortReply = 8

// earlyWord is the last place at which a question word makes a question without
// its mark.
const earlyWord = 3

// readSignals applies the rules to a message. views are its words as typed and,
// for Latin spelling, in Cyrillic.
func (b *Book) readSignals(m message, views [][]word) signals {
	s := signals{question: m.asks}
	for _, words := range views {
		t := tagsOf(words)
		eachRule(words, func(tag string, start, _ int) {
			if tag == "grave" && !b.index.knows(words[start].stem) {
				t.hits["strong"]++
			}
		})
		s.merge(m, t, len(words))
	}
	s.spam += min(m.links, 1)
	s.question = m.asks || s.question && !s.pleased
	s.greeting = s.greeting && !s.complaint && !m.asks
	s.thanks = s.thanks && !s.complaint && !s.negative && !m.asks
	return s
}

// tally is how many words carry each tag, and what the whole message consists of.
type tally struct {
	hits   map[string]int
	polite int // words that are greetings, thanks, assent or filler
	spans  map[string]int
}

func tagsOf(words []word) tally {
	t := tally{hits: map[string]int{}, spans: map[string]int{}}
	polite := make([]bool, len(words))
	eachRule(words, func(tag string, start, n int) {
		if tag == "question" && start > earlyWord {
			return // «як» and «хто» inside a story ask nothing
		}
		t.hits[tag]++
		t.spans[tag] = max(t.spans[tag], n)
		switch tag {
		case "greeting", "thanks", "accept", "filler":
			for i := start; i < start+n; i++ {
				polite[i] = true
			}
		}
	})
	for _, p := range polite {
		if p {
			t.polite++
		}
	}
	return t
}

func (s *signals) merge(m message, t tally, words int) {
	anger := float64(2*t.hits["strong"] + t.hits["weak"])
	if m.shouts >= 3 {
		anger += 0.5
	}
	if m.caps > 0.6 {
		anger += 0.5
	}
	s.complaint = s.complaint || anger >= 2
	s.person = s.person || t.hits["person"] > 0
	s.negative = s.negative || t.hits["negative"] > 0 && words <= shortReply ||
		t.hits["negative-whole"] > 0 && t.spans["negative-whole"]+t.polite >= words
	asks := t.hits["question"] > 0 || t.hits["request"] > 0
	s.question = s.question || asks
	s.pleased = s.pleased || t.hits["pleased"] > 0
	s.spam = max(s.spam, 2*t.hits["two"]+t.hits["one"])
	all := t.polite == words
	s.greeting = s.greeting || all && t.hits["greeting"] > 0 && t.hits["thanks"] == 0
	s.thanks = s.thanks || all && (t.hits["thanks"] > 0 || t.hits["accept"] > 0 && t.hits["greeting"] == 0) ||
		t.hits["thanks"] > 0 && !asks && words-t.polite <= 3
}
