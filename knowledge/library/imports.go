package library

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// Importing says how entries come in.
type Importing struct {
	// Keep leaves entries that are not among the imported ones as they are;
	// else they are archived.
	Keep bool
	// Draft saves the entries and publishes nothing.
	Draft bool
	Yes   bool // even if confirmed questions get worse
	By    By
}

// Imported counts what an import did with the entries.
type Imported struct {
	Added, Changed, Removed, Unchanged int
	Report                             Report
}

// Import makes entries the whole knowledge of a brand, or adds them to it, all
// or nothing. It publishes them like Publish, with its replay and its ErrWorse;
// the trust of an entry that is here already stays unless the import names one.
// An import that changes nothing leaves the version alone.
func (l *Library) Import(ctx context.Context, brand string, entries []knowledge.Entry, in Importing) (Imported, error) {
	if brand == "" {
		return Imported{}, errors.New("import knowledge: the brand has no id")
	}
	if err := knowledge.Sound(entries); err != nil {
		return Imported{}, fmt.Errorf("import knowledge of %s: %w", brand, err)
	}
	for _, e := range entries {
		if err := check(e); err != nil {
			return Imported{}, fmt.Errorf("import entry %q: %w", e.ID, err)
		}
	}
	for {
		done, err := l.importOnce(ctx, brand, entries, in)
		// The file says what is to be, whatever somebody else did meanwhile.
		if !errors.Is(err, ErrMeanwhile) {
			return done, err
		}
	}
}

func (l *Library) importOnce(ctx context.Context, brand string, entries []knowledge.Entry, in Importing) (Imported, error) {
	made, records, err := l.begin(ctx, brand)
	if err != nil {
		return Imported{}, fmt.Errorf("import knowledge of %s: %w", brand, err)
	}
	m := merging{plan: &made, in: in, now: l.Now()}
	m.merge(records, entries)
	if before, err := l.book(ctx, brand); err != nil {
		return Imported{}, fmt.Errorf("import knowledge of %s: %w", brand, err)
	} else if made.answers && before.Len() > 0 { // the first import has nothing to compare with
		if m.done.Report, err = l.replay(ctx, brand, made); err != nil {
			return Imported{}, fmt.Errorf("import knowledge of %s: %w", brand, err)
		}
		if m.done.Report.confirmedWorse() > 0 && !in.Yes {
			return m.done, ErrWorse
		}
	}
	if err := l.carryOut(ctx, brand, made); err != nil {
		return Imported{}, fmt.Errorf("import knowledge of %s: %w", brand, err)
	}
	return m.done, nil
}

// merging is an import being worked out.
type merging struct {
	plan *plan
	in   Importing
	now  time.Time
	done Imported
}

func (m *merging) merge(records []Record, entries []knowledge.Entry) {
	byID := make(map[string]Record, len(records))
	for _, r := range records {
		byID[r.ID] = r
	}
	last := 0
	if n := len(records); m.in.Keep && n > 0 {
		last = records[n-1].Position + 1
	}
	listed := make(map[string]bool, len(entries))
	for i, e := range entries {
		listed[e.ID] = true
		was, known := byID[e.ID]
		r := was
		if !known {
			r = Record{ID: e.ID, Trust: knowledge.Auto}
		}
		if !m.in.Keep || !known {
			r.Position = last + i
		}
		m.take(was, r, e)
	}
	if m.in.Keep || m.in.Draft {
		return
	}
	for _, was := range records {
		if listed[was.ID] || was.Archived {
			continue
		}
		r := was
		r.Archived, r.Live = true, 0
		m.done.Removed++
		m.plan.touch(was, r)
		m.plan.note(r, EventArchived, m.in.By, m.now)
	}
}

// take brings one entry in, as r; was is what it has been.
func (m *merging) take(was, r Record, e knowledge.Entry) {
	same := r.write(e, m.in.By, m.now)
	if e.Trust != "" && e.Trust != r.Trust {
		r.Trust, r.Earned, r.JudgedSince = e.Trust, false, m.now
	}
	if !m.in.Draft {
		r.Live = r.Head.Number
	}
	switch {
	case was.Head.Number == 0 || was.Archived:
		m.done.Added++
	case !same || r.Trust != was.Trust:
		m.done.Changed++
	default:
		m.done.Unchanged++
		if r.Position == was.Position && r.Live == was.Live {
			return
		}
	}
	m.plan.touch(was, r)
	if r.Live != was.Live {
		m.plan.note(r, EventPublished, m.in.By, m.now)
	}
}
