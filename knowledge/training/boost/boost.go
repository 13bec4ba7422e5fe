package boost

import (
	"math"
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

type grower struct {
	o       Options
	samples []Sample
	inputs  int
	cuts    [][]float32
	bins    [][]uint8 // by input, by sample
	slopes  []slope   // by sample
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
	g.slopes = make([]slope, len(samples))
	for range o.Trees {
		for i, s := range samples {
			p := 1 / (1 + math.Exp(-sums[i]))
			y := 0.0
			if s.Y {
				y = 1
			}
			g.slopes[i] = slope{s.Weight * (p - y), s.Weight * p * (1 - p)}
		}
		m.Trees = append(m.Trees, g.tree(sums))
	}
	return m
}

func (g *grower) random() float64 {
	g.rng ^= g.rng << 13
	g.rng ^= g.rng >> 7
	g.rng ^= g.rng << 17
	return float64(g.rng>>11) / (1 << 53)
}
