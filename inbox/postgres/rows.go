package postgres

import (
	"database/sql"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

type cursorRow struct {
	Bot       string `gorm:"primaryKey"`
	Cursor    string
	UpdatedAt time.Time
}

func (cursorRow) TableName() string { return "cursors" }

type ticketRow struct {
	ID             int64 `gorm:"primaryKey"`
	Brand          string
	ConversationID int64
	State          string
	Priority       string
	Lang           string
	AssigneeID     string
	AssigneeName   string
	ThreadChannel  string
	ThreadTS       string             `gorm:"column:thread_ts"`
	Decision       knowledge.Decision `gorm:"serializer:json"`
	MessageID      int64
	SubjectID      int64
	HistoryUpTo    int64
	HandedOff      bool
	Told           bool
	SnoozedUntil   sql.NullTime
	OpenedAt       time.Time
	ChangedAt      time.Time
	ResolvedAt     sql.NullTime
}

func (ticketRow) TableName() string { return "tickets" }

func rowOfTicket(t inbox.Ticket) ticketRow {
	return ticketRow{
		ID: t.ID, Brand: t.Brand, ConversationID: t.Conversation, State: string(t.State), Priority: string(t.Priority),
		Lang: string(t.Lang), AssigneeID: t.Assignee.ID, AssigneeName: t.Assignee.Name,
		ThreadChannel: t.Thread.Channel, ThreadTS: t.Thread.TS, Decision: t.Decision, MessageID: t.Message, SubjectID: t.Subject,
		HistoryUpTo: t.HistoryUpTo, HandedOff: t.HandedOff, Told: t.Told, SnoozedUntil: nullTime(t.SnoozedUntil),
		OpenedAt: t.OpenedAt, ChangedAt: t.ChangedAt, ResolvedAt: nullTime(t.ResolvedAt),
	}
}

func (r ticketRow) ticket() inbox.Ticket {
	return inbox.Ticket{
		ID: r.ID, Brand: r.Brand, Conversation: r.ConversationID, State: inbox.State(r.State),
		Priority: inbox.Priority(r.Priority), Lang: knowledge.Lang(r.Lang),
		Assignee: inbox.Agent{ID: r.AssigneeID, Name: r.AssigneeName},
		Thread:   inbox.ThreadRef{Channel: r.ThreadChannel, TS: r.ThreadTS}, Decision: r.Decision, Message: r.MessageID, Subject: r.SubjectID,
		HistoryUpTo: r.HistoryUpTo, HandedOff: r.HandedOff, Told: r.Told, SnoozedUntil: r.SnoozedUntil.Time,
		OpenedAt: r.OpenedAt, ChangedAt: r.ChangedAt, ResolvedAt: r.ResolvedAt.Time,
	}
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }

type messageRow struct {
	ID                int64 `gorm:"primaryKey"`
	ConversationID    int64
	TicketID          sql.NullInt64
	Direction         string
	Author            string
	Bot               string
	Chat              string
	ExternalID        string
	Album             string
	ReplyTo           string
	Body              bots.Text         `gorm:"serializer:json"`
	Files             []bots.File       `gorm:"serializer:json"`
	StaffFiles        []inbox.StaffFile `gorm:"serializer:json"`
	Buttons           [][]bots.Button   `gorm:"serializer:json"`
	Entry             string
	AboutID           int64
	Choices           []string `gorm:"serializer:json"`
	Link              string
	PostChannel       string
	PostTS            string `gorm:"column:post_ts"`
	AgentID           string
	Addressed         bool
	Command           string
	Delivery          string
	PossibleDuplicate bool
	Edited            bool
	Deleted           bool
	SentAt            time.Time
	CreatedAt         time.Time
}

func (messageRow) TableName() string { return "messages" }

func rowOfMessage(at bots.Address, m inbox.Message) messageRow {
	agent := m.Agent
	return messageRow{
		ID: m.ID, ConversationID: m.Conversation, TicketID: sql.NullInt64{Int64: m.Ticket, Valid: m.Ticket != 0},
		Direction: string(m.Direction), Author: m.Author, Bot: at.Bot, Chat: string(at.Chat),
		ExternalID: string(m.ExternalID), Album: m.Album, ReplyTo: string(m.ReplyTo), Body: m.Text,
		Files: orEmpty(m.Files), StaffFiles: orEmpty(m.StaffFiles), Buttons: orEmpty(m.Buttons),
		Entry: m.Entry, AboutID: m.About, Choices: orEmpty(m.Choices), Link: m.Link, PostChannel: m.Post.Channel, PostTS: m.Post.TS, AgentID: agent.ID,
		Addressed: m.Addressed, Command: m.Command, Delivery: string(m.Delivery),
		PossibleDuplicate: m.PossibleDuplicate, Edited: m.Edited, Deleted: m.Deleted, SentAt: m.SentAt,
	}
}

// orEmpty keeps a nil list from becoming the JSON word null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (r messageRow) message() inbox.Message {
	m := inbox.Message{
		ID: r.ID, Conversation: r.ConversationID, Ticket: r.TicketID.Int64, Direction: inbox.Direction(r.Direction),
		Author: r.Author, ExternalID: bots.MessageID(r.ExternalID), Album: r.Album, ReplyTo: bots.MessageID(r.ReplyTo),
		Text: r.Body, Files: r.Files, StaffFiles: r.StaffFiles, Buttons: r.Buttons, Entry: r.Entry,
		About: r.AboutID, Choices: r.Choices, Link: r.Link,
		Post: inbox.PostRef{Channel: r.PostChannel, TS: r.PostTS}, Addressed: r.Addressed, Command: r.Command,
		Delivery: inbox.Delivery(r.Delivery), PossibleDuplicate: r.PossibleDuplicate, Edited: r.Edited,
		Deleted: r.Deleted, SentAt: r.SentAt,
	}
	if r.AgentID != "" {
		m.Agent = inbox.Agent{ID: r.AgentID, Name: r.Author}
	}
	return m
}

type conversationRow struct {
	ID        int64 `gorm:"primaryKey"`
	Brand     string
	Bot       string
	Chat      string
	Topic     string
	ContactID int64
	Private   bool
	Title     string
	CreatedAt time.Time
	UserID    string `gorm:"->"` // of the contact, read with a join
	Name      string `gorm:"->"`
	Username  string `gorm:"->"`
	Lang      string `gorm:"->"`
	Blocked   bool   `gorm:"->"`
}

func (conversationRow) TableName() string { return "conversations" }

func (r conversationRow) conversation() inbox.Conversation {
	return inbox.Conversation{
		ID: r.ID, Brand: r.Brand, Private: r.Private, Title: r.Title,
		At: bots.Address{Bot: r.Bot, Chat: bots.ChatID(r.Chat), Topic: r.Topic},
		Contact: inbox.Contact{
			ID: r.ContactID, Bot: r.Bot, User: bots.UserID(r.UserID), Name: r.Name, Username: r.Username,
			Lang: knowledge.Lang(r.Lang), Blocked: r.Blocked,
		},
	}
}
