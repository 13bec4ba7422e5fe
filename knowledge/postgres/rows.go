package postgres

import (
	"time"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/library"
)

type bookRow struct {
	Brand     string `gorm:"primaryKey"`
	Version   int64
	Threshold float64
	Target    float64
}

func (bookRow) TableName() string { return "knowledge_books" }

type entryRow struct {
	Brand       string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Position    int
	Head        int
	Live        int
	Archived    bool
	Trust       string
	Earned      bool
	JudgedSince time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

func (entryRow) TableName() string { return "knowledge_entries" }

func rowOf(brand string, r library.Record, now time.Time) entryRow {
	return entryRow{
		Brand: brand, ID: r.ID, Position: r.Position, Head: r.Head.Number, Live: r.Live, Archived: r.Archived,
		Trust: string(r.Trust), Earned: r.Earned, JudgedSince: r.JudgedSince, CreatedAt: now, UpdatedAt: now,
	}
}

func (r entryRow) record(head library.Revision) library.Record {
	head.Entry.Trust = knowledge.Trust(r.Trust)
	return library.Record{
		ID: r.ID, Position: r.Position, Head: head, Live: r.Live, Archived: r.Archived,
		Trust: knowledge.Trust(r.Trust), Earned: r.Earned, JudgedSince: r.JudgedSince,
	}
}

type revisionRow struct {
	Brand     string  `gorm:"primaryKey"`
	Entry     string  `gorm:"primaryKey"`
	Number    int     `gorm:"primaryKey"`
	Content   content `gorm:"serializer:json"`
	Author    string
	Reason    string
	CreatedAt time.Time
}

func (revisionRow) TableName() string { return "knowledge_revisions" }

func (r revisionRow) revision() library.Revision {
	return library.Revision{Number: r.Number, Entry: r.Content.entry(r.Entry), By: library.By{Author: r.Author, Reason: r.Reason}, At: r.CreatedAt}
}

// content is what a revision keeps of an entry: all but its id and trust.
type content struct {
	Title     string                    `json:"title"`
	Phrasings []string                  `json:"phrasings,omitempty"`
	Answers   map[knowledge.Lang]string `json:"answers"`
	Stale     []knowledge.Lang          `json:"stale,omitempty"`
	Tags      []string                  `json:"tags,omitempty"`
	Lang      knowledge.Lang            `json:"lang"`
	Links     []knowledge.Link          `json:"links,omitempty"`
	Files     []knowledge.File          `json:"files,omitempty"`
	From      time.Time                 `json:"from,omitzero"`
	Until     time.Time                 `json:"until,omitzero"`
	Audience  []string                  `json:"audience,omitempty"`
}

func contentOf(e knowledge.Entry) content {
	return content{e.Title, e.Phrasings, e.Answers, e.Stale, e.Tags, e.Lang, e.Links, e.Files, e.From.UTC(), e.Until.UTC(), e.Audience}
}

func (c content) entry(id string) knowledge.Entry {
	return knowledge.Entry{
		ID: id, Title: c.Title, Phrasings: c.Phrasings, Answers: c.Answers, Stale: c.Stale, Tags: c.Tags, Lang: c.Lang,
		Links: c.Links, Files: c.Files, From: c.From, Until: c.Until, Audience: c.Audience,
	}
}

type eventRow struct {
	ID        int64 `gorm:"primaryKey"`
	Brand     string
	Entry     string
	Kind      string
	Revision  int
	Detail    string
	Author    string
	Reason    string
	CreatedAt time.Time
}

func (eventRow) TableName() string { return "knowledge_events" }

func (r eventRow) event() library.Event {
	return library.Event{
		Entry: r.Entry, Kind: library.EventKind(r.Kind), Revision: r.Revision, Detail: r.Detail,
		By: library.By{Author: r.Author, Reason: r.Reason}, At: r.CreatedAt,
	}
}

type fileRow struct {
	Brand     string `gorm:"primaryKey"`
	Sum       string `gorm:"primaryKey"`
	Data      []byte
	CreatedAt time.Time
}

func (fileRow) TableName() string { return "knowledge_files" }

type proposalRow struct {
	ID         int64 `gorm:"primaryKey"`
	Brand      string
	Kind       string
	Entry      string
	Body       string
	Answer     string
	Lang       string
	MessageID  int64
	Near       []library.Near `gorm:"serializer:json"`
	Author     string
	Reason     string
	State      string
	DecidedBy  string
	DecidedWhy string
	CreatedAt  time.Time
}

func (proposalRow) TableName() string { return "knowledge_proposals" }

func proposalRowOf(brand string, p library.Proposal) proposalRow {
	near := p.Near
	if near == nil {
		near = []library.Near{}
	}
	return proposalRow{
		ID: p.ID, Brand: brand, Kind: string(p.Kind), Entry: p.Entry, Body: p.Text, Answer: p.Answer, Lang: string(p.Lang),
		MessageID: p.Message, Near: near, Author: p.Author, Reason: p.Reason, State: string(p.State),
		DecidedBy: p.Decided.Author, DecidedWhy: p.Decided.Reason, CreatedAt: p.At,
	}
}

func (r proposalRow) proposal() library.Proposal {
	return library.Proposal{
		ID: r.ID, Kind: library.ProposalKind(r.Kind), Entry: r.Entry, Text: r.Body, Answer: r.Answer, Lang: knowledge.Lang(r.Lang),
		Message: r.MessageID, Near: r.Near, By: library.By{Author: r.Author, Reason: r.Reason}, At: r.CreatedAt,
		State: library.ProposalState(r.State), Decided: library.By{Author: r.DecidedBy, Reason: r.DecidedWhy},
	}
}
