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

// sheaf is the questions of one transaction, with what is known of their terms
// and the gaps that they changed.
type sheaf struct {
	tx      Tx
	brand   string
	before  map[int32]int // how common terms were
	of      int
	place   map[int64]int // of a gap in harvest.Changed, by ID
	harvest Harvest
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
	s := &sheaf{tx: tx, brand: brand, place: map[int64]int{}, harvest: Harvest{Terms: map[int32]int{}}}
	if s.before, s.of, err = tx.Common(ctx, slices.Compact(all)); err != nil {
		return 0, err
	}
	for i, q := range questions {
		if len(terms[i]) == 0 {
			s.harvest.Skipped = append(s.harvest.Skipped, q)
			continue
		}
		if q.Lang == "" {
			q.Lang = prints[i].Lang
		}
		if err := s.put(ctx, q, prints[i], terms[i]); err != nil {
			return 0, fmt.Errorf("question %d: %w", q.Message, err)
		}
	}
	if err := s.count(ctx); err != nil {
		return 0, err
	}
	return len(questions), tx.Save(ctx, s.harvest)
}

func (s *sheaf) common(term int32) Commonness {
	return Commonness{s.before[term] + s.harvest.Terms[term], s.of + s.harvest.Questions}
}

// put finds a question's gap, or opens one.
func (s *sheaf) put(ctx context.Context, q Question, f knowledge.Fingerprint, terms []int32) error {
	v := s.tx.Secret().NewVector(f, terms, s.common)
	rarest, telling := s.rarest(terms)
	stored, err := s.tx.Candidates(ctx, rarest, telling)
	if err != nil {
		return err
	}
	id, closeness, found := nearest(v, s.asOfNow(stored))
	if !found {
		id, closeness = -1-int64(len(s.harvest.Changed)), 1
		s.change(&Gap{ID: id, Brand: s.brand, State: Open, Heat: Cold})
	} else if _, here := s.place[id]; !here {
		g, err := s.tx.Gap(ctx, id)
		if err != nil {
			return err
		}
		s.change(g)
	}
	c := &s.harvest.Changed[s.place[id]]
	c.Fresh = append(c.Fresh, c.Centre.Add(v)...)
	s.harvest.Joined = append(s.harvest.Joined, Joined{c.Gap, q, closeness})
	for _, t := range terms {
		s.harvest.Terms[t]++
	}
	s.harvest.Questions++
	return nil
}

// asOfNow puts the gaps that this transaction changed in the place of what is
// stored of them.
func (s *sheaf) asOfNow(stored []Candidate) []Candidate {
	list := slices.DeleteFunc(stored, func(c Candidate) bool { _, here := s.place[c.ID]; return here })
	for _, c := range s.harvest.Changed {
		list = append(list, Candidate{c.ID, c.Centre})
	}
	return list
}

func (s *sheaf) change(g *Gap) {
	s.place[g.ID] = len(s.harvest.Changed)
	s.harvest.Changed = append(s.harvest.Changed, Changed{Gap: g})
}

// count counts the questions in, each contact once.
func (s *sheaf) count(ctx context.Context) error {
	var pairs []Pair
	for _, j := range s.harvest.Joined {
		if j.Gap.ID > 0 {
			pairs = append(pairs, Pair{j.Gap.ID, j.Question.Contact})
		}
	}
	known, err := s.tx.Knows(ctx, pairs)
	if err != nil {
		return err
	}
	for _, j := range s.harvest.Joined {
		pair := Pair{j.Gap.ID, j.Question.Contact}
		j.Gap.count(j.Question, !known[pair])
		known[pair] = true
	}
	return nil
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
