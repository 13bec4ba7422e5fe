package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
	"github.com/poruch/poruch/knowledge/library"
)

// KBListCmd lists entries.
type KBListCmd struct {
	whichBrand
	Stage string `help:"Only those in this stage: draft, published, changed or archived." enum:",draft,published,changed,archived" default:""`
	JSON  bool   `name:"json" help:"Print one JSON object a line."`
}

// listedEntry is an entry as scripts read it.
type listedEntry struct {
	ID       string           `json:"id"`
	Title    string           `json:"title"`
	Stage    library.Stage    `json:"stage"`
	Trust    knowledge.Trust  `json:"trust"`
	Earned   bool             `json:"earned"`
	Revision int              `json:"revision"`
	Live     int              `json:"live"`
	Stale    []knowledge.Lang `json:"stale"`
}

// Run prints a table.
func (c *KBListCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		records, err := lib.Records(ctx, brand)
		if err != nil {
			return err
		}
		records = slices.DeleteFunc(records, func(r library.Record) bool { return c.Stage != "" && string(r.Stage()) != c.Stage })
		if c.JSON {
			list := make([]listedEntry, len(records))
			for i, r := range records {
				stale := append([]knowledge.Lang{}, r.Head.Entry.Stale...)
				list[i] = listedEntry{r.ID, r.Head.Entry.Title, r.Stage(), r.Trust, r.Earned, r.Head.Number, r.Live, stale}
			}
			return writeLines(os.Stdout, list)
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tSTAGE\tTRUST\tREVISION\tSTALE\tTITLE")
		for _, r := range records {
			trust := string(r.Trust)
			if r.Earned {
				trust += " (earned)"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%v\t%s\n", r.ID, r.Stage(), trust, r.Head.Number, r.Head.Entry.Stale, r.Head.Entry.Title)
		}
		return w.Flush()
	})
}

// KBShowCmd prints an entry.
type KBShowCmd struct {
	Entry    string `arg:"" help:"Its id."`
	Revision int    `arg:"" optional:"" help:"By default the newest."`
	whichBrand
}

// Run prints what kb import and kb save read.
func (c *KBShowCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		revisions, _, err := lib.History(ctx, brand, c.Entry)
		if err != nil {
			return err
		}
		at := len(revisions) - 1
		if c.Revision > 0 {
			at = slices.IndexFunc(revisions, func(r library.Revision) bool { return r.Number == c.Revision })
		}
		if at < 0 {
			return fmt.Errorf("entry %q has no revision %d; the newest is %d", c.Entry, c.Revision, revisions[len(revisions)-1].Number)
		}
		return files.Write(os.Stdout, files.JSONL, []knowledge.Entry{revisions[at].Entry})
	})
}

// KBHistoryCmd tells an entry's history.
type KBHistoryCmd struct {
	Entry string `arg:"" help:"Its id."`
	whichBrand
}

// Run prints a line for each revision and event, oldest first.
func (c *KBHistoryCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		revisions, events, err := lib.History(ctx, brand, c.Entry)
		if err != nil {
			return err
		}
		type line struct {
			at   time.Time
			text string
			by   library.By
		}
		var lines []line
		for _, r := range revisions {
			lines = append(lines, line{r.At, fmt.Sprintf("saved as revision %d", r.Number), r.By})
		}
		for _, e := range events {
			text := string(e.Kind)
			if e.Revision > 0 {
				text += fmt.Sprintf(" (revision %d)", e.Revision)
			}
			if e.Detail != "" {
				text += ": " + e.Detail
			}
			lines = append(lines, line{e.At, text, e.By})
		}
		slices.SortStableFunc(lines, func(a, b line) int { return a.at.Compare(b.at) })
		for _, l := range lines {
			fmt.Printf("%s  %s, by %s", l.at.Local().Format(time.DateTime), l.text, l.by.Author)
			if l.by.Reason != "" {
				fmt.Printf(" (%s)", l.by.Reason)
			}
			fmt.Println()
		}
		return nil
	})
}

// KBSaveCmd saves drafts.
type KBSaveCmd struct {
	File string `arg:"" help:"Knowledge file with the entries; - is the standard input."`
	formatFlag
	whichBrand
	author
}

// Run saves all entries or none, and points out those that others resemble.
func (c *KBSaveCmd) Run(ctx context.Context, open openKnowledge) error {
	entries, err := c.read(c.File)
	if err != nil {
		return err
	}
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		r, err := lib.Import(ctx, brand, entries, library.Importing{Keep: true, Draft: true, By: c.by("from " + filepath.Base(c.File))})
		if err != nil {
			return err
		}
		fmt.Printf("%s: %d new, %d changed, %d unchanged; nothing answers before: poruch kb publish\n", brand, r.Added, r.Changed, r.Unchanged)
		for _, e := range entries {
			near, err := lib.Near(ctx, brand, e)
			if err != nil {
				return err
			}
			for _, n := range near {
				fmt.Printf("  %s may repeat %s (%s): %q\n", e.ID, n.Entry, n.Title, n.Text)
			}
		}
		return nil
	})
}

// KBRestoreCmd brings an old revision back.
type KBRestoreCmd struct {
	Entry    string `arg:"" help:"Its id."`
	Revision int    `arg:"" help:"Which one; see: poruch kb history ID."`
	whichBrand
	author
}

// Run restores.
func (c *KBRestoreCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		r, err := lib.Restore(ctx, brand, c.Entry, c.Revision, c.by(""))
		if err != nil {
			return err
		}
		fmt.Printf("%s: revision %d is restored as revision %d; nothing answers before: poruch kb publish %s\n", c.Entry, c.Revision, r.Head.Number, c.Entry)
		return nil
	})
}

// KBTrustCmd sets trust.
type KBTrustCmd struct {
	Entry string          `arg:"" help:"Its id."`
	Trust knowledge.Trust `arg:"" help:"off: people answer; suggest: they see what it says; shadow: and their verdicts may earn it auto; auto: it answers." enum:"off,suggest,shadow,auto"`
	whichBrand
	author
}

// Run sets it by hand.
func (c *KBTrustCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		return lib.SetTrust(ctx, brand, c.Entry, c.Trust, c.by(""))
	})
}
