package inbox

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/knowledge"
)

// ErrNotFound: the store has no such row.
var ErrNotFound = errors.New("not found")

// ErrInvalid wraps a failure that lies in the data itself, so that trying the
// same again cannot help.
var ErrInvalid = errors.New("data cannot be stored")

// Store holds the truth.
type Store interface {
	// Cursor returns where a bot's intake continues; "" at first.
	Cursor(ctx context.Context, bot string) (string, error)
	// InTx runs do in one transaction: all of it, or nothing. do may be called
	// once only; its error comes back wrapped.
	InTx(ctx context.Context, do func(ctx context.Context, tx Tx) error) error
}

// Queue hands out due jobs. Several workers and replicas may claim at once.
type Queue interface {
	// Claim returns up to n due jobs, marked as running by the worker until
	// the lease ends. No two are of one lane, and none has an unfinished
	// predecessor in its lane.
	Claim(ctx context.Context, c Claiming) ([]Job, error)
	// Retry puts a running job back, due at the given time.
	Retry(ctx context.Context, j Job, r Retry) error
	// Reap puts back the running jobs whose worker died or whose lease ended,
	// as Unsure, and returns how many.
	Reap(ctx context.Context) (int, error)
	// Due returns when the next pending job is due; zero if there is none.
	Due(ctx context.Context) (time.Time, error)
}

// Claiming is what a worker asks for.
type Claiming struct {
	Worker int32
	Max    int
	Lease  time.Duration
}

// Retry says how a job is put back.
type Retry struct {
	At     time.Time
	Cause  string // for people who look at the table; never customers' words
	Unsure bool   // this attempt ended without an answer
	// Waited: the attempt did not begin (its chat must wait), so it does not
	// count.
	Waited bool
}

// Tx is what can be done in one transaction. Whoever adds a message or a job to
// a conversation must hold its lock (LockConversation, ConversationFor): ids are
// then drawn in the order in which they are committed, which is what keeps a
// lane in order.
type Tx interface {
	// Receive stores payloads and tells which are new; the others were here
	// before. The answer is in the order of rs.
	Receive(ctx context.Context, source string, rs []Receipt) ([]bool, error)
	SetCursor(ctx context.Context, bot, cursor string) error

	// ConversationFor finds or makes the contact and the conversation of a
	// contact's message, and locks it.
	ConversationFor(ctx context.Context, brand string, m bots.Message) (Conversation, error)
	LockConversation(ctx context.Context, id int64) (Conversation, error)
	// Conversation reads without a lock.
	Conversation(ctx context.Context, id int64) (Conversation, error)
	// MoveChat gives all conversations of a chat its new id.
	MoveChat(ctx context.Context, bot string, from, to bots.ChatID) error
	// SetBlocked remembers whether a contact can be reached, and returns the
	// contact's conversations, locked.
	SetBlocked(ctx context.Context, bot string, user bots.UserID, blocked bool) ([]Conversation, error)
	SetLang(ctx context.Context, contact int64, lang knowledge.Lang) error

	// AddMessage stores a new message and sets its ID. False: the platform's
	// id or the console's post is here already, and nothing was stored.
	AddMessage(ctx context.Context, c Conversation, m *Message) (bool, error)
	// JoinAlbum adds files to the message that began the album and returns
	// it; false if the album has no message yet.
	JoinAlbum(ctx context.Context, m bots.Message) (Message, bool, error)
	Message(ctx context.Context, id int64) (Message, error)
	MessageByExternal(ctx context.Context, at bots.Address, id bots.MessageID) (Message, error)
	MessageByPost(ctx context.Context, at PostRef) (Message, error)
	// SaveMessage writes what can change of a message, but its delivery. The
	// caller holds its conversation's lock.
	SaveMessage(ctx context.Context, m Message) error
	// SetDelivery writes how far a message has come; it needs no lock.
	SetDelivery(ctx context.Context, message int64, to Delivered) error
	// KeepEdit keeps what a message said before.
	KeepEdit(ctx context.Context, message int64, before bots.Text, at time.Time) error
	// Before returns the last messages of a conversation before one, oldest first.
	Before(ctx context.Context, conversation, message int64, limit int) ([]Message, error)
	// DecidedUpTo is the last message of a conversation before the first that
	// waits for its decision, or is being decided.
	DecidedUpTo(ctx context.Context, conversation int64) (int64, error)
	// Undecided says whether a decide job for the message still waits.
	Undecided(ctx context.Context, message int64) (bool, error)

	// LastTicket returns the conversation's newest ticket.
	LastTicket(ctx context.Context, conversation int64) (Ticket, error)
	Ticket(ctx context.Context, id int64) (Ticket, error)
	// TicketInThread finds the ticket of a thread, and holds the thread: until
	// the end nobody else can give it to a ticket, or find that it has none.
	// Whoever also locks a conversation holds the thread first.
	TicketInThread(ctx context.Context, at ThreadRef) (Ticket, error)
	// KeepEarly keeps a reply in a thread that is no ticket's yet; TakeEarly
	// removes and returns those of a thread, oldest first.
	KeepEarly(ctx context.Context, r Reply) error
	TakeEarly(ctx context.Context, at ThreadRef) ([]Reply, error)
	// SaveTicket writes a ticket, and makes it (setting its ID) when that is 0.
	SaveTicket(ctx context.Context, t *Ticket) error
	AddEvent(ctx context.Context, e Event) error

	// AddDecision writes what was decided on a message, in place of what was
	// decided on it before; the verdict on that goes with it.
	AddDecision(ctx context.Context, d Decided) error
	// Decision reads what was decided on a message.
	Decision(ctx context.Context, message int64) (Decided, error)
	// LastAnswer reads the newest decision to answer on a ticket.
	LastAnswer(ctx context.Context, ticket int64) (Decided, error)
	// Judge writes what came of a decision. False: there is none, or somebody
	// who counts for more has judged it, and nothing was written.
	Judge(ctx context.Context, message int64, j Judgement) (bool, error)
	// Assume judges the answers on a ticket that nobody has judged: the contact
	// is silent.
	Assume(ctx context.Context, ticket int64, at time.Time) error

	Enqueue(ctx context.Context, j Job) error
	// Finish ends a running job, or returns ErrLeaseLost.
	Finish(ctx context.Context, j Job) error
	// Bury ends a running job that finally failed; it stays to be seen.
	Bury(ctx context.Context, j Job, cause string) error

	// WakeAt and SettleAt arrange that Desk.Wake and Desk.Settle are called
	// for the ticket, at that time or soon after.
	WakeAt(ctx context.Context, ticket int64, at time.Time) error
	SettleAt(ctx context.Context, ticket int64, at time.Time) error
}

// Receipt is a payload as it came in.
type Receipt struct {
	EventID string
	Raw     []byte
	Unread  bool   // kept, but not handled
	Failed  bool   // could not be handled: someone should look
	Why     string // for Unread and Failed
}

// Answerer is what the desk needs of the knowledge base.
type Answerer interface {
	Decide(ctx context.Context, brand string, q knowledge.Question) (knowledge.Decision, error)
	Entry(ctx context.Context, brand, id string) (knowledge.Entry, bool, error)
	// OpenFile begins to read a file of an entry by its sum. The caller closes
	// it. fs.ErrNotExist: the knowledge base has no such file.
	OpenFile(ctx context.Context, brand, sum string) (io.ReadCloser, error)
}

// Platforms is what the desk needs of the bots; *bots.Fleet is one.
type Platforms interface {
	bots.Sender
	bots.Editor
	bots.Deleter
	OpenFile(ctx context.Context, bot string, id bots.FileID) (io.ReadCloser, error)
	Acknowledge(ctx context.Context, bot, pressID, notice string) error
}

// Pacer keeps sends below the platforms' limits, across replicas.
type Pacer interface {
	// Take asks for one send to a bot's chat. 0: go ahead; else how long to
	// wait before asking again.
	Take(ctx context.Context, key PaceKey) time.Duration
	// Pause stops a chat, or with an empty Chat the whole bot.
	Pause(ctx context.Context, key PaceKey, d time.Duration)
}

// PaceKey names what is paced: a chat of a bot, or a channel of a console.
type PaceKey struct{ Bot, Chat string }

// Signals wakes workers that wait for jobs. Losing one costs a moment only.
type Signals interface {
	Wake()
	Woken() <-chan struct{}
}
