package library

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/poruch/poruch/knowledge"
)

// Verdict is what came of a decision.
type Verdict struct {
	Kind VerdictKind
	// Right is the entry that should have answered; "": not said. With
	// Incorrect it names the better one.
	Right string
}

// VerdictKind is a person's word on a decision.
type VerdictKind string

// The verdicts of people. What customers say and what silence means is written
// by the inbox.
const (
	Correct   VerdictKind = "confirmed" // the answer, or what was suggested, is right
	Incorrect VerdictKind = "wrong"     // it is wrong
	Missed    VerdictKind = "missed"    // nothing was said, and Right should have been
)

// Asked is a customer's message with the decision on it.
type Asked struct {
	Message   int64
	Text      string
	Lang      knowledge.Lang
	Entries   []string // it was answered with
	Suggested string   // people were shown
}

// Replied is an agent's reply with the question that it answered.
type Replied struct {
	Question Asked
	Text     string // in the small Markdown of package bots/markdown
	Lang     knowledge.Lang
}

// Judge records a person's verdict on the decision about a message. Where it
// names the entry that should have answered, the message is proposed as a
// phrasing of it. The proposal's ID is 0 when there is none.
func (l *Library) Judge(ctx context.Context, brand string, message int64, v Verdict, by By) (Proposal, error) {
	if v.Kind == Missed && v.Right == "" {
		return Proposal{}, fmt.Errorf("judge message %d: say which entry should have answered", message)
	}
	book, err := l.book(ctx, brand)
	if err != nil {
		return Proposal{}, err
	}
	var p Proposal
	err = l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		p = Proposal{}
		asked, err := tx.Question(ctx, message)
		if err != nil {
			return err
		}
		records, err := tx.Records(ctx)
		if err != nil {
			return err
		}
		if r, isNew := find(records, v.Right); v.Right != "" && (isNew || r.Archived) {
			return fmt.Errorf("entry %q: %w", v.Right, ErrNotFound)
		}
		said := asked.Entries
		if asked.Suggested != "" {
			said = append(said, asked.Suggested)
		}
		if len(said) == 0 && v.Kind != Missed {
			return fmt.Errorf("nothing was answered or suggested; say which entry should have been (missed)")
		}
		if err := tx.Judge(ctx, message, v, by, l.Now()); err != nil || v.Right == "" || slices.Contains(said, v.Right) {
			return err
		}
		p = l.proposal(book, asked, by)
		p.Kind, p.Entry = NewPhrasing, v.Right
		return propose(ctx, tx, &p)
	})
	if err != nil {
		return Proposal{}, fmt.Errorf("judge message %d: %w", message, err)
	}
	return p, nil
}

// Offer proposes an agent's reply: as a phrasing of the entry that is nearest
// to the question when one is near, else as a new entry. Near lists what it may
// repeat.
func (l *Library) Offer(ctx context.Context, brand string, reply int64, by By) (Proposal, error) {
	book, err := l.book(ctx, brand)
	if err != nil {
		return Proposal{}, err
	}
	var p Proposal
	err = l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		r, err := tx.Reply(ctx, reply)
		if err != nil {
			return err
		}
		p = l.proposal(book, r.Question, by)
		p.Kind, p.Answer, p.Message, p.Lang = NewEntry, knowledge.Mask(r.Text), reply, r.Lang
		if len(p.Near) > 0 {
			p.Kind, p.Entry = NewPhrasing, p.Near[0].Entry
		}
		return propose(ctx, tx, &p)
	})
	if err != nil {
		return Proposal{}, fmt.Errorf("offer reply %d: %w", reply, err)
	}
	return p, nil
}

func (l *Library) proposal(book *knowledge.Book, asked Asked, by By) Proposal {
	return Proposal{
		Text: phrasingOf(asked.Text), Lang: asked.Lang, Message: asked.Message,
		Near: nearTo(book, asked.Text), By: by, At: l.Now(), State: Waiting,
	}
}

// phrasingOf is what a customer wrote, fit for a knowledge base: one line, not too
// long, and nobody's personal data.
func phrasingOf(text string) string {
	runes := []rune(strings.Join(strings.Fields(knowledge.Mask(text)), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), knowledge.MaxTitle)]))
}

func propose(ctx context.Context, tx Tx, p *Proposal) error {
	if isNew, err := tx.AddProposal(ctx, p); err != nil || !isNew {
		p.ID = 0
		return err
	}
	return nil
}
