package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"

	"github.com/poruch/poruch/knowledge/library"
)

// author is the flags of commands that change knowledge.
type author struct {
	Author string `help:"Who does it, for the history; by default the user of this machine." placeholder:"NAME"`
	Why    string `help:"Why, for the history." placeholder:"TEXT"`
}

// by is the author, with a reason where none was given.
func (a author) by(reason string) library.By {
	name := a.Author
	if name == "" {
		name = "somebody"
		if u, err := user.Current(); err == nil {
			name = cmp.Or(u.Username, name)
		}
	}
	return library.By{Author: name, Reason: cmp.Or(a.Why, reason)}
}

// publishing is the flags of commands that change what answers.
type publishing struct {
	Yes  bool `help:"Publish even if confirmed questions get worse."`
	JSON bool `name:"json" help:"Print the comparison as JSON."`
}

// shownChanges is how many changed questions are listed for people.
const shownChanges = 50

// tell prints a comparison and says what to do when it stopped the publish.
func (p publishing) tell(r library.Report, err error) error {
	if err != nil && !errors.Is(err, library.ErrWorse) {
		return err
	}
	if printed := p.print(os.Stdout, r); printed != nil {
		return printed
	}
	if err != nil {
		return fmt.Errorf("nothing was published: %w; look at the list, mend the drafts, or repeat with --yes", err)
	}
	return nil
}

func (p publishing) print(w io.Writer, r library.Report) error {
	if p.JSON {
		return writeLines(w, []library.Report{r})
	}
	if r.Replayed == 0 { // the first import has nothing to compare with
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s replayed, %d of them confirmed: %s, %s worse, %s better\n", count(r.Replayed, "question"), r.Confirmed,
		changing(len(r.Changes)), getting(r.Worse), getting(r.Better))
	for _, c := range r.Changes[:min(len(r.Changes), shownChanges)] {
		mark := map[library.Effect]string{library.Worse: "-", library.Better: "+", library.Other: " "}[c.Effect]
		sure := ""
		if c.Confirmed {
			sure = ", confirmed"
		}
		fmt.Fprintf(&b, "%s %q: %s -> %s (right: %s%s)\n", mark, c.Text, told(c.Before), told(c.After), cmp.Or(c.Expect, "none"), sure)
	}
	if more := len(r.Changes) - shownChanges; more > 0 {
		fmt.Fprintf(&b, "  and %d more; --json lists all\n", more)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func changing(n int) string {
	if n == 1 {
		return "1 answer changes"
	}
	return fmt.Sprintf("%d answers change", n)
}

func getting(n int) string {
	if n == 1 {
		return "1 gets"
	}
	return fmt.Sprintf("%d get", n)
}

func told(o library.Outcome) string {
	if len(o.Entries) > 0 {
		return strings.Join(o.Entries, " + ")
	}
	return string(o.Action)
}

// KBDiffCmd compares.
type KBDiffCmd struct {
	Entries []string `arg:"" optional:"" help:"Entries to publish; by default all that have something to publish."`
	Archive []string `help:"Entries to take out." placeholder:"ID"`
	whichBrand
	JSON bool `name:"json" help:"Print the comparison as JSON."`
}

// Run changes nothing.
func (c *KBDiffCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		r, err := lib.Diff(ctx, brand, library.Publishing{Entries: c.Entries, Archive: c.Archive})
		return publishing{JSON: c.JSON}.tell(r, err)
	})
}

// KBPublishCmd publishes.
type KBPublishCmd struct {
	Entries []string `arg:"" optional:"" help:"Entries to publish; by default all that have something to publish."`
	whichBrand
	author
	publishing
}

// Run publishes, or says why not.
func (c *KBPublishCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		r, err := lib.Publish(ctx, brand, library.Publishing{Entries: c.Entries, Yes: c.Yes, By: c.by("")})
		return c.tell(r, err)
	})
}

// KBArchiveCmd takes entries out.
type KBArchiveCmd struct {
	Entries []string `arg:"" help:"Their ids."`
	whichBrand
	author
	publishing
}

// Run archives, or says why not.
func (c *KBArchiveCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		r, err := lib.Publish(ctx, brand, library.Publishing{Archive: c.Entries, Yes: c.Yes, By: c.by("")})
		return c.tell(r, err)
	})
}
