package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/poruch/poruch/knowledge"
)

// What a message of each kind of book counts in what is learnt: the brands were
// written for it, the rest keeps it honest elsewhere.
const (
	weightBrand   = 1
	weightThinned = 0.6
	weightPublic  = 0.4
)

// trap is what a question near the scope counts, next to all other messages,
// where odds become probabilities: those of the brands were written to be
// mistaken, and those of thinned books are as many as never in life. It was
// chosen once, so that uk-coffee, which nothing is fitted on, keeps its share.
const trap = 0.4

func weightOf(q query) float64 {
	if q.Kind == "near_oos" || q.Kind == "dropped" {
		return trap
	}
	return 1
}

// outside is what a message outside the scope of a public set counts, so that
// they are as large a share as in the set's own test.
const outside = 2.6

// brand is a training brand: its whole book, and one that lacks every fourth
// entry, so that what it cannot answer is near to what it can.
func brand(dir string) (*family, error) {
	f, err := read(dir)
	if err != nil {
		return nil, err
	}
	if err := f.rehearse(f.name, weightBrand, f.entries, f.queries); err != nil {
		return nil, err
	}
	entries, queries := thin(f.entries, f.queries, 0.25)
	if err := f.rehearse(f.name+"-thin", weightThinned, entries, queries); err != nil {
		return nil, err
	}
	f.takeTerms()
	return f, nil
}

// public is a public set: books of few and many phrasings, whole and thinned.
func public(dir string) (*family, error) {
	f, err := read(dir)
	if err != nil {
		return nil, err
	}
	for i, q := range f.queries {
		if q.Expect == nil {
			f.queries[i].weight = outside
		}
	}
	for _, b := range []struct {
		phrasings int
		thinned   float64
	}{{5, 0}, {10, 0}, {40, 0}, {5, 0.5}, {10, 0.35}} {
		entries := slices.Clone(f.entries)
		for i, e := range entries {
			entries[i].Phrasings = e.Phrasings[:min(b.phrasings, len(e.Phrasings))]
		}
		name, queries := fmt.Sprintf("%s-%d", f.name, b.phrasings), f.queries
		if b.thinned > 0 {
			name = fmt.Sprintf("%s-thin%.0f", name, 100*b.thinned)
			entries, queries = thin(entries, f.queries, b.thinned)
		}
		if err := f.rehearse(name, weightPublic, entries, queries); err != nil {
			return nil, err
		}
	}
	f.takeTerms()
	return f, nil
}

// thin drops a share of the entries: what asked for them is now near the scope
// and outside it. Of the other messages every second one stays.
func thin(entries []knowledge.Entry, queries []query, share float64) (kept []knowledge.Entry, asked []query) {
	order := rand.New(rand.NewPCG(uint64(len(entries)), uint64(100*share))).Perm(len(entries))
	gone := map[string]bool{}
	for _, i := range order[:int(share*float64(len(entries)))] {
		gone[entries[i].ID] = true
	}
	for _, e := range entries {
		if !gone[e.ID] {
			kept = append(kept, e)
		}
	}
	for i, q := range queries {
		q.Accept = slices.DeleteFunc(slices.Clone(q.Accept), func(id string) bool { return gone[id] })
		dropped := q.Expect != nil && gone[*q.Expect]
		switch {
		case dropped && len(q.Accept) > 0:
			q.Expect = &q.Accept[0]
		case dropped:
			q.Expect, q.Kind = nil, "dropped"
		}
		if dropped || i%2 == 0 {
			asked = append(asked, q)
		}
	}
	return kept, asked
}
