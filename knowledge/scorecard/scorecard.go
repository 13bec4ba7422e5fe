package scorecard

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// AskedAgainWithin is how soon a contact must ask for the same entry again for
// its answer to count as ReAsked; exactly so much later still counts.
const AskedAgainWithin = 72 * time.Hour

// Figures count questions: messages that were decided on within a period and
// were not ignored, each in the period of its decision, whenever its verdict
// came. Messages that were deleted are left out. Only the verdict that stands
// counts.
//
// In a row of an entry, a question belongs to the entry that it was answered
// with; an answer with two entries counts in full for both. A question that was
// handed off belongs to the entry that people were shown, else to the matcher's
// first candidate, else to none, whose id is "".
type Figures struct {
	Asked     int `json:"asked"`      // Answered and HandedOff
	Answered  int `json:"answered"`   // by the bot, after a customer's choice too
	HandedOff int `json:"handed_off"` // to people, for whatever reason

	// What was answered, by the verdict that stands; the rest has none yet.
	Confirmed int `json:"confirmed"` // the customer or a person said that it was right
	Assumed   int `json:"assumed"`   // settled by silence: nobody said anything
	Unhelpful int `json:"unhelpful"` // the customer said that it did not help, or asked for a person
	Wrong     int `json:"wrong"`     // a person said that it was wrong

	// Reopened answers: their ticket was reopened, by the customer or by people,
	// before anything else was answered on it.
	Reopened int `json:"reopened"`
	// ReAsked answers: the same contact, in any conversation with the bot, wrote
	// within AskedAgainWithin of the decision something else that the same entry
	// answered or was the first candidate for.
	ReAsked int `json:"re_asked"`

	// Of HandedOff: people were shown an entry, and said whether it was right.
	SuggestedRight int `json:"suggested_right"`
	SuggestedWrong int `json:"suggested_wrong"`
	// Missed: a person named the right entry where another one, or none, had
	// been answered or shown. In a row of an entry: it was the one named.
	Missed int `json:"missed"`

	// Offered is not part of Asked: customers were offered this entry to choose
	// and have not chosen. In other rows: were offered any.
	Offered int `json:"offered"`
}

// Precision is what people's verdicts say of the answers and suggestions.
// Silence says nothing: Assumed does not count.
func (f Figures) Precision() Precision {
	return Precision{Right: f.Confirmed + f.SuggestedRight, Wrong: f.Wrong + f.Unhelpful + f.SuggestedWrong}
}

// Unjudged answers have no verdict yet, nor silence long enough.
func (f Figures) Unjudged() int {
	return f.Answered - f.Confirmed - f.Assumed - f.Unhelpful - f.Wrong
}

// By is what a scorecard has rows for.
type By string

// The ways to break a brand's figures down.
const (
	ByBrand By = "brand" // one row in all; Key is the brand
	ByEntry By = "entry" // Key is the entry's id
	ByLang  By = "lang"  // Key is the customer's language; "" is unknown
)

// Row is one line of a scorecard.
type Row struct {
	Key string `json:"key"`
	Figures
}

// Query chooses what is counted: decisions from From up to, but without, To.
type Query struct {
	Brand    string
	From, To time.Time
	By       By
}

// Store counts. knowledge/postgres has it.
type Store interface {
	// Count returns rows in no order; none when nothing was asked.
	Count(ctx context.Context, q Query) ([]Row, error)
}

// WorstFirst orders rows: those whose answers are surely bad come first, then
// by bad verdicts, by signs of trouble, and by questions.
func WorstFirst(rows []Row) {
	slices.SortFunc(rows, func(a, b Row) int {
		p, o := a.Precision(), b.Precision()
		return cmp.Or(
			cmp.Compare(p.Upper(Sure95), o.Upper(Sure95)),
			cmp.Compare(o.Wrong, p.Wrong),
			cmp.Compare(b.Reopened+b.ReAsked, a.Reopened+a.ReAsked),
			cmp.Compare(b.Asked, a.Asked),
			cmp.Compare(a.Key, b.Key),
		)
	})
}
