package main

import (
	"context"
	"fmt"
	"os"

	"github.com/poruch/poruch/knowledge/library"
)

// KBVerdictCmd records a person's verdict.
type KBVerdictCmd struct {
	Message int64               `arg:"" help:"The customer's message, by its number."`
	Verdict library.VerdictKind `arg:"" help:"confirmed: the answer or suggestion is right; wrong: it is not; missed: nothing was said, and --right should have been." enum:"confirmed,wrong,missed"`
	Right   string              `help:"The entry that should have answered; the message is proposed as a phrasing of it." placeholder:"ID"`
	whichBrand
	author
}

// Run records it.
func (c *KBVerdictCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		p, err := lib.Judge(ctx, brand, c.Message, library.Verdict{Kind: c.Verdict, Right: c.Right}, c.by(""))
		if err == nil && p.ID != 0 {
			fmt.Printf("proposal %d: a phrasing of %s; take it over with: poruch kb approve %d\n", p.ID, p.Entry, p.ID)
		}
		return err
	})
}

// KBOfferCmd proposes an agent's reply.
type KBOfferCmd struct {
	Message int64 `arg:"" help:"The agent's reply, by its number."`
	whichBrand
	author
}

// Run proposes it.
func (c *KBOfferCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		p, err := lib.Offer(ctx, brand, c.Message, c.by(""))
		if err != nil {
			return err
		}
		if p.ID == 0 {
			fmt.Println("the same is proposed already; see: poruch kb proposals")
			return nil
		}
		printProposal(p)
		return nil
	})
}

func printProposal(p library.Proposal) {
	what := "a new entry"
	if p.Kind == library.NewPhrasing {
		what = "a phrasing of " + p.Entry
	}
	fmt.Printf("%d: %s: %q, by %s\n", p.ID, what, p.Text, p.Author)
	if p.Answer != "" {
		fmt.Printf("   answer: %q\n", p.Answer)
	}
	for _, n := range p.Near {
		fmt.Printf("   may repeat %s (%s)\n", n.Entry, n.Title)
	}
}

// KBProposalsCmd lists proposals.
type KBProposalsCmd struct {
	State library.ProposalState `help:"waiting, approved or rejected." enum:"waiting,approved,rejected" default:"waiting"`
	Limit int                   `help:"How many at most, newest first." default:"50"`
	JSON  bool                  `name:"json" help:"Print one JSON object a line."`
	whichBrand
}

// Run lists.
func (c *KBProposalsCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		list, err := lib.Proposals(ctx, brand, c.State, c.Limit)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeLines(os.Stdout, list)
		}
		for _, p := range list {
			printProposal(p)
		}
		return nil
	})
}

// KBApproveCmd takes a proposal over.
type KBApproveCmd struct {
	Proposal int64                `arg:"" help:"Its number."`
	As       library.ProposalKind `help:"Take it over as a phrasing or as a new entry, whatever was proposed." enum:",phrasing,entry" default:""`
	Entry    string               `help:"The entry that gets the phrasing, or the new entry's id." placeholder:"ID"`
	Text     string               `help:"Another wording of the question." placeholder:"TEXT"`
	Answer   string               `help:"Another answer, for a new entry." placeholder:"TEXT"`
	whichBrand
	author
}

// Run saves a draft.
func (c *KBApproveCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		s, err := lib.Approve(ctx, brand, c.Proposal, library.Approval{Kind: c.As, Entry: c.Entry, Text: c.Text, Answer: c.Answer, By: c.by("")})
		if err != nil {
			return err
		}
		fmt.Printf("%s: revision %d; nothing answers before: poruch kb publish %s\n", s.Record.ID, s.Record.Head.Number, s.Record.ID)
		return nil
	})
}

// KBRejectCmd rejects a proposal.
type KBRejectCmd struct {
	Proposal int64 `arg:"" help:"Its number."`
	whichBrand
	author
}

// Run rejects.
func (c *KBRejectCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		return lib.Reject(ctx, brand, c.Proposal, c.by(""))
	})
}
