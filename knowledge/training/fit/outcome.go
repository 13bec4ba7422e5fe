package main

import (
	"cmp"
	"math"
	"slices"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/training/boost"
)

// outcome is the verdict on one query.
type outcome struct {
	q     query
	id    string
	top   [4]float64
	right bool
}

func judge(m *boost.Model, rows []row) (list []outcome) {
	for _, r := range rows {
		best := outcome{q: r.q, top: [4]float64{1, -12, -12, 0}}
		type scored struct {
			id   string
			odds float64
		}
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
		if len(s) > 0 {
			slices.SortStableFunc(s, func(x, y scored) int { return cmp.Compare(y.odds, x.odds) })
			odds := make([]float64, len(s))
			for i := range s {
				odds[i] = s[i].odds
			}
			best.id, best.top = s[0].id, knowledge.TopInputs(odds)
		}
		best.right = r.q.right(best.id)
		list = append(list, best)
	}
	return list
}

// fitTop is logistic regression by Newton's method, with a small pull to zero.
func fitTop(list []outcome) []float64 {
	w := []float64{0, 1, 0, 0}
	for range 30 {
		var g [4]float64
		var h [4][4]float64
		for i := range 4 {
			h[i][i] = 1e-2
			g[i] = -1e-2 * w[i]
		}
		for _, o := range list {
			var s float64
			for i := range 4 {
				s += w[i] * o.top[i]
			}
			p := 1 / (1 + math.Exp(-s))
			y := 0.0
			if o.right {
				y = 1
			}
			for i := range 4 {
				g[i] += (y - p) * o.top[i]
				for j := range 4 {
					h[i][j] += p * (1 - p) * o.top[i] * o.top[j]
				}
			}
		}
		step := solve(h, g)
		for i := range 4 {
			w[i] += step[i]
		}
	}
	return w
}

func solve(a [4][4]float64, b [4]float64) (x [4]float64) {
	for c := range 4 {
		p := c
		for r := c + 1; r < 4; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[p][c]) {
				p = r
			}
		}
		a[c], a[p], b[c], b[p] = a[p], a[c], b[p], b[c]
		for r := c + 1; r < 4; r++ {
			f := a[r][c] / a[c][c]
			for k := c; k < 4; k++ {
				a[r][k] -= f * a[c][k]
			}
			b[r] -= f * b[c]
		}
	}
	for r := 3; r >= 0; r-- {
		x[r] = b[r]
		for k := r + 1; k < 4; k++ {
			x[r] -= a[r][k] * x[k]
		}
		x[r] /= a[r][r]
	}
	return x
}

func confidence(w []float64, o outcome) float64 {
	var s float64
	for i := range 4 {
		s += w[i] * o.top[i]
	}
	return 1 / (1 + math.Exp(-s))
}
