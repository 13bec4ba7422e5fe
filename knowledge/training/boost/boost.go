package boost

import (
	"math"
	"slices"
	"sync"
)

// Sample is one row of training data.
type Sample struct {
	X      []float32
	Y      bool
	Weight float64
}

// Options say how to grow.
type Options struct {
	Trees     int
	Depth     int
	Rate      float64
	MinWeight float64 // of the hessian in a leaf
	Ridge     float64
	// Columns is the share of inputs that each tree may use, chosen in a fixed
	// disorder.
	Columns float64
	Rows    float64 // the share of samples, likewise
}

// Node is a node of a tree: an inner one goes on to Left when X[Input] < Cut,
// else to Left+1; a leaf has Left 0 and a Value.
type Node struct {
	Input int
	Cut   float32
	Left  int
	Value float64
}

// Model is a sum of trees in log odds.
type Model struct {
	Bias  float64
	Trees [][]Node
	Gain  []float64 // by input: how much it explained
}

// Sum is the model's say in log odds.
func (m *Model) Sum(x []float32) float64 {
	sum := m.Bias
	for _, t := range m.Trees {
		sum += value(t, x)
	}
	return sum
}

func value(t []Node, x []float32) float64 {
	n := 0
	for t[n].Left != 0 {
		next := t[n].Left
		if !(x[t[n].Input] < t[n].Cut) {
			next++
		}
		n = next
	}
	return t[n].Value
}

const maxBins = 64

type grower struct {
	o       Options
	samples []Sample
	inputs  int
	cuts    [][]float32
	bins    [][]uint8 // by input, by sample
	grad    []float64
	hess    []float64
	gain    []float64
	rng     uint64
}

// Grow fits a model.
func Grow(samples []Sample, o Options) *Model {
	g := &grower{o: o, samples: samples, inputs: len(samples[0].X), rng: 88172645463325252}
	g.bin()
	var pos, all float64
	for _, s := range samples {
		all += s.Weight
		if s.Y {
			pos += s.Weight
		}
	}
	m := &Model{Bias: math.Log(pos / (all - pos)), Gain: make([]float64, g.inputs)}
	g.gain = m.Gain
	sums := make([]float64, len(samples))
	for i := range sums {
		sums[i] = m.Bias
	}
	g.grad, g.hess = make([]float64, len(samples)), make([]float64, len(samples))
	for range o.Trees {
		for i, s := range samples {
			p := 1 / (1 + math.Exp(-sums[i]))
			y := 0.0
			if s.Y {
				y = 1
			}
			g.grad[i], g.hess[i] = s.Weight*(p-y), s.Weight*p*(1-p)
		}
		t := g.tree()
		m.Trees = append(m.Trees, t)
		for i, s := range samples {
			sums[i] += value(t, s.X)
		}
	}
	return m
}

func (g *grower) random() float64 {
	g.rng ^= g.rng << 13
	g.rng ^= g.rng >> 7
	g.rng ^= g.rng << 17
	return float64(g.rng>>11) / (1 << 53)
}

func (g *grower) bin() {
	g.cuts, g.bins = make([][]float32, g.inputs), make([][]uint8, g.inputs)
	var wait sync.WaitGroup
	for f := range g.inputs {
		wait.Go(func() {
			values := make([]float32, len(g.samples))
			for i, s := range g.samples {
				values[i] = s.X[f]
			}
			slices.Sort(values)
			var cuts []float32
			for b := 1; b < maxBins; b++ {
				v := values[b*len(values)/maxBins]
				if v > values[0] && (len(cuts) == 0 || v > cuts[len(cuts)-1]) {
					cuts = append(cuts, v)
				}
			}
			g.cuts[f] = cuts
			bins := make([]uint8, len(g.samples))
			for i, s := range g.samples {
				n, _ := slices.BinarySearch(cuts, s.X[f])
				if n < len(cuts) && s.X[f] == cuts[n] {
					n++ // a cut belongs to the upper side
				}
				bins[i] = uint8(n)
			}
			g.bins[f] = bins
		})
	}
	wait.Wait()
}

type leaf struct {
	node  int
	rows  []int32
	depth int
}

type split struct {
	gain       float64
	input, bin int
}

func (g *grower) tree() []Node {
	columns := make([]bool, g.inputs)
	for f := range columns {
		columns[f] = g.random() < g.o.Columns
	}
	var rows []int32
	for i := range g.samples {
		if g.o.Rows >= 1 || g.random() < g.o.Rows {
			rows = append(rows, int32(i))
		}
	}
	nodes := []Node{{}}
	work := []leaf{{rows: rows}}
	for len(work) > 0 {
		l := work[0]
		work = work[1:]
		var grad, hess float64
		for _, i := range l.rows {
			grad += g.grad[i]
			hess += g.hess[i]
		}
		s := split{}
		if l.depth < g.o.Depth {
			s = g.best(l, columns, grad, hess)
		}
		if s.gain <= 1e-9 {
			nodes[l.node].Value = g.o.Rate * (-grad / (hess + g.o.Ridge))
			continue
		}
		g.gain[s.input] += s.gain
		at := len(nodes)
		nodes = append(nodes, Node{}, Node{})
		nodes[l.node] = Node{Input: s.input, Cut: g.cuts[s.input][s.bin], Left: at}
		var left, right []int32
		for _, i := range l.rows {
			if int(g.bins[s.input][i]) <= s.bin {
				left = append(left, i)
			} else {
				right = append(right, i)
			}
		}
		work = append(work, leaf{at, left, l.depth + 1}, leaf{at + 1, right, l.depth + 1})
	}
	return nodes
}

func (g *grower) best(l leaf, columns []bool, grad, hess float64) split {
	found := make([]split, g.inputs)
	var wait sync.WaitGroup
	half := func(from, to int) {
		for f := from; f < to; f++ {
			if columns[f] && len(g.cuts[f]) > 0 {
				found[f] = g.bestOf(l, f, grad, hess)
			}
		}
	}
	wait.Go(func() { half(0, g.inputs/2) })
	half(g.inputs/2, g.inputs)
	wait.Wait()
	best := split{}
	for _, s := range found {
		if s.gain > best.gain {
			best = s
		}
	}
	return best
}

func (g *grower) bestOf(l leaf, f int, grad, hess float64) split {
	var gs, hs [maxBins]float64
	bins := g.bins[f]
	for _, i := range l.rows {
		gs[bins[i]] += g.grad[i]
		hs[bins[i]] += g.hess[i]
	}
	best := split{}
	whole := grad * grad / (hess + g.o.Ridge)
	var gl, hl float64
	for b := range len(g.cuts[f]) {
		gl += gs[b]
		hl += hs[b]
		gr, hr := grad-gl, hess-hl
		if hl < g.o.MinWeight || hr < g.o.MinWeight {
			continue
		}
		gain := gl*gl/(hl+g.o.Ridge) + gr*gr/(hr+g.o.Ridge) - whole
		if gain > best.gain {
			best = split{gain, f, b}
		}
	}
	return best
}
