package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
	"github.com/poruch/poruch/knowledge/gaps"
)

// KBGapsCmd works with what the knowledge lacks.
type KBGapsCmd struct {
	List     KBGapsListCmd     `cmd:"" default:"withargs" help:"List gaps, the hottest first."`
	Show     KBGapsShowCmd     `cmd:"" help:"Show what was asked in a gap."`
	Draft    KBGapsDraftCmd    `cmd:"" help:"Print a drafted entry, as a knowledge file to finish."`
	Dismiss  KBGapsDismissCmd  `cmd:"" help:"Put a gap away; it comes back when it is asked often again."`
	Answered KBGapsAnsweredCmd `cmd:"" help:"Say which entry answers a gap from now on."`
}

// withGaps runs do on the configured database's gaps.
func (b whichBrand) withGaps(ctx context.Context, open openKnowledge, do func(r gaps.Register, brand string) error) error {
	return b.with(ctx, open, func(side trainersSide, brand string) error {
		// A command sees what was asked up to now, also while no worker runs.
		if _, err := (gaps.Collector{Store: side.gaps}).Collect(ctx, brand); err != nil {
			return err
		}
		return do(gaps.Register{Store: side.gaps, Matcher: side, Now: time.Now}, brand)
	})
}

// KBGapsListCmd lists gaps.
type KBGapsListCmd struct {
	whichBrand
	Limit int  `default:"20" help:"How many, at most 1000."`
	All   bool `help:"Also those that were dismissed or answered."`
	JSON  bool `name:"json" help:"Print one JSON object a line."`
}

// shownGap is a gap as scripts read it.
type shownGap struct {
	ID          int64                  `json:"id"`
	State       gaps.State             `json:"state"`
	Heat        float64                `json:"heat"` // questions, halved for every two weeks of age
	Asked       int                    `json:"asked"`
	Contacts    int                    `json:"contacts"`
	FirstAt     time.Time              `json:"first_at"`
	LastAt      time.Time              `json:"last_at"`
	Langs       map[knowledge.Lang]int `json:"langs"`
	Communities []string               `json:"communities"`
	Entry       string                 `json:"entry,omitempty"`
	Since       int                    `json:"since,omitempty"`
	Why         string                 `json:"why,omitempty"`
	Example     string                 `json:"example"` // "" when all its messages are deleted
}

// Run prints a table, or lines of JSON.
func (c *KBGapsListCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.withGaps(ctx, open, func(r gaps.Register, brand string) error {
		list, err := r.List(ctx, brand, gaps.Filter{Limit: c.Limit, All: c.All})
		if err != nil {
			return err
		}
		shown := make([]shownGap, len(list))
		for i, g := range list {
			shown[i] = shownGap{
				ID: g.ID, State: g.State, Heat: g.Count(r.Now()), Asked: g.Asked, Contacts: g.Contacts, FirstAt: g.FirstAt, LastAt: g.LastAt,
				Langs: g.Langs, Communities: g.Communities, Entry: g.Entry, Since: g.Since, Why: g.Why,
			}
			_, examples, err := r.Show(ctx, g.ID, 1)
			if err != nil {
				return err
			}
			if len(examples) > 0 {
				shown[i].Example = knowledge.Mask(knowledge.Gist(examples[0].Text))
			}
		}
		if c.JSON {
			return writeLines(os.Stdout, shown)
		}
		return printGaps(os.Stdout, brand, shown)
	})
}

func printGaps(w io.Writer, brand string, list []shownGap) error {
	if len(list) == 0 {
		_, err := fmt.Fprintf(w, "%s: no gaps\n", brand)
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "GAP\tHEAT\tASKED\tBY\tLAST\tLANGUAGES\tFOR EXAMPLE")
	for _, g := range list {
		of := gaps.Gap{Langs: g.Langs}
		var langs []string
		for _, l := range of.SortedLangs() {
			langs = append(langs, fmt.Sprintf("%s %d", orDash(string(l)), g.Langs[l]))
		}
		fmt.Fprintf(t, "%d\t%.1f\t%d\t%d\t%s\t%s\t%s%s\n", g.ID, g.Heat, g.Asked, g.Contacts, g.LastAt.Format("2006-01-02"),
			strings.Join(langs, ", "), standing(g), plainLine(g.Example, 90))
	}
	return t.Flush()
}

// standing says what became of a gap, when something did.
func standing(g shownGap) string {
	switch g.State {
	case gaps.Answered:
		return fmt.Sprintf("(answered by %s, yet asked %d times since) ", plainLine(g.Entry, 40), g.Since)
	case gaps.Dismissed:
		return fmt.Sprintf("(dismissed: %s) ", plainLine(g.Why, 40))
	}
	if g.Why != "" {
		return fmt.Sprintf("(back; once dismissed: %s) ", plainLine(g.Why, 40))
	}
	return ""
}

// KBGapsShowCmd shows a gap.
type KBGapsShowCmd struct {
	ID int64 `arg:"" help:"The gap's number."`
	whichBrand
	Limit int `default:"10" help:"How many questions."`
}

// Run prints examples, the most central one first.
func (c *KBGapsShowCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.withGaps(ctx, open, func(r gaps.Register, _ string) error {
		g, examples, err := r.Show(ctx, c.ID, c.Limit)
		if err != nil {
			return err
		}
		var b strings.Builder
		fmt.Fprintf(&b, "gap %d (%s): asked %d times by %d customers, %s to %s\n", g.ID, g.State, g.Asked, g.Contacts,
			g.FirstAt.Format("2006-01-02"), g.LastAt.Format("2006-01-02"))
		for _, a := range examples {
			fmt.Fprintf(&b, "  %s  %-2s  %s", a.At.Format("2006-01-02"), orDash(string(a.Lang)), plainLine(a.Text, 200))
			if a.Community != "" {
				fmt.Fprintf(&b, "  (%s)", plainLine(a.Community, 40))
			}
			if a.Right != "" {
				fmt.Fprintf(&b, "  -> %s", plainLine(a.Right, 100))
			}
			b.WriteByte('\n')
		}
		_, err = io.WriteString(os.Stdout, b.String())
		return err
	})
}

// KBGapsDraftCmd drafts an entry.
type KBGapsDraftCmd struct {
	ID int64 `arg:"" help:"The gap's number."`
	whichBrand
	JSONL bool `name:"jsonl" help:"Print JSONL instead of YAML."`
}

// Run prints a knowledge file of one entry.
func (c *KBGapsDraftCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.withGaps(ctx, open, func(r gaps.Register, _ string) error {
		d, err := r.Draft(ctx, c.ID)
		if err != nil {
			return err
		}
		if c.JSONL {
			return files.Write(os.Stdout, files.JSONL, []knowledge.Entry{d.Entry})
		}
		return d.WriteYAML(os.Stdout)
	})
}

// KBGapsDismissCmd puts a gap away.
type KBGapsDismissCmd struct {
	ID int64 `arg:"" help:"The gap's number."`
	whichBrand
	Why string `required:"" help:"The reason, for whoever meets it again."`
}

// Run changes the gap.
func (c *KBGapsDismissCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.withGaps(ctx, open, func(r gaps.Register, _ string) error {
		return r.Dismiss(ctx, c.ID, commandLine, c.Why)
	})
}

// KBGapsAnsweredCmd links a gap to an entry.
type KBGapsAnsweredCmd struct {
	ID int64 `arg:"" help:"The gap's number."`
	whichBrand
	Entry string `required:"" help:"The entry's id."`
}

// Run refuses an entry that the brand does not have.
func (c *KBGapsAnsweredCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.withGaps(ctx, open, func(r gaps.Register, brand string) error {
		if _, ok, err := r.Matcher.Entry(ctx, brand, c.Entry); err != nil {
			return err
		} else if !ok {
			return fmt.Errorf("the brand %s has no entry %q", brand, c.Entry)
		}
		return r.Answered(ctx, c.ID, commandLine, c.Entry)
	})
}

// commandLine is who changed a gap, when it was nobody known by an id.
const commandLine = "command line"

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// plainLine is a text of strangers on one line of a terminal: nothing in it
// moves the cursor or changes colours, and it has at most n characters.
func plainLine(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	rs := []rune(s)
	if len(rs) > n {
		return string(rs[:n-1]) + "…"
	}
	return s
}
