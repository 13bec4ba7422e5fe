package inbox

import (
	"errors"
	"fmt"
	"time"

	"github.com/poruch/poruch/bots"
)

// JobKind says what a job does. Lanes keep the order: within one lane, jobs run
// one at a time in the order in which they were enqueued.
type JobKind string

// The kinds of jobs, by lane.
const (
	JobDecide JobKind = "decide" // decide lane: what to do with a contact's message
	JobPress  JobKind = "press"  // decide lane: a contact pressed a button

	JobSend    JobKind = "send"    // contact lane: a message on its way to the contact
	JobEdit    JobKind = "edit"    // contact lane: change a message that was sent
	JobRetract JobKind = "retract" // contact lane: withdraw a message that was sent

	JobOpen   JobKind = "open"   // staff lane: bring the ticket to people as a thread
	JobCard   JobKind = "card"   // staff lane: show the ticket's present state
	JobPost   JobKind = "post"   // staff lane: show a message in the thread
	JobRevise JobKind = "revise" // staff lane: show that a message was edited
	JobNote   JobKind = "note"   // staff lane: tell staff something
	JobMark   JobKind = "mark"   // staff lane: show how far an agent's message has come
)

// Job is one piece of due work. Its effects and its end are committed together.
type Job struct {
	ID      int64
	Lane    string
	Kind    JobKind
	Brand   string
	Ticket  int64
	Message int64
	Payload Payload
	Attempt int // 1 on the first run
	// Unsure: an earlier attempt ended without an answer (a crash, a broken
	// connection), so it may have had its effect outside of Postgres.
	Unsure    bool
	Worker    int32
	RunAt     time.Time // zero: now
	CreatedAt time.Time
}

// Payload is what a job needs beside the rows that it names.
type Payload struct {
	Note      string      `json:"note,omitempty"`       // JobNote: the finished text
	Before    *bots.Text  `json:"before,omitempty"`     // JobRevise: what the message said before
	Button    string      `json:"button,omitempty"`     // JobPress
	PressID   string      `json:"press_id,omitempty"`   // JobPress
	Presser   bots.UserID `json:"presser,omitempty"`    // JobPress
	FilesOnly bool        `json:"files_only,omitempty"` // JobPost: the words are shown elsewhere
	FilesFrom int         `json:"files_from,omitempty"` // JobPost with FilesOnly: from this file on
	Bot       string      `json:"bot,omitempty"`        // JobPress
}

// ErrLeaseLost: another worker took the job over in the meantime; this run's
// effects must not be committed.
var ErrLeaseLost = errors.New("job was taken over by another worker")

func decideLane(conversation int64) string  { return fmt.Sprintf("d%d", conversation) }
func contactLane(conversation int64) string { return fmt.Sprintf("c%d", conversation) }
func staffLane(conversation int64) string   { return fmt.Sprintf("s%d", conversation) }
