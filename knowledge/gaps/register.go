package gaps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// Matcher is the brand's present knowledge.
type Matcher interface {
	Decide(ctx context.Context, brand string, q knowledge.Question) (knowledge.Decision, error)
	Entry(ctx context.Context, brand, id string) (knowledge.Entry, bool, error)
}

// Register is what trainers do with gaps.
type Register struct {
	Store   Store
	Matcher Matcher
	Now     func() time.Time
}

// Bounds on what is read of one gap.
const (
	newest      = 60
	closest     = 20
	maxReplies  = 200
	maxListed   = 1000
	neighbours  = 3
	leastNearby = 0.05 // confidence from which an entry is worth a look
)

// List returns a brand's gaps, the hottest first; at most 1000.
func (r Register) List(ctx context.Context, brand string, f Filter) ([]Gap, error) {
	if f.Limit <= 0 || f.Limit > maxListed {
		f.Limit = maxListed
	}
	return r.Store.Ranked(ctx, brand, f)
}

// Show returns a gap with at most n of its questions: the most central one
// first, then such as differ. Deleted messages are not among them.
func (r Register) Show(ctx context.Context, id int64, n int) (Gap, []Asked, error) {
	g, all, err := r.read(ctx, id)
	if err != nil {
		return Gap{}, nil, err
	}
	return g, Pick(all, n), nil
}

func (r Register) read(ctx context.Context, id int64) (Gap, []Asked, error) {
	g, err := r.Store.Gap(ctx, id)
	if err != nil {
		return Gap{}, nil, err
	}
	all, err := r.Store.Asked(ctx, id, newest, closest)
	return g, all, err
}

// Draft proposes an entry. It changes nothing.
func (r Register) Draft(ctx context.Context, id int64) (Draft, error) {
	g, all, err := r.read(ctx, id)
	if err != nil {
		return Draft{}, err
	}
	replies, err := r.Store.Replies(ctx, id, newest, maxReplies)
	if err != nil {
		return Draft{}, err
	}
	examples := Pick(all, Phrasings)
	d := draft(g, examples, replies)
	if d.Near, err = r.near(ctx, g.Brand, examples, all); err != nil {
		return Draft{}, err
	}
	if len(d.Near) > 0 {
		e, _, err := r.Matcher.Entry(ctx, g.Brand, d.Near[0].ID)
		if err != nil {
			return Draft{}, fmt.Errorf("read the nearest entry: %w", err)
		}
		d.Entry.Tags = e.Tags
	}
	return d, nil
}

// near lists entries that the examples may be phrasings of: those that people
// named, then those that the matcher thinks of.
func (r Register) near(ctx context.Context, brand string, examples, all []Asked) ([]Neighbour, error) {
	found := map[string]*Neighbour{}
	add := func(id, title string) *Neighbour {
		if found[id] == nil {
			found[id] = &Neighbour{ID: id, Title: title}
		}
		return found[id]
	}
	for _, a := range examples {
		d, err := r.Matcher.Decide(ctx, brand, knowledge.Question{Text: a.Text, Private: true, Addressed: true})
		if err != nil {
			return nil, fmt.Errorf("look for near entries: %w", err)
		}
		for _, c := range d.Candidates {
			add(c.EntryID, c.Title).Confidence += c.Confidence / float64(len(examples))
		}
	}
	for _, a := range all {
		if a.Right == "" {
			continue
		}
		e, ok, err := r.Matcher.Entry(ctx, brand, a.Right)
		if err != nil {
			return nil, fmt.Errorf("read entry %s: %w", a.Right, err)
		}
		if ok {
			add(a.Right, e.Title).Named++
		}
	}
	var list []Neighbour
	for _, n := range found {
		if n.Named > 0 || n.Confidence >= leastNearby {
			list = append(list, *n)
		}
	}
	slices.SortFunc(list, func(a, b Neighbour) int {
		return cmp.Or(cmp.Compare(b.Named, a.Named), cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(len(list), neighbours)], nil
}

// Dismiss puts a gap away, for a reason. Questions go on joining it; it comes
// back once it is asked as often again as it was, three times at least.
func (r Register) Dismiss(ctx context.Context, id int64, by, why string) error {
	if strings.TrimSpace(why) == "" {
		return errors.New("dismiss a gap: say why, for whoever meets it again")
	}
	return r.Store.Change(ctx, id, func(g *Gap) error {
		g.dismiss(by, strings.TrimSpace(why), r.Now())
		return nil
	})
}

// Answered links a gap to the entry that answers it. What is asked since counts
// against the entry, and brings the gap back to the list after three questions.
func (r Register) Answered(ctx context.Context, id int64, by, entry string) error {
	if entry == "" {
		return errors.New("answer a gap: name the entry")
	}
	return r.Store.Change(ctx, id, func(g *Gap) error {
		g.answer(by, entry, r.Now())
		return nil
	})
}

// SortedLangs are the languages of a gap, the commonest first.
func (g *Gap) SortedLangs() []knowledge.Lang {
	return slices.SortedFunc(maps.Keys(g.Langs), func(a, b knowledge.Lang) int {
		return cmp.Or(cmp.Compare(g.Langs[b], g.Langs[a]), cmp.Compare(a, b))
	})
}
