package library

import (
	"time"

	"github.com/poruch/poruch/knowledge"
)

// Stage is where an entry stands in its life.
type Stage string

// The stages.
const (
	Draft     Stage = "draft"     // written, and not answering yet
	Published Stage = "published" // answering
	Changed   Stage = "changed"   // answering, while a newer revision waits to be published
	Archived  Stage = "archived"  // taken out; its revisions stay
)

// Record is an entry with its life.
type Record struct {
	ID       string
	Position int // its place among the brand's entries
	// Head is the newest revision; its entry carries the trust of now.
	Head Revision
	// Live is the number of the revision that answers; 0: none.
	Live     int
	Archived bool
	Trust    knowledge.Trust
	// Earned: verdicts gave it its trust, so they may take it away too.
	Earned bool
	// JudgedSince is from when on verdicts count for its trust.
	JudgedSince time.Time
}

// Stage is where the entry stands.
func (r Record) Stage() Stage {
	switch {
	case r.Archived:
		return Archived
	case r.Live == 0:
		return Draft
	case r.Live != r.Head.Number:
		return Changed
	}
	return Published
}

// Revision is an entry as it was saved once.
type Revision struct {
	Number int // 1 for the first
	Entry  knowledge.Entry
	By
	At time.Time
}

// By is who does something, and why.
type By struct {
	Author string `json:"author"` // a person's id or name, or a program's
	Reason string `json:"reason"` // in the author's words; may be empty
}

// Event is one line of an entry's history beside its revisions: append-only.
type Event struct {
	Entry    string
	Kind     EventKind
	Revision int    // of the entry, where the event is about one; else 0
	Detail   string // "shadow -> auto (96 of 98 right, at least 95.1 %)"
	By
	At time.Time
}

// EventKind is what happened.
type EventKind string

// The kinds of events.
const (
	EventPublished EventKind = "published"
	EventArchived  EventKind = "archived"
	EventRestored  EventKind = "restored"
	EventTrusted   EventKind = "trusted"
	EventThreshold EventKind = "threshold" // of the brand; Entry is ""
)
