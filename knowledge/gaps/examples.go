package gaps

import (
	"cmp"
	"slices"

	"github.com/poruch/poruch/knowledge"
)

// example is a question with what it is compared by.
type example struct {
	Asked
	stems   []string
	v       Vector
	central float64 // mean closeness to the others
}

// examplesOf compares questions with each other.
func examplesOf(asked []Asked) []example {
	list := make([]example, 0, len(asked))
	counts := map[int32]int{}
	prints := make([]knowledge.Fingerprint, len(asked))
	terms := make([][]int32, len(asked))
	var secret Secret // compared here and now only
	for i, a := range asked {
		prints[i] = knowledge.FingerprintOf(a.Text)
		terms[i] = secret.Terms(prints[i])
		for _, t := range terms[i] {
			counts[t]++
		}
	}
	for i, a := range asked {
		v := secret.NewVector(prints[i], terms[i], func(t int32) Commonness {
			// What the gap's questions share is what it is about, and says the most.
			return Commonness{len(asked) - counts[t], len(asked)}
		})
		list = append(list, example{Asked: a, stems: prints[i].Stems, v: v})
	}
	for i := range list {
		for j := range list {
			if i != j {
				list[i].central += between(list[i].v, list[j].v) / float64(len(list)-1)
			}
		}
	}
	return list
}

func between(a, b Vector) float64 {
	var c Centre
	c.Add(a)
	return c.Closeness(b)
}

// alike is the share of words that makes two examples the same one.
const alike = 0.8

// repeats says whether two examples are the same but for little words.
func (e example) repeats(o example) bool {
	shared := 0
	for _, s := range e.stems {
		if _, ok := slices.BinarySearch(o.stems, s); ok {
			shared++
		}
	}
	return float64(shared) >= alike*float64(len(e.stems)+len(o.stems)-shared)
}

// Pick returns at most n questions that show what a gap is about: first the
// most central one, then those that differ the most from the ones before, yet
// are like the rest. Questions that say the same thing are shown once.
func Pick(asked []Asked, n int) (picked []Asked) {
	list := examplesOf(asked)
	slices.SortStableFunc(list, func(a, b example) int {
		return cmp.Or(cmp.Compare(b.central, a.central), cmp.Compare(len(a.Text), len(b.Text)))
	})
	var chosen []example
	for len(chosen) < n {
		best, most := -1, 0.0
		for i, e := range list {
			nearest := 0.0
			for _, c := range chosen {
				nearest = max(nearest, between(c.v, e.v))
			}
			if slices.ContainsFunc(chosen, e.repeats) {
				continue
			}
			if score := 1 + e.central - nearest; score > most {
				best, most = i, score
			}
		}
		if best < 0 {
			break
		}
		chosen = append(chosen, list[best])
		picked = append(picked, list[best].Asked)
	}
	return picked
}
