package main

import (
	"cmp"
	"slices"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/training/boost"
)

// outcome is the verdict on one query.
type outcome struct {
	q      query
	right  bool
	within [2]bool // the right entry is among the first two, three
	// What the last step looks at; see knowledge.TopInputs and AmongInputs.
	top        []float64
	among      [2][]float64
	weight     float64 // in what is fitted
	confidence float64
}

func judge(m *boost.Model, b *rehearsal) (list []outcome) {
	type scored struct {
		id   string
		odds float64
	}
	for _, r := range b.rows {
		var s []scored
		for _, v := range r.views {
			for _, c := range v {
				odds := m.Sum(c.Inputs)
				if i := slices.IndexFunc(s, func(x scored) bool { return x.id == c.EntryID }); i < 0 {
					s = append(s, scored{c.EntryID, odds})
				} else if odds > s[i].odds {
					s[i].odds = odds
				}
			}
		}
		slices.SortStableFunc(s, func(x, y scored) int { return cmp.Compare(y.odds, x.odds) })
		odds := make([]float64, len(s))
		for i := range s {
			odds[i] = s[i].odds
		}
		o := outcome{q: r.q, weight: b.weight * r.q.weight * weightOf(r.q)}
		top := knowledge.TopInputs(odds)
		o.top = top[:]
		for i := range o.among {
			among := knowledge.AmongInputs(odds, i+2)
			o.among[i] = among[:]
			o.within[i] = slices.ContainsFunc(s[:min(i+2, len(s))], func(x scored) bool { return r.q.right(x.id) })
		}
		o.right = len(s) > 0 && r.q.right(s[0].id)
		list = append(list, o)
	}
	return list
}

// calibration turns the odds of the best entries into probabilities.
type calibration struct {
	top   []float64
	among [][]float64 // for two and for three
}

func calibrate(list []outcome) (c calibration) {
	examples := make([]example, len(list))
	for i, o := range list {
		examples[i] = example{o.top, o.right, o.weight}
	}
	c.top = logistic(examples)
	for n := range list[0].among {
		for i, o := range list {
			examples[i] = example{o.among[n], o.within[n], o.weight}
		}
		c.among = append(c.among, logistic(examples))
	}
	return c
}

// settle gives each outcome its confidence.
func (c calibration) settle(list []outcome) {
	for i := range list {
		list[i].confidence = sigmoid(dot(c.top, list[i].top))
	}
}
