package library

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/scorecard"
)

// Judged is the best entry of a question that a person or the customer judged.
type Judged struct {
	Confidence float64 // 0..1, that the matcher gave it
	Right      bool
}

// Threshold is the confidence that a brand's answers need, as verdicts found it.
type Threshold struct {
	Value  float64 // 0: the shipped one
	Target float64 // the precision that it was found for
}

// ThresholdChange is a threshold that verdicts moved.
type ThresholdChange struct {
	From, To float64
	Target   float64
	Verdicts int
}

const (
	// enoughToRaise and enoughToLower are how many verdicts it takes: caution
	// comes quickly, trust slowly.
	enoughToRaise = 20
	enoughToLower = 200
	// leastThreshold is below which verdicts never lower it: as likely wrong as
	// right.
	leastThreshold = 0.5
	// leastMove is a change that is worth a new book.
	leastMove = 0.01
)

// ReviewThreshold moves a brand's threshold to what verdicts say, and returns
// what changed; false when nothing did. It goes up as soon as they disprove that
// answers from it on are right in the share that the brand wants, and down when
// they prove that answers below it would be, too.
func (l *Library) ReviewThreshold(ctx context.Context, brand string) (ThresholdChange, bool, error) {
	target := l.target(brand)
	shipped := knowledge.ThresholdFor(target)
	var change ThresholdChange
	err := l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		judged, err := tx.Judged(ctx)
		if err != nil {
			return err
		}
		now := shipped
		if t := tx.Threshold(); t.Value > 0 && t.Target == target {
			now = t.Value
		}
		change = ThresholdChange{From: now, To: refine(shipped, target, judged), Target: target, Verdicts: len(judged)}
		if math.Abs(change.To-change.From) < leastMove {
			change = ThresholdChange{}
			return nil
		}
		t := Threshold{Value: change.To, Target: target}
		if change.To == shipped {
			t = Threshold{}
		}
		if err := tx.SetThreshold(ctx, t); err != nil {
			return err
		}
		return tx.AddEvents(ctx, []Event{{
			Kind: EventThreshold, Detail: fmt.Sprintf("%.3f -> %.3f by %d verdicts", change.From, change.To, change.Verdicts),
			By: By{Author: Program, Reason: "verdicts"}, At: l.Now(),
		}})
	})
	if err != nil {
		return ThresholdChange{}, false, fmt.Errorf("review the threshold of %s: %w", brand, err)
	}
	if change == (ThresholdChange{}) {
		return change, false, nil
	}
	l.changed(ctx, brand)
	return change, true, nil
}

// refine is the threshold that verdicts ask for, beginning at the shipped one.
func refine(shipped, target float64, judged []Judged) float64 {
	judged = slices.Clone(judged)
	slices.SortStableFunc(judged, func(a, b Judged) int { return cmp.Compare(b.Confidence, a.Confidence) })
	if p := between(judged, shipped, 2); p.Right+p.Wrong >= enoughToRaise && p.Upper(sure90) < target {
		return raised(judged, shipped, target)
	}
	if len(judged) < enoughToLower {
		return shipped
	}
	lowest := shipped
	for _, j := range judged {
		if j.Confidence >= shipped || j.Confidence < leastThreshold {
			continue
		}
		band, all := between(judged, j.Confidence, shipped), between(judged, j.Confidence, 2)
		if band.Lower(sure90) >= target && all.Lower(sure90) >= target {
			lowest = j.Confidence
		}
	}
	return lowest
}

// raised is the first confidence above the shipped threshold from which on
// verdicts do not disprove the target; 1 when there is none.
func raised(judged []Judged, shipped, target float64) float64 {
	for _, j := range slices.Backward(judged) {
		if j.Confidence > shipped && between(judged, j.Confidence, 2).Upper(sure90) >= target {
			return j.Confidence
		}
	}
	return 1
}

// between counts the verdicts on confidences from one up to another.
func between(judged []Judged, from, to float64) (p scorecard.Precision) {
	for _, j := range judged {
		switch {
		case j.Confidence < from || j.Confidence >= to:
		case j.Right:
			p.Right++
		default:
			p.Wrong++
		}
	}
	return p
}
