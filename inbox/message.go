package inbox

import (
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/knowledge"
)

// Contact is a customer as one platform knows them.
type Contact struct {
	ID       int64
	Bot      string
	User     bots.UserID
	Name     string
	Username string
	Lang     knowledge.Lang // as last heard; "" when unknown
	Blocked  bool           // blocked the bot: nothing can be delivered
}

// Conversation is the ordered messages between one contact and the brand in
// one place.
type Conversation struct {
	ID      int64
	Brand   string
	At      bots.Address
	Private bool
	Title   string // the group's title; "" in private
	Contact Contact
}

// Direction says who speaks.
type Direction string

// The directions of a message.
const (
	FromContact Direction = "contact"
	FromBot     Direction = "bot"
	FromAgent   Direction = "agent"
	Internal    Direction = "internal" // an agent's note: never leaves the staff side
)

// Delivery is how far a message has come to its reader.
type Delivery string

// The states of delivery. Messages from contacts are Received.
const (
	Received Delivery = "received"
	Waiting  Delivery = "waiting"
	Sent     Delivery = "sent"
	Failed   Delivery = "failed"
	Unsent   Delivery = "unsent" // withdrawn before it left
)

// Delivered is what is known of a message's way to its reader.
type Delivered struct {
	Delivery   Delivery
	ExternalID bots.MessageID // the platform's id; "" unless Sent
	// PossibleDuplicate: an earlier attempt ended without an answer, so the
	// contact may have received it twice.
	PossibleDuplicate bool
}

// Message is one thing said in a conversation.
type Message struct {
	ID           int64
	Conversation int64
	Ticket       int64 // 0 until decided
	Direction    Direction
	Author       string         // shown name of the contact or agent; "" for the bot
	ExternalID   bots.MessageID // the platform's id; "" until sent
	Album        string         // joins messages that were sent as one; "" for most
	ReplyTo      bots.MessageID
	Text         bots.Text
	Files        []bots.File // of a contact
	StaffFiles   []StaffFile // of an agent, or of an entry
	Buttons      [][]bots.Button
	Entry        string   // the knowledge entry that this answer is from; "" for none
	About        int64    // of the bot's: the contact's message that it answers; 0 for none
	Choices      []string // the entries that the buttons offer, in their order; nil for most
	Link         string   // opens it on the platform; "" where there is none
	Post         PostRef
	Agent        Agent // of FromAgent and Internal
	Addressed    bool
	Command      string
	Delivery     Delivery
	// PossibleDuplicate: an earlier attempt ended without an answer, so the
	// contact may have received it twice.
	PossibleDuplicate bool
	Edited            bool
	Deleted           bool
	SentAt            time.Time // by the speaker's clock
}
