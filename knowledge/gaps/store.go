package gaps

import (
	"context"
	"errors"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// ErrNotFound: there is no such gap.
var ErrNotFound = errors.New("no such gap")

// Store keeps gaps. knowledge/postgres has it.
type Store interface {
	// Collect runs do in one transaction as the brand's only writer. It returns
	// false at once, without running do, while another replica is the writer.
	Collect(ctx context.Context, brand string, do func(ctx context.Context, tx Tx) error) (bool, error)
	// Change runs do on one gap, as its brand's only writer, and saves what do
	// made of it; it waits for its turn. ErrNotFound when there is no such gap.
	Change(ctx context.Context, id int64, do func(*Gap) error) error

	// Ranked returns the gaps to look at, the hottest first.
	Ranked(ctx context.Context, brand string, f Filter) ([]Gap, error)
	Gap(ctx context.Context, id int64) (Gap, error)
	// Asked returns questions of a gap that can still be read: the newest, and
	// those closest to its centre, each once, the newest first.
	Asked(ctx context.Context, id int64, newest, closest int) ([]Asked, error)
	// Replies returns what people answered on the tickets of a gap's newest
	// questions, the newest first.
	Replies(ctx context.Context, id int64, questions, limit int) ([]Reply, error)
}

// Tx is the writer's transaction.
type Tx interface {
	Secret() Secret
	// Unanswered returns questions that no gap has taken yet, the oldest first,
	// and moves the cursor past them.
	Unanswered(ctx context.Context, limit int) ([]Question, error)
	// Common says how common terms were before this transaction, and among how
	// many questions.
	Common(ctx context.Context, terms []int32) (map[int32]int, int, error)
	// Candidates returns gaps that share telling terms with a question, at most
	// MaxCandidates; terms are the most telling first.
	Candidates(ctx context.Context, terms []int32, telling []float64) ([]Candidate, error)
	// Gap reads one gap whole.
	Gap(ctx context.Context, id int64) (*Gap, error)
	// Knows returns those of the pairs whose contact asked the gap's question
	// before this transaction.
	Knows(ctx context.Context, pairs []Pair) (map[Pair]bool, error)
	// Save keeps what was collected, and gives new gaps their IDs.
	Save(ctx context.Context, h Harvest) error
}

// MaxCandidates is how many stored gaps a question is compared with.
const MaxCandidates = 64

// Candidate is a gap that a question may join.
type Candidate struct {
	ID     int64
	Centre Centre
}

// Pair is a contact and a gap.
type Pair struct{ Gap, Contact int64 }

// Harvest is what one transaction collected.
type Harvest struct {
	Changed   []Changed
	Joined    []Joined
	Skipped   []Question    // that have no words to go by
	Terms     map[int32]int // in how many of the joined questions each occurs
	Questions int           // how many joined
}

// Changed is a gap that took questions. One without a positive ID is new.
type Changed struct {
	*Gap
	Fresh []int32 // terms that it did not have before; some may be named twice
}

// Joined is a question in its gap.
type Joined struct {
	Gap       *Gap
	Question  Question
	Closeness float64
}

// Filter chooses gaps.
type Filter struct {
	Limit int
	// All: dismissed and answered ones too. Otherwise those that are open, and
	// those whose answer is Doubted.
	All bool
}

// Asked is one question of a gap, as it stands in the messages.
type Asked struct {
	Message    int64
	Contact    int64
	Lang       knowledge.Lang
	Text       string
	Community  string // "" for a private chat
	At         time.Time
	Right      string // the entry that a person named as the right one; "" for none
	Top        string // the matcher's first candidate; "" for none
	Confidence float64
}

// Reply is what a person answered.
type Reply struct {
	Text string
	At   time.Time
}
