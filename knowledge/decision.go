package knowledge

import "time"

// Question is what a customer said, and where.
type Question struct {
	Text      string
	Private   bool      // a private chat with the bot
	Addressed bool      // the bot was spoken to (always true in private)
	Community string    // the chat's id, for entries with an audience; "": any
	At        time.Time // when it was said, for entries with a validity; zero: any time
	// Vector is the embedding of Text by the model of Book.WithVectors. nil, or
	// of another size: the book decides by words alone.
	Vector []float32
}

// Action is what the matcher decided.
type Action string

// The decisions.
const (
	Answer  Action = "answer"
	Clarify Action = "clarify" // offer two or three entries to choose from
	HandOff Action = "handoff"
	Ignore  Action = "ignore"
)

// Reason says why, in one word; staff and logs read it through message files.
type Reason string

// The reasons for a decision.
const (
	Sure      Reason = "sure"      // answer: at or above the threshold
	Close     Reason = "close"     // clarify: surely one of two or three, but which?
	Unsure    Reason = "unsure"    // hand off: a question, but no entry is sure enough
	Withheld  Reason = "withheld"  // hand off: sure, but that entry may not answer by itself, now
	Complaint Reason = "complaint" // hand off whatever the score: anger, threats, legal, medical, payment disputes
	Person    Reason = "person"    // hand off: the customer asks for a human
	Negative  Reason = "negative"  // hand off: "that did not help"
	Files     Reason = "files"     // hand off: a picture or document; never the matcher's, which reads words
	Greeting  Reason = "greeting"  // ignore: only a greeting
	Thanks    Reason = "thanks"    // ignore: only thanks
	Chatter   Reason = "chatter"   // ignore: talk among members, no question to the brand
	Spam      Reason = "spam"      // ignore
	Empty     Reason = "empty"     // ignore: no words at all
)

// Decision is the matcher's verdict on one message, with its grounds.
type Decision struct {
	Action Action
	Reason Reason
	Lang   Lang // the customer's language, best guess
	// Entries are, for Answer, the entries to answer with: one, or one for each
	// of two questions, in the message's order; for Clarify, the MaxChoices or
	// fewer to choose from, best first; else none.
	Entries []string
	// Suggested is, for a hand-off, the entry that people may find useful: it
	// would have answered had it been trusted to, or valid. "": none.
	Suggested  string
	Confidence float64     // 0..1, of the first candidate
	Threshold  float64     // 0..1, what Confidence had to reach
	Urgent     bool        // people should look sooner than usual
	Doubt      Doubt       // for Unsure and Close: what spoke against an answer; else ""
	Candidates []Candidate // best first, at most MaxCandidates
}

// Entry is the first of Entries; "" when there are none.
func (d Decision) Entry() string {
	if len(d.Entries) == 0 {
		return ""
	}
	return d.Entries[0]
}

// MaxCandidates bounds Decision.Candidates.
const MaxCandidates = 5

// MaxChoices is how many entries a customer chooses from: more would be a list
// to read, not a question.
const MaxChoices = 3

// Doubt says in one word why a question was not answered.
type Doubt string

// The doubts.
const (
	DoubtRival   Doubt = "rival"   // two entries are close to each other
	DoubtWord    Doubt = "word"    // a telling word of the message has nothing to do with the best entry
	DoubtWeak    Doubt = "weak"    // no entry resembles the message enough
	DoubtSeveral Doubt = "several" // it asks for two things, and not both are sure
	DoubtEmpty   Doubt = "empty"   // there is no entry at all
)

// Candidate is an entry that was considered.
type Candidate struct {
	EntryID    string   `json:"id"`
	Title      string   `json:"title"`
	Confidence float64  `json:"confidence"`
	Words      []string `json:"words,omitempty"`    // the customer's words that spoke for it, strongest first
	Against    []string `json:"against,omitempty"`  // those that it does not account for, weightiest first
	Concepts   []string `json:"concepts,omitempty"` // meanings that it shares with the message: "refund"
	Phrasing   string   `json:"phrasing,omitempty"` // the phrasing that resembles the message most
}
