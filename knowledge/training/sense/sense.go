package sense

import (
	"math"
	"sort"
)

// Size is the number of dimensions.
const Size = 96

// Brand is one brand's texts as terms.
type Brand struct {
	Phrasings [][][]string // by entry
	Messages  [][][]string // by entry: messages that ask for it
}

const (
	epochs      = 18
	rate        = 0.12
	temperature = 0.09
	decay       = 1e-4
	leastSeen   = 2
	dropTerm    = 0.35
)

type text struct {
	terms []int
	v     [Size]float64 // normalised
	norm  float64
}

type learner struct {
	e, squares [][Size]float64
	rng        uint64
}

func (l *learner) random() float64 {
	l.rng ^= l.rng << 13
	l.rng ^= l.rng >> 7
	l.rng ^= l.rng << 17
	return float64(l.rng>>11) / (1 << 53)
}

// Learn returns the terms and their vectors.
func Learn(brands []Brand) ([]string, [][]float32) {
	seen := map[string]int{}
	each(brands, func(terms []string) {
		once := map[string]bool{}
		for _, t := range terms {
			if !once[t] {
				once[t] = true
				seen[t]++
			}
		}
	})
	var names []string
	for t, n := range seen {
		if n >= leastSeen && len(t) < 250 {
			names = append(names, t)
		}
	}
	sort.Strings(names)
	ids := map[string]int{}
	for i, t := range names {
		ids[t] = i
	}
	l := &learner{e: make([][Size]float64, len(names)), squares: make([][Size]float64, len(names)), rng: 0x2545f4914f6cdd1d}
	for i := range l.e {
		scale := 1 / math.Log(3+float64(seen[names[i]]))
		for d := range Size {
			l.e[i][d] = (l.random() - 0.5) * scale
		}
	}
	number := func(groups [][][]string) (out [][]*text) {
		for _, g := range groups {
			var list []*text
			for _, terms := range g {
				t := &text{}
				for _, term := range terms {
					if id, ok := ids[term]; ok {
						t.terms = append(t.terms, id)
					}
				}
				list = append(list, t)
			}
			out = append(out, list)
		}
		return out
	}
	type side struct{ from, to [][]*text }
	var sides []side
	for _, b := range brands {
		p, m := number(b.Phrasings), number(b.Messages)
		sides = append(sides, side{p, p}, side{m, p}, side{p, m})
	}
	for epoch := range epochs {
		r := rate * (1 - 0.9*float64(epoch)/epochs)
		for _, s := range sides {
			l.pass(s.from, s.to, r)
		}
	}
	rows := make([][]float32, len(names))
	for i := range names {
		rows[i] = make([]float32, Size)
		for d, v := range l.e[i] {
			rows[i][d] = float32(v)
		}
	}
	return names, rows
}

func each(brands []Brand, visit func([]string)) {
	for _, b := range brands {
		for _, groups := range [][][][]string{b.Phrasings, b.Messages} {
			for _, g := range groups {
				for _, terms := range g {
					visit(terms)
				}
			}
		}
	}
}

func (l *learner) place(t *text, drop float64) (kept []int) {
	t.v = [Size]float64{}
	for _, id := range t.terms {
		if drop > 0 && l.random() < drop {
			continue
		}
		kept = append(kept, id)
		for d, v := range l.e[id] {
			t.v[d] += v
		}
	}
	t.norm = normalise(&t.v)
	return kept
}

// dot sums in four strands, which do not wait for each other.
func dot(a, b *[Size]float64) float64 {
	var s [4]float64
	for d := 0; d < Size; d += 4 {
		s[0] += a[d] * b[d]
		s[1] += a[d+1] * b[d+1]
		s[2] += a[d+2] * b[d+2]
		s[3] += a[d+3] * b[d+3]
	}
	return s[0] + s[1] + s[2] + s[3]
}

func normalise(v *[Size]float64) float64 {
	var s float64
	for _, x := range v {
		s += x * x
	}
	n := math.Sqrt(s) + 1e-9
	for d := range v {
		v[d] /= n
	}
	return n
}

// pass pulls each text of from to the centre of its own group of to.
func (l *learner) pass(from, to [][]*text, rate float64) {
	sums := make([][Size]float64, len(to))
	for e, g := range to {
		for _, t := range g {
			l.place(t, 0)
			for d, v := range t.v {
				sums[e][d] += v
			}
		}
	}
	centres := make([][Size]float64, len(to))
	for e := range sums {
		centres[e] = sums[e]
		normalise(&centres[e])
	}
	same := len(from) > 0 && len(to) > 0 && len(from[0]) > 0 && len(to[0]) > 0 && from[0][0] == to[0][0]
	p := make([]float64, len(to))
	for e, g := range from {
		for _, t := range g {
			own := centres[e]
			if same {
				if len(g) < 2 {
					continue
				}
				own = sums[e]
				for d, v := range t.v {
					own[d] -= v
				}
				normalise(&own)
			}
			before := t.v
			kept := l.place(t, dropTerm)
			if len(kept) == 0 {
				t.v = before
				continue
			}
			best := math.Inf(-1)
			for o := range centres {
				c := &centres[o]
				if o == e {
					c = &own
				}
				p[o] = dot(&t.v, c) / temperature
				best = max(best, p[o])
			}
			var sum float64
			for o := range p {
				p[o] = math.Exp(p[o] - best)
				sum += p[o]
			}
			var g [Size]float64
			for o := range p {
				w := p[o] / sum
				c := &centres[o]
				if o == e {
					w--
					c = &own
				}
				if math.Abs(w) < 1e-4 {
					continue
				}
				for d := range Size {
					g[d] += w * c[d] / temperature
				}
			}
			var along float64
			for d := range Size {
				along += g[d] * t.v[d]
			}
			for d := range Size {
				g[d] = (g[d] - along*t.v[d]) / t.norm
			}
			for _, id := range kept {
				for d := range Size {
					grad := g[d] + decay*l.e[id][d]
					l.squares[id][d] += grad * grad
					l.e[id][d] -= rate * grad / math.Sqrt(l.squares[id][d]+1e-4)
				}
			}
			t.v = before
		}
	}
}
