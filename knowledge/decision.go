package knowledge

// Question is what a customer said, and where.
type Question struct {
	Text      string
	Private   bool // a private chat with the bot
	Addressed bool // the bot was spoken to (always true in private)
}

// Action is what the matcher decided.
type Action string

// The decisions. Clarify (offer two or three candidates) is never taken by the
// first matcher; callers already handle it as a hand-off.
const (
	Answer  Action = "answer"
	Clarify Action = "clarify"
	HandOff Action = "handoff"
	Ignore  Action = "ignore"
)

// Reason says why, in one word; staff and logs read it through message files.
type Reason string

// The reasons for a decision.
const (
	Sure      Reason = "sure"      // answer: at or above the threshold
	Unsure    Reason = "unsure"    // hand off: a question, but no entry is sure enough
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
	Action     Action
	Reason     Reason
	Lang       Lang        // the customer's language, best guess
	EntryID    string      // for Answer: which entry
	Confidence float64     // 0..1, of the first candidate
	Threshold  float64     // 0..1, what Confidence had to reach
	Urgent     bool        // people should look sooner than usual
	Candidates []Candidate // best first, at most MaxCandidates; never nil entries
}

// MaxCandidates bounds Decision.Candidates.
const MaxCandidates = 5

// Candidate is an entry that was considered.
type Candidate struct {
	EntryID    string   `json:"id"`
	Title      string   `json:"title"`
	Confidence float64  `json:"confidence"`
	Words      []string `json:"words,omitempty"` // the customer's words that spoke for it, strongest first
}
