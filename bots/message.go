package bots

import "time"

// Opaque platform ids. Only the adapter that made one may look inside.
type (
	ChatID    string
	MessageID string
	UserID    string
	FileID    string
)

// Address is one place where people talk to one bot.
type Address struct {
	Bot   string // the adapter's Name
	Chat  ChatID
	Topic string // forum topic; "" outside of forums
}

// Kind says what happened.
type Kind string

// The kinds of things that a platform tells.
const (
	New      Kind = "new"      // something was said
	Edited   Kind = "edited"   // Message.ID was changed; Text and Files are the new ones
	Deleted  Kind = "deleted"  // Message.ID was retracted
	Pressed  Kind = "pressed"  // a button under our message Message.ReplyTo was pressed; Button holds its Data
	Blocked  Kind = "blocked"  // the contact blocked the bot, or the bot was removed from the chat
	Returned Kind = "returned" // the contact unblocked the bot, or the bot was added to the chat
	Migrated Kind = "migrated" // the chat From.Chat is now MovedTo; all later traffic uses the new id
)

// Message is one thing that a platform told us, in neutral form.
type Message struct {
	// UpdateID is unique per bot and the same each time the platform repeats itself.
	UpdateID string
	Kind     Kind
	ID       MessageID // what was said, edited or deleted; unique per bot and chat
	From     Address
	Chat     Chat
	Author   Author
	Text     Text // text or caption; valid UTF-8 without NUL, at most MaxText bytes
	Files    []File
	// Album joins messages that the platform split but the contact sent as one
	// (a Telegram media group). "" for most.
	Album   string
	ReplyTo MessageID // the message that this one answers; "" for none
	// Addressed: the bot was spoken to: a private chat, a mention, a reply to
	// one of its messages, or a command.
	Addressed bool
	Command   string // a bot command without slash and bot name ("start"); "" for none
	Button    string // for Pressed: the pressed button's Data
	PressID   string // for Pressed: what the adapter's Acknowledger needs
	MovedTo   ChatID // for Migrated
	SentAt    time.Time
	Raw       []byte // the platform's payload, kept so that a bug can be replayed
}

// MaxText bounds the text that intake keeps of one message, in bytes. It is
// far above every platform's own limit (Telegram: 4096 UTF-16 units).
const MaxText = 64 << 10

// Chat describes the place of a message.
type Chat struct {
	Private bool
	Title   string // a group's title; "" for a private chat
	Link    string // an https link that opens this message on the platform; "" where there is none
}

// Author is a person, a bot or a channel, as the platform shows it.
type Author struct {
	ID       UserID
	Name     string // display name
	Username string // public handle without @; may be ""
	Language string // the platform's interface language ("uk"); may be ""
	Bot      bool   // written by a bot or by the system, not by a person
}

// FileKind is how a platform shows a file.
type FileKind string

// The kinds of files.
const (
	Photo    FileKind = "photo"
	Document FileKind = "document"
	Voice    FileKind = "voice"
	Audio    FileKind = "audio"
	Video    FileKind = "video"
	Sticker  FileKind = "sticker"
)

// File is a file that a contact sent. Its bytes stay on the platform until a
// FileOpener fetches them.
type File struct {
	ID   FileID   `json:"id"`
	Kind FileKind `json:"kind"`
	Name string   `json:"name,omitempty"`
	MIME string   `json:"mime,omitempty"`
	Size int64    `json:"size,omitempty"` // bytes; 0 when unknown
	Note string   `json:"note,omitempty"` // what a person reads in its place: a sticker's emoji, a voice's length
}
