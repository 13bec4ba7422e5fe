package library

import (
	"context"
	"fmt"
	"slices"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/scorecard"
)

// TrustChange is a grade that an entry earned or lost.
type TrustChange struct {
	Entry    string
	From, To knowledge.Trust
	Verdicts scorecard.Precision
	Target   float64 // the brand's precision
}

// SetTrust sets an entry's grade by hand. Verdicts before it no longer count.
func (l *Library) SetTrust(ctx context.Context, brand, entry string, to knowledge.Trust, by By) error {
	if !slices.Contains([]knowledge.Trust{knowledge.Off, knowledge.Suggest, knowledge.Shadow, knowledge.Auto}, to) {
		return fmt.Errorf("trust %q is none of off, suggest, shadow and auto", to)
	}
	err := l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		records, err := tx.Records(ctx)
		if err != nil {
			return err
		}
		r, isNew := find(records, entry)
		if isNew {
			return ErrNotFound
		}
		detail := fmt.Sprintf("%s -> %s, by hand", r.Trust, to)
		r.Trust, r.Earned, r.JudgedSince = to, false, l.Now()
		return l.trusted(ctx, tx, r, detail, by)
	})
	if err != nil {
		return fmt.Errorf("set the trust of entry %q: %w", entry, err)
	}
	l.changed(ctx, brand)
	return nil
}

func (l *Library) trusted(ctx context.Context, tx Tx, r Record, detail string, by By) error {
	if err := tx.SaveRecords(ctx, []Record{r}); err != nil {
		return err
	}
	if err := tx.AddEvents(ctx, []Event{{Entry: r.ID, Kind: EventTrusted, Detail: detail, By: by, At: l.Now()}}); err != nil {
		return err
	}
	return tx.Answered(ctx)
}

// Review gives entries the trust that their verdicts earn: an entry in shadow
// becomes auto when the lower bound of its precision reaches the brand's
// target, and goes back when that no longer holds. One that a person set to
// auto goes to shadow only when the upper bound has fallen below the target:
// when it is proven to be worse. It returns what changed.
func (l *Library) Review(ctx context.Context, brand string) ([]TrustChange, error) {
	target := l.target(brand)
	var changes []TrustChange
	err := l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		changes = nil
		records, err := tx.Records(ctx)
		if err != nil {
			return err
		}
		tallies, err := tx.Tallies(ctx)
		if err != nil {
			return err
		}
		for _, r := range records {
			p := tallies[r.ID]
			to := earned(r, p, target)
			if r.Live == 0 || to == r.Trust {
				continue
			}
			changes = append(changes, TrustChange{r.ID, r.Trust, to, p, target})
			detail := fmt.Sprintf("%s -> %s: %d of %d were right, between %.1f and %.1f %%", r.Trust, to, p.Right, p.Right+p.Wrong, 100*p.Lower(sure90), 100*p.Upper(sure90))
			r.Trust, r.Earned = to, to == knowledge.Auto
			if to == knowledge.Shadow {
				r.JudgedSince = l.Now() // it earns anew
			}
			if err := l.trusted(ctx, tx, r, detail, By{Author: Program, Reason: "verdicts"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("review the trust of %s: %w", brand, err)
	}
	if len(changes) > 0 {
		l.changed(ctx, brand)
	}
	return changes, nil
}

// Program is the author of what nobody did by hand.
const Program = "poruch"

// earned is the grade that verdicts give an entry.
func earned(r Record, p scorecard.Precision, target float64) knowledge.Trust {
	switch {
	case r.Trust == knowledge.Shadow && p.Lower(sure90) >= target:
		return knowledge.Auto
	case r.Trust == knowledge.Auto && r.Earned && p.Lower(sure90) < target:
		return knowledge.Shadow
	case r.Trust == knowledge.Auto && !r.Earned && p.Upper(sure90) < target:
		return knowledge.Shadow
	}
	return r.Trust
}

// sure90 is the z of a one-sided bound that holds in 90 of 100 cases: with all
// verdicts right, 32 of them earn a target of 95 %.
const sure90 = 1.2816
