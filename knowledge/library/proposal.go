package library

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// Proposal is something that a trainer may take over: feedback on its way to an
// entry.
type Proposal struct {
	ID      int64          `json:"id"`
	Kind    ProposalKind   `json:"kind"`
	Entry   string         `json:"entry"`  // the entry it is about; "" for a new one
	Text    string         `json:"text"`   // the phrasing, or the question of a new entry, without personal data
	Answer  string         `json:"answer"` // of a new entry, or what an agent replied; "" for none
	Lang    knowledge.Lang `json:"lang"`
	Message int64          `json:"message"` // that it came from
	Near    []Near         `json:"near"`    // entries that it may repeat
	By      `json:"by"`
	At      time.Time     `json:"at"`
	State   ProposalState `json:"state"`
	Decided By            `json:"decided"` // who approved or rejected it
}

// ProposalKind is what approving does.
type ProposalKind string

// The kinds of proposals.
const (
	NewPhrasing ProposalKind = "phrasing" // adds Text to Entry
	NewEntry    ProposalKind = "entry"    // makes an entry of Text and Answer
)

// ProposalState is how far a proposal has come.
type ProposalState string

// The states of a proposal.
const (
	Waiting  ProposalState = "waiting"
	Approved ProposalState = "approved"
	Rejected ProposalState = "rejected"
)

// Approval is how a trainer takes a proposal over.
type Approval struct {
	// Kind and Entry replace the proposal's when Kind is set: a phrasing may
	// become a new entry, and the other way round.
	Kind  ProposalKind
	Entry string // for a new entry: its id
	Text  string // replaces the proposal's; "": as it is
	// Answer replaces the proposal's; "": as it is.
	Answer string
	By     By
}

// Approve saves what a proposal says as a draft of its entry, which a publish
// lets answer.
func (l *Library) Approve(ctx context.Context, brand string, id int64, a Approval) (Saved, error) {
	var saved Saved
	err := l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		p, err := waiting(ctx, tx, id)
		if err != nil {
			return err
		}
		p.take(a)
		records, err := tx.Records(ctx)
		if err != nil {
			return err
		}
		r, isNew := find(records, p.Entry)
		e, err := p.applied(r, isNew)
		if err != nil {
			return err
		}
		if err := check(e); err != nil {
			return err
		}
		same := r.write(e, By{a.By.Author, fmt.Sprintf("proposal %d", id)}, l.Now())
		saved = Saved{Record: r, New: isNew, Same: same}
		if !same {
			if err := tx.SaveRecords(ctx, []Record{r}); err != nil {
				return err
			}
		}
		p.State, p.Decided = Approved, a.By
		return tx.SaveProposal(ctx, p)
	})
	if err != nil {
		return Saved{}, fmt.Errorf("approve proposal %d: %w", id, err)
	}
	return saved, nil
}

func waiting(ctx context.Context, tx Tx, id int64) (Proposal, error) {
	p, err := tx.Proposal(ctx, id)
	if err == nil && p.State != Waiting {
		err = fmt.Errorf("it is %s already, by %s", p.State, p.Decided.Author)
	}
	return p, err
}

func (p *Proposal) take(a Approval) {
	if a.Kind != "" {
		p.Kind = a.Kind
	}
	for _, f := range []struct {
		to   *string
		from string
	}{{&p.Entry, a.Entry}, {&p.Text, a.Text}, {&p.Answer, a.Answer}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
}

// applied is the entry that a proposal makes.
func (p *Proposal) applied(r Record, isNew bool) (knowledge.Entry, error) {
	switch {
	case p.Entry == "":
		return knowledge.Entry{}, fmt.Errorf("a new entry needs an id")
	case p.Kind == NewEntry && !isNew && !r.Archived:
		return knowledge.Entry{}, fmt.Errorf("entry %q exists already; choose another id, or take it over as a phrasing", p.Entry)
	case p.Kind == NewEntry:
		lang := p.Lang
		if lang == "" {
			lang = knowledge.Ukrainian
		}
		return knowledge.Entry{ID: p.Entry, Title: p.Text, Lang: lang, Answers: map[knowledge.Lang]string{lang: p.Answer}}, nil
	case isNew:
		return knowledge.Entry{}, ErrNotFound
	}
	e := r.Head.Entry.Clone()
	if !slices.Contains(e.Phrasings, p.Text) && e.Title != p.Text {
		e.Phrasings = append(e.Phrasings, p.Text)
	}
	return e, nil
}

// Reject puts a proposal aside for good.
func (l *Library) Reject(ctx context.Context, brand string, id int64, by By) error {
	err := l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		p, err := waiting(ctx, tx, id)
		if err != nil {
			return err
		}
		p.State, p.Decided = Rejected, by
		return tx.SaveProposal(ctx, p)
	})
	if err != nil {
		return fmt.Errorf("reject proposal %d: %w", id, err)
	}
	return nil
}

// Proposals lists those in a state, newest first.
func (l *Library) Proposals(ctx context.Context, brand string, state ProposalState, limit int) ([]Proposal, error) {
	return l.Store.Proposals(ctx, brand, state, limit)
}
