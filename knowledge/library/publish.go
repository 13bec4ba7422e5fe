package library

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// ErrWorse: a publish would make confirmed questions worse, and was not asked
// to do so all the same.
var ErrWorse = errors.New("confirmed questions get worse")

// ErrMeanwhile: somebody else changed the knowledge between the look and the
// change.
var ErrMeanwhile = errors.New("the knowledge was changed by somebody else meanwhile; look again")

// Publishing says what to publish.
type Publishing struct {
	Entries []string // ids; none: all that have something to publish
	Archive []string // ids to take out
	Yes     bool     // even if confirmed questions get worse
	By      By
}

// Diff says what a publish would do, and does nothing.
func (l *Library) Diff(ctx context.Context, brand string, p Publishing) (Report, error) {
	plan, err := l.plan(ctx, brand, p)
	if err != nil {
		return Report{}, fmt.Errorf("compare knowledge of %s: %w", brand, err)
	}
	return plan.report, nil
}

// Publish makes the newest revisions answer, and archived entries silent, after
// a replay of all confirmed questions and phrasings. When confirmed questions
// get worse it does nothing but return the report with ErrWorse, unless p.Yes.
func (l *Library) Publish(ctx context.Context, brand string, p Publishing) (Report, error) {
	plan, err := l.plan(ctx, brand, p)
	if err != nil {
		return Report{}, fmt.Errorf("publish knowledge of %s: %w", brand, err)
	}
	if plan.report.confirmedWorse() > 0 && !p.Yes {
		return plan.report, ErrWorse
	}
	if err := l.carryOut(ctx, brand, plan); err != nil {
		return Report{}, fmt.Errorf("publish knowledge of %s: %w", brand, err)
	}
	return plan.report, nil
}

func (r Report) confirmedWorse() (n int) {
	for _, c := range r.Changes {
		if c.Confirmed && c.Effect == Worse {
			n++
		}
	}
	return n
}

// plan is a change that was looked at and not done yet.
type plan struct {
	now     Answering      // that it was made of
	heads   map[string]int // the newest revisions then, of the entries it touches; 0: a new entry
	touched []Record       // as they will be
	events  []Event
	// gone are the entries that are taken out.
	gone    map[string]bool
	answers bool // what answers changes
	report  Report
}

func (p *plan) touch(was, r Record) {
	p.heads[r.ID] = was.Head.Number
	p.touched = append(p.touched, r)
	p.answers = p.answers || r.Live != was.Live || r.Live > 0 && (r.Position != was.Position || r.Trust != was.Trust)
	if r.Archived && !was.Archived {
		p.gone[r.ID] = true
	}
}

// note tells a touched entry's history what happens to it.
func (p *plan) note(r Record, kind EventKind, by By, now time.Time) {
	p.events = append(p.events, Event{Entry: r.ID, Kind: kind, Revision: r.Head.Number, By: by, At: now})
}

// begin reads what a plan is made of.
func (l *Library) begin(ctx context.Context, brand string) (plan, []Record, error) {
	now, err := l.Store.Answering(ctx, brand)
	if err != nil {
		return plan{}, nil, err
	}
	records, err := l.Store.Records(ctx, brand)
	return plan{now: now, heads: map[string]int{}, gone: map[string]bool{}}, records, err
}

func (l *Library) plan(ctx context.Context, brand string, p Publishing) (plan, error) {
	made, records, err := l.begin(ctx, brand)
	if err != nil {
		return plan{}, err
	}
	for _, id := range slices.Concat(p.Entries, p.Archive) {
		if !slices.ContainsFunc(records, func(r Record) bool { return r.ID == id }) {
			return plan{}, fmt.Errorf("entry %q: %w", id, ErrNotFound)
		}
	}
	all := len(p.Entries) == 0 && len(p.Archive) == 0
	for _, was := range records {
		r := was
		switch {
		case slices.Contains(p.Archive, r.ID) && !r.Archived:
			r.Archived, r.Live = true, 0
			made.touch(was, r)
			made.note(r, EventArchived, p.By, l.Now())
		case !r.Archived && r.Live != r.Head.Number && (all || slices.Contains(p.Entries, r.ID)):
			r.Live = r.Head.Number
			made.touch(was, r)
			made.note(r, EventPublished, p.By, l.Now())
		}
	}
	made.report, err = l.replay(ctx, brand, made)
	return made, err
}

// replay compares the brand's answers with what they would be after a plan.
func (l *Library) replay(ctx context.Context, brand string, p plan) (Report, error) {
	before, err := l.book(ctx, brand)
	if err != nil {
		return Report{}, err
	}
	entries := withRecords(p.now.Entries, p.touched)
	after, err := knowledge.NewBook(entries, l.optionsWith(brand, p.now.Threshold))
	if err != nil {
		return Report{}, err
	}
	confirmed, err := l.Store.Confirmed(ctx, brand)
	if err != nil {
		return Report{}, err
	}
	return replay{before, after, p.gone}.run(ctx, questions(confirmed, p.now.Entries, entries))
}

// withRecords are entries with touched ones replaced, added or taken out.
func withRecords(entries []knowledge.Entry, touched []Record) []knowledge.Entry {
	out := slices.Clone(entries)
	for _, r := range touched {
		i := slices.IndexFunc(out, func(e knowledge.Entry) bool { return e.ID == r.ID })
		switch {
		case r.Archived && i >= 0:
			out = slices.Delete(out, i, i+1)
		case r.Archived:
		case i >= 0:
			out[i] = r.Head.Entry
		default:
			out = append(out, r.Head.Entry)
		}
	}
	return out
}

// carryOut does a plan, if nothing that it was made of has changed.
func (l *Library) carryOut(ctx context.Context, brand string, p plan) error {
	if len(p.touched) == 0 {
		return nil
	}
	err := l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		records, err := tx.Records(ctx)
		if err != nil {
			return err
		}
		if tx.Version() != p.now.Version {
			return ErrMeanwhile
		}
		for id, head := range p.heads {
			if now, _ := find(records, id); now.Head.Number != head {
				return ErrMeanwhile
			}
		}
		if err := tx.SaveRecords(ctx, p.touched); err != nil {
			return err
		}
		if err := tx.AddEvents(ctx, p.events); err != nil || !p.answers {
			return err
		}
		return tx.Answered(ctx)
	})
	if err == nil && p.answers {
		l.changed(ctx, brand)
	}
	return err
}

// Restore saves an old revision as the newest one: a draft, until it is
// published. It returns the record.
func (l *Library) Restore(ctx context.Context, brand, entry string, revision int, by By) (Record, error) {
	var r Record
	err := l.Store.InTx(ctx, brand, func(ctx context.Context, tx Tx) error {
		records, err := tx.Records(ctx)
		if err != nil {
			return err
		}
		was, isNew := find(records, entry)
		if isNew {
			return ErrNotFound
		}
		old, err := tx.Revision(ctx, entry, revision)
		if err != nil {
			return err
		}
		r = was
		r.Archived = false
		restored := old.Entry.Clone()
		restored.Trust = r.Trust
		r.Head = Revision{Number: was.Head.Number + 1, Entry: restored, By: by, At: l.Now()}
		if err := tx.SaveRecords(ctx, []Record{r}); err != nil {
			return err
		}
		return tx.AddEvents(ctx, []Event{{Entry: entry, Kind: EventRestored, Revision: r.Head.Number,
			Detail: fmt.Sprintf("from revision %d", revision), By: by, At: l.Now()}})
	})
	if err != nil {
		return Record{}, fmt.Errorf("restore revision %d of entry %q: %w", revision, entry, err)
	}
	return r, nil
}
