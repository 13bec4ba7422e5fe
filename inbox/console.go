package inbox

import (
	"context"
	"io"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/knowledge"
)

// Console is where staff read and write: Slack first. Errors are
// *bots.RetryError (temporary, surely not posted), bots.ErrRejected (this very
// post can never be shown), bots.ErrUnreachable (the thread or channel is
// gone, or the app may not post there), or anything else: temporary, and it
// may or may not have been posted.
type Console interface {
	// Receive brings staff's words and clicks to the desk until ctx ends;
	// then it returns nil. Any other return is an error that waiting does not
	// cure (a wrong token).
	Receive(ctx context.Context, staff Staff) error
	// Open shows a ticket as a new thread in a channel.
	Open(ctx context.Context, channel string, c Card) (ThreadRef, error)
	// Update shows the ticket's present state on its card.
	Update(ctx context.Context, at ThreadRef, c Card) error
	// Post adds something to a thread.
	Post(ctx context.Context, at ThreadRef, p Post) (PostRef, error)
	// Revise replaces a post that we made; the old words stay visible when
	// p says Edited.
	Revise(ctx context.Context, at PostRef, p Post) error
	// Mark shows how far an agent's own message has come.
	Mark(ctx context.Context, at PostRef, d Delivery) error
	// Find looks for a thread head or post that was made with this key since
	// the given time, after an attempt that ended without an answer. Zero
	// values: surely not there.
	Find(ctx context.Context, channel string, at ThreadRef, key string, since time.Time) (PostRef, error)
	// OpenFile fetches a file that an agent shared. The caller closes it.
	OpenFile(ctx context.Context, f StaffFile) (io.ReadCloser, error)
}

// Staff is what a console tells the desk. nil means stored: only now may the
// console acknowledge. A repeat (the same EventID) is a quiet success.
type Staff interface {
	HandleReply(ctx context.Context, r Reply) error
	// HandleAction returns what to tell the person who acted, and nobody else;
	// "" for nothing.
	HandleAction(ctx context.Context, a Action) (notice string, err error)
}

// ThreadRef is a thread in a console. Zero: none. Opaque but for its console.
type ThreadRef struct {
	Channel string `json:"channel,omitempty"`
	TS      string `json:"ts,omitempty"`
}

// PostRef is one message in a console.
type PostRef struct {
	Channel string `json:"channel,omitempty"`
	TS      string `json:"ts,omitempty"`
}

// Agent is a member of staff.
type Agent struct {
	ID   string `json:"id,omitempty"`   // the console's user id
	Name string `json:"name,omitempty"` // the public name that customers may see
}

// StaffFile is a file that an agent shared, whose bytes stay in the console; or
// one of an entry, whose bytes stay in the knowledge base.
type StaffFile struct {
	ID   string `json:"id,omitempty"`  // the console's
	URL  string `json:"url,omitempty"` // private to the console
	Sum  string `json:"sum,omitempty"` // what the knowledge base knows it by; "" for an agent's
	Name string `json:"name,omitempty"`
	MIME string `json:"mime,omitempty"`
	Size int64  `json:"size,omitempty"`
}

// Reply is what an agent wrote in a thread (or changed, or retracted). Threads
// that are not tickets are ignored by the desk.
type Reply struct {
	EventID string
	Kind    bots.Kind // New, Edited or Deleted
	Thread  ThreadRef
	Post    PostRef // the agent's own message
	Agent   Agent
	Text    bots.Text
	Files   []StaffFile
	At      time.Time
	Raw     []byte
}

// ActionKind is a button on a card.
type ActionKind string

// What staff can do with a ticket.
const (
	Claim   ActionKind = "claim"
	Resolve ActionKind = "resolve"
	Snooze  ActionKind = "snooze"  // Value: a SnoozeFor
	Suggest ActionKind = "suggest" // Value: the entry id to send
	Reopen  ActionKind = "reopen"
	// What the bot answered to Message, or would have, is right or wrong.
	Confirm ActionKind = "confirm"
	Refute  ActionKind = "refute"
)

// SnoozeFor says how long to put a ticket aside.
type SnoozeFor string

// The choices of the snooze dialog.
const (
	SnoozeHour     SnoozeFor = "hour"
	SnoozeFour     SnoozeFor = "four_hours"
	SnoozeTomorrow SnoozeFor = "tomorrow" // when the brand next opens after today
	SnoozeCustomer SnoozeFor = "customer" // until the customer writes
)

// Action is a click on a ticket's card.
type Action struct {
	EventID string
	Kind    ActionKind
	Ticket  int64
	Value   string
	Message int64 // Confirm and Refute: the question whose decision is judged
	Agent   Agent
	At      time.Time
	Raw     []byte
}

// Card is all that staff see of a ticket at the head of its thread. Customer
// text in it is hostile: show it so that it can neither ping, nor format, nor
// pose as staff.
type Card struct {
	Key         string // finds the post again; unique per ticket
	Ticket      Ticket
	Contact     Contact
	Platform    string // "Telegram"
	Community   string // the group's title; "" for a private chat
	Link        string // opens the message on the platform; "" where there is none
	Question    Message
	History     []Message // what was said before in this conversation, oldest first, at most 10
	Suggestions []Suggestion
	Answered    Answered       // what the bot answered last; zero: nothing
	Lang        knowledge.Lang // the language staff read: uk or en
}

// Suggestion is an answer that staff can send with one click.
type Suggestion struct {
	EntryID    string
	Title      string
	Text       bots.Text
	Links      []knowledge.Link
	Files      []string // the names of those that go with it
	Confidence float64
	// Meant: the bot would have answered with it, had it been allowed to. It is
	// the first of the suggestions, and staff may judge it.
	Meant   bool
	Because Withholding
	Verdict Verdict // of a person of staff; "" before
}

// Withholding is what kept the bot from an answer that it was sure of; "" when
// that cannot be told any more, or lies in the message.
type Withholding string

// The withholdings.
const (
	InShadow    Withholding = "shadow"  // the entry is being tried
	SuggestOnly Withholding = "suggest" // the entry is for people to send
	TooEarly    Withholding = "early"   // the entry is not valid yet
	Expired     Withholding = "expired" // the entry is not valid any more
)

// Answered is what the bot answered on a ticket; staff may judge it.
type Answered struct {
	Message int64 // the question; 0: the bot has answered nothing
	Titles  []string
	Verdict Verdict // of a person of staff; "" before
}

// PostKind says whose words a post carries.
type PostKind string

// The kinds of posts in a thread.
const (
	PostContact PostKind = "contact" // the customer's words
	PostBot     PostKind = "bot"     // what the bot told the customer
	PostAgent   PostKind = "agent"   // what an agent sent with a button
	PostNote    PostKind = "note"    // what Poruch tells staff
)

// Post is one addition to a thread.
type Post struct {
	Key    string // finds the post again; unique per message
	Kind   PostKind
	Author string // shown name of the contact or agent
	// Platform is where the contact wrote ("Telegram").
	Platform string
	Text     bots.Text
	Files    []bots.Upload
	// Missing names files that could not be fetched, with the reason.
	Missing []string
	// Attached names files that the customer gets with the words; Links and
	// Choices are the buttons under them.
	Attached []string
	Links    []knowledge.Link
	Choices  []string
	Link     string
	Edited   bool // Revise: the words changed; Before holds the old ones
	Deleted  bool // Revise: the customer or platform retracted it
	Before   bots.Text
}
