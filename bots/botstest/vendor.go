package botstest

import (
	"testing"

	"github.com/poruch/poruch/bots"
)

// Vendor is one bot on a fake platform, and the people on its other side. A
// platform leaves nil what it does not have, and Exercise asks it for no proof
// of that; the hooks that are marked so must be there. Hooks fail the test when
// the fake refuses.
type Vendor struct {
	Adapter bots.Adapter // must
	// Secret is in no error's text and no log line.
	Secret string        // must
	Logged func() string // must: what the adapter logged so far

	// Chats that are there from the start.
	Private bots.ChatID // must: with one person, who has written before
	Other   bots.ChatID // must: with another
	Group   bots.ChatID
	// Mention addresses the bot in a group.
	Mention string

	// What people do.
	Say     func(t *testing.T, s Say) bots.MessageID // must
	Edit    func(t *testing.T, chat bots.ChatID, id bots.MessageID, text string)
	Press   func(t *testing.T, chat bots.ChatID, id bots.MessageID, data string)
	Block   func(t *testing.T, chat bots.ChatID, blocked bool)
	Migrate func(t *testing.T, group bots.ChatID) bots.ChatID
	Shown   func(chat bots.ChatID) []Shown // must: the bot's messages there, oldest first

	// What the platform does. RateLimit refuses sends to a chat for a while;
	// Outage breaks every call.
	RateLimit func(t *testing.T, chat bots.ChatID, on bool)
	Outage    func(t *testing.T, on bool)
	// Refused is a message that the platform never takes.
	Refused bots.Outgoing
	// Pending counts the updates that the bot has not confirmed; Watch ticks
	// when that or a chat changes.
	Pending func() int                                 // must
	Watch   func() (ticks <-chan struct{}, end func()) // must
}

// Say is what a person writes; in a private chat it is the chat's own person.
type Say struct {
	Chat    bots.ChatID
	Text    string // the caption when there are Files
	ReplyTo bots.MessageID
	Files   []File
	Album   bool // the Files are one album
}

// File is a file as a person has it.
type File struct {
	Kind bots.FileKind
	Name string // of documents; platforms name the others
	Data string
}

// Shown is a message of the bot as people see it.
type Shown struct {
	ID      bots.MessageID
	Text    string
	Buttons [][]bots.Button
	ReplyTo bots.MessageID
	Files   []File
	Deleted bool
}
