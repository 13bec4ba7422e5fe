package library

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/scorecard"
)

// ErrNotFound: there is no such entry, revision, proposal or message.
var ErrNotFound = errors.New("not found")

// Store holds the truth about knowledge.
type Store interface {
	// Versions returns each brand's version: a number that grows with every
	// change of what answers.
	Versions(ctx context.Context) (map[string]int64, error)
	// Answering returns what answers as of one moment; the zero value for an
	// unknown brand.
	Answering(ctx context.Context, brand string) (Answering, error)
	// Records returns all entries of a brand, archived ones too, in order.
	Records(ctx context.Context, brand string) ([]Record, error)
	// History returns an entry's revisions and events, oldest first.
	History(ctx context.Context, brand, entry string) ([]Revision, []Event, error)
	// Confirmed returns the questions whose right answer a person or the
	// customer has said, newest first.
	Confirmed(ctx context.Context, brand string) ([]Confirmed, error)
	// Proposals lists those in a state, newest first.
	Proposals(ctx context.Context, brand string, state ProposalState, limit int) ([]Proposal, error)
	// OpenFile opens an attachment by its sum. The caller closes it.
	OpenFile(ctx context.Context, brand, sum string) (io.ReadCloser, error)
	// InTx runs do in one transaction that holds the brand's lock. An error
	// of do, or of the store, leaves everything as it was.
	InTx(ctx context.Context, brand string, do func(ctx context.Context, tx Tx) error) error
}

// Answering is what answers a brand's questions.
type Answering struct {
	Entries   []knowledge.Entry // in their order
	Version   int64
	Threshold Threshold
}

// Tx is what can be done under a brand's lock.
type Tx interface {
	// Version is the brand's; Answered makes it grow.
	Version() int64
	Answered(ctx context.Context) error
	Records(ctx context.Context) ([]Record, error)
	// Revision reads one revision of an entry.
	Revision(ctx context.Context, entry string, number int) (Revision, error)
	// SaveRecords writes records, and adds their heads to the revisions where
	// those are new. Contents of attachments are stored with them.
	SaveRecords(ctx context.Context, rs []Record) error
	AddEvents(ctx context.Context, es []Event) error
	// Threshold is the brand's; SetThreshold writes it and makes the version grow.
	Threshold() Threshold
	SetThreshold(ctx context.Context, t Threshold) error
	// Judged returns the newest verdicts on the matcher's best entries, phrasings
	// word for word apart.
	Judged(ctx context.Context) ([]Judged, error)
	// Tallies counts the verdicts on each entry from its record's JudgedSince on.
	Tallies(ctx context.Context) (map[string]scorecard.Precision, error)

	// Question reads a customer's message and what was decided on it.
	Question(ctx context.Context, message int64) (Asked, error)
	// Judge writes a verdict on a decision.
	Judge(ctx context.Context, message int64, v Verdict, by By, at time.Time) error
	// AddProposal sets the proposal's ID; false: the same is waiting already.
	AddProposal(ctx context.Context, p *Proposal) (bool, error)
	Proposal(ctx context.Context, id int64) (Proposal, error)
	SaveProposal(ctx context.Context, p Proposal) error
	// Reply reads an agent's reply to a ticket, with the question it answered.
	Reply(ctx context.Context, message int64) (Replied, error)
}

// Announcer tells other replicas that a brand's knowledge changed. A lost word
// costs them a moment, for they also look by the clock.
type Announcer interface{ Announce(brand string) }
