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
	// MaxCandidates; terms are the rarest first.
	Candidates(ctx context.Context, terms []int32, telling []float64) ([]*Gap, error)
	// Knows says whether a contact asked a gap's question before.
	Knows(ctx context.Context, gap, contact int64) (bool, error)
	// Join saves a gap with one more question. A gap without an ID is given one.
	Join(ctx context.Context, j Joined) error
	// Skip remembers a question that has no words to go by.
	Skip(ctx context.Context, q Question) error
	// Count adds the terms of the questions that were taken.
	Count(ctx context.Context, terms map[int32]int, questions int) error
}

// MaxCandidates is how many gaps a question is compared with.
const MaxCandidates = 64

// Joined is a question in its gap.
type Joined struct {
	Gap       *Gap
	Question  Question
	Closeness float64
	Fresh     []int32 // terms that are new to the gap
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
