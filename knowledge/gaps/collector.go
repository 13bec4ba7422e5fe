package gaps

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/poruch/poruch/knowledge"
)

// batch is how many questions one transaction takes; it lasts a second at most,
// and whoever dismisses a gap waits for it.
const batch = 200

// Collector puts unanswered questions into gaps. Several replicas may collect
// at the same time: one of them does, the others return.
type Collector struct{ Store Store }

// Collect takes all questions that wait, and returns how many it took.
func (c Collector) Collect(ctx context.Context, brand string) (taken int, err error) {
	for {
		n := 0
		ours, err := c.Store.Collect(ctx, brand, func(ctx context.Context, tx Tx) (err error) {
			n, err = collect(ctx, tx, brand)
			return err
		})
		if err != nil {
			return taken, fmt.Errorf("collect gaps of %s: %w", brand, err)
		}
		taken += n
		if !ours || n < batch {
			return taken, nil
		}
	}
}

// sheaf is the questions of one transaction, with what is known of their terms.
type sheaf struct {
	tx     Tx
	brand  string
	before map[int32]int // how common terms were
	of     int
	added  map[int32]int // and what this transaction adds
	taken  int
}

func collect(ctx context.Context, tx Tx, brand string) (int, error) {
	questions, err := tx.Unanswered(ctx, batch)
	if err != nil || len(questions) == 0 {
		return 0, err
	}
	prints := make([]knowledge.Fingerprint, len(questions))
	terms := make([][]int32, len(questions))
	var all []int32
	for i, q := range questions {
		prints[i] = knowledge.FingerprintOf(q.Text)
		terms[i] = tx.Secret().Terms(prints[i])
		all = append(all, terms[i]...)
	}
	slices.Sort(all)
	s := &sheaf{tx: tx, brand: brand, added: map[int32]int{}}
	if s.before, s.of, err = tx.Common(ctx, slices.Compact(all)); err != nil {
		return 0, err
	}
	for i, q := range questions {
		if len(terms[i]) == 0 {
			if err := tx.Skip(ctx, q); err != nil {
				return 0, err
			}
			continue
		}
		if q.Lang == "" {
			q.Lang = prints[i].Lang
		}
		if err := s.put(ctx, q, prints[i], terms[i]); err != nil {
			return 0, fmt.Errorf("question %d: %w", q.Message, err)
		}
	}
	return len(questions), tx.Count(ctx, s.added, s.taken)
}

func (s *sheaf) common(term int32) Commonness {
	return Commonness{s.before[term] + s.added[term], s.of + s.taken}
}

// put finds a question's gap, or opens one.
func (s *sheaf) put(ctx context.Context, q Question, f knowledge.Fingerprint, terms []int32) error {
	v := s.tx.Secret().NewVector(f, terms, s.common)
	rarest, telling := s.rarest(terms)
	found, err := s.tx.Candidates(ctx, rarest, telling)
	if err != nil {
		return err
	}
	g, closeness := nearest(v, found)
	known := false
	if g == nil {
		g, closeness = &Gap{Brand: s.brand, State: Open, Heat: Cold}, 1
	} else if known, err = s.tx.Knows(ctx, g.ID, q.Contact); err != nil {
		return err
	}
	fresh := g.take(q, v, !known)
	for _, t := range terms {
		s.added[t]++
	}
	s.taken++
	return s.tx.Join(ctx, Joined{g, q, closeness, fresh})
}

// rarest orders terms for the search, the most telling first.
func (s *sheaf) rarest(terms []int32) ([]int32, []float64) {
	list := slices.Clone(terms)
	slices.SortFunc(list, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.common(a).Questions, s.common(b).Questions), cmp.Compare(a, b))
	})
	telling := make([]float64, len(list))
	for i, t := range list {
		telling[i] = s.common(t).telling()
	}
	return list, telling
}
