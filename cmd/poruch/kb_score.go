package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/poruch/poruch/knowledge/scorecard"
)

// KBScoreCmd shows how well the answers serve.
type KBScoreCmd struct {
	whichBrand
	Since days   `default:"30d" help:"How far back: days as in 30d, or hours as in 12h."`
	By    string `default:"entry" enum:"entry,lang,brand" help:"A row for each entry or language, or one for the brand."`
	JSON  bool   `name:"json" help:"Print one JSON object a line."`
}

// days is a duration that may be written in days.
type days time.Duration

// UnmarshalText reads "30d", or what time.ParseDuration reads.
func (d *days) UnmarshalText(text []byte) error {
	s := string(text)
	if whole, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(whole)
		if err != nil || n <= 0 || n > 36500 {
			return fmt.Errorf("%q is no number of days like 30d", s)
		}
		*d = days(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return fmt.Errorf("%q is no time like 30d or 12h", s)
	}
	*d = days(v)
	return nil
}

// scored is a row as scripts read it.
type scored struct {
	scorecard.Row
	// The measured precision and its one-sided 95 % bounds; null without verdicts.
	Precision *float64 `json:"precision"`
	Lower     float64  `json:"precision_lower"`
	Upper     float64  `json:"precision_upper"`
}

// Run prints a table, the worst first, or lines of JSON.
func (c *KBScoreCmd) Run(ctx context.Context, open openKnowledge) error {
	side, brand, done, err := c.open(ctx, open)
	if err != nil {
		return err
	}
	defer done()
	now := time.Now()
	rows, err := side.scores.Count(ctx, scorecard.Query{
		Brand: brand, From: now.Add(-time.Duration(c.Since)), To: now, By: scorecard.By(c.By),
	})
	if err != nil {
		return err
	}
	scorecard.WorstFirst(rows)
	list := make([]scored, len(rows))
	for i, r := range rows {
		p := r.Precision()
		list[i] = scored{Row: r, Lower: p.Lower(scorecard.Sure95), Upper: p.Upper(scorecard.Sure95)}
		if share, ok := p.Measured(); ok {
			list[i].Precision = &share
		}
	}
	if c.JSON {
		return writeLines(os.Stdout, list)
	}
	return printScore(os.Stdout, brand, c.By, list)
}

func printScore(w io.Writer, brand, by string, list []scored) error {
	if len(list) == 0 {
		_, err := fmt.Fprintf(w, "%s: nothing was asked in this time\n", brand)
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\tASKED\tANSWERED\tHANDED OFF\tCONFIRMED\tASSUMED\tUNHELPFUL\tWRONG\tREOPENED\tRE-ASKED\tMISSED\tOFFERED\tPRECISION\n",
		strings.ToUpper(by))
	for _, r := range list {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", orDash(plainLine(r.Key, 50)), r.Asked, r.Answered, r.HandedOff,
			r.Confirmed, r.Assumed, r.Unhelpful, r.Wrong, r.Reopened, r.ReAsked, r.Missed, r.Offered, r.measured())
	}
	return t.Flush()
}

// measured is the precision in words: what was measured, of how many verdicts,
// and between which bounds it surely lies.
func (r scored) measured() string {
	if r.Precision == nil {
		return "no verdicts"
	}
	p := r.Row.Precision()
	return fmt.Sprintf("%.0f %% of %d (%.0f to %.0f)", 100**r.Precision, p.Right+p.Wrong, 100*r.Lower, 100*r.Upper)
}
