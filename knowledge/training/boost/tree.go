package boost

import "sync"

// slope is the first and the second derivative of what is made small.
type slope struct{ grad, hess float64 }

func (s *slope) add(o slope) {
	s.grad += o.grad
	s.hess += o.hess
}

// histogram sums the slopes of rows by input and bin.
type histogram [][maxBins]slope

// leaf is a node that may be split.
type leaf struct {
	node  int
	rows  []int32 // that are looked at
	rest  []int32 // that are only carried along
	depth int
	sums  histogram // nil: too deep to split
	all   slope
}

type split struct {
	gain       float64
	input, bin int
}

// tree grows a tree, and adds its say to each sample's sum.
func (g *grower) tree(sums []float64) []Node {
	columns := make([]bool, g.inputs)
	for f := range columns {
		columns[f] = g.random() < g.o.Columns
	}
	root := leaf{}
	for i := range g.samples {
		if g.o.Rows >= 1 || g.random() < g.o.Rows {
			root.rows = append(root.rows, int32(i))
			root.all.add(g.slopes[i])
		} else {
			root.rest = append(root.rest, int32(i))
		}
	}
	root.sums = g.count(root.rows, columns)
	nodes := []Node{{}}
	work := []leaf{root}
	for len(work) > 0 {
		l := work[0]
		work = work[1:]
		s := split{}
		if l.sums != nil {
			s = g.best(l, columns)
		}
		if s.gain <= 1e-9 {
			v := g.o.Rate * (-l.all.grad / (l.all.hess + g.o.Ridge))
			nodes[l.node].Value = v
			for _, rows := range [][]int32{l.rows, l.rest} {
				for _, i := range rows {
					sums[i] += v
				}
			}
			continue
		}
		g.gain[s.input] += s.gain
		at := len(nodes)
		nodes = append(nodes, Node{}, Node{})
		nodes[l.node] = Node{Input: s.input, Cut: g.cuts[s.input][s.bin], Left: at}
		left, right := g.divide(l, s, columns)
		left.node, right.node = at, at+1
		work = append(work, left, right)
	}
	return nodes
}

// divide splits a leaf. Only the smaller half is counted anew.
func (g *grower) divide(l leaf, s split, columns []bool) (left, right leaf) {
	bins := g.bins[s.input]
	left.depth, right.depth = l.depth+1, l.depth+1
	for _, i := range l.rows {
		if int(bins[i]) <= s.bin {
			left.rows = append(left.rows, i)
			left.all.add(g.slopes[i])
		} else {
			right.rows = append(right.rows, i)
			right.all.add(g.slopes[i])
		}
	}
	for _, i := range l.rest {
		if int(bins[i]) <= s.bin {
			left.rest = append(left.rest, i)
		} else {
			right.rest = append(right.rest, i)
		}
	}
	if left.depth == g.o.Depth {
		return left, right
	}
	small, large := &left, &right
	if len(left.rows) > len(right.rows) {
		small, large = large, small
	}
	small.sums = g.count(small.rows, columns)
	large.sums = l.sums
	for f := range large.sums {
		if !columns[f] {
			continue
		}
		for b := range large.sums[f] {
			large.sums[f][b].grad -= small.sums[f][b].grad
			large.sums[f][b].hess -= small.sums[f][b].hess
		}
	}
	return left, right
}

// count makes the histogram of rows, half of the inputs at a time.
func (g *grower) count(rows []int32, columns []bool) histogram {
	h := make(histogram, g.inputs)
	half := func(from, to int) {
		for f := from; f < to; f++ {
			if !columns[f] || len(g.cuts[f]) == 0 {
				continue
			}
			bins, sums := g.bins[f], &h[f]
			for _, i := range rows {
				sums[bins[i]&(maxBins-1)].add(g.slopes[i])
			}
		}
	}
	var wait sync.WaitGroup
	wait.Go(func() { half(0, g.inputs/2) })
	half(g.inputs/2, g.inputs)
	wait.Wait()
	return h
}

func (g *grower) best(l leaf, columns []bool) (best split) {
	for f := range g.inputs {
		if columns[f] && len(g.cuts[f]) > 0 {
			if s := g.bestOf(l, f); s.gain > best.gain {
				best = s
			}
		}
	}
	return best
}

func (g *grower) bestOf(l leaf, f int) (best split) {
	whole := l.all.grad * l.all.grad / (l.all.hess + g.o.Ridge)
	var left slope
	for b := range len(g.cuts[f]) {
		left.add(l.sums[f][b])
		right := slope{l.all.grad - left.grad, l.all.hess - left.hess}
		if left.hess < g.o.MinWeight || right.hess < g.o.MinWeight {
			continue
		}
		gain := left.grad*left.grad/(left.hess+g.o.Ridge) + right.grad*right.grad/(right.hess+g.o.Ridge) - whole
		if gain > best.gain {
			best = split{gain, f, b}
		}
	}
	return best
}
