package knowledge

import "math"

// grove is a Forest laid out for speed: small nodes, tree after tree, and no
// branch that a processor could guess wrong.
type grove struct {
	bias  float64
	trees []planted
	nodes []node
	leaf  []float32 // by node
}

type planted struct{ from, to, depth int32 }

// node goes on to next when the input's key is below its own, else to next+1.
// A leaf goes on to itself.
type node struct {
	key   int32
	input uint16
	next  uint16 // less 1, within the tree; a leaf itself, less 2
}

// mostNodes is how many nodes a tree of a grove has at most.
const mostNodes = math.MaxUint16

// key orders numbers as integers: a < b exactly when key(a) < key(b).
func key(x float32) int32 {
	if x != x {
		return math.MaxInt32 // below no cut
	}
	bits := int32(math.Float32bits(x + 0)) // -0 becomes 0
	return bits ^ bits>>31&math.MaxInt32
}

// plant takes a forest that was checked.
func plant(f *Forest) *grove {
	g := &grove{bias: f.Bias}
	for _, t := range f.Trees {
		p := planted{from: int32(len(g.nodes))}
		depths := make([]int32, len(t))
		for i, n := range t {
			own := node{key: math.MinInt32, next: uint16(i - 2)}
			if n.Left != 0 {
				own = node{key(n.Cut), uint16(n.Input), uint16(n.Left - 1)}
				depths[n.Left], depths[n.Left+1] = depths[i]+1, depths[i]+1
			}
			p.depth = max(p.depth, depths[i])
			g.nodes = append(g.nodes, own)
			g.leaf = append(g.leaf, n.Value)
		}
		p.to = int32(len(g.nodes))
		g.trees = append(g.trees, p)
	}
	return g
}

// abreast is how many rows walk through a tree side by side, so that each
// waits for memory while the others walk.
const abreast = 4

// inputs are the keys of a row, with room that makes every index a valid one.
type inputs [1 << 7]int32

const _ = uint(len(inputs{}) - evidenceCount) // does not compile when there is too much evidence

// sums are the forest's say on each row, in log odds.
func (g *grove) sums(rows []evidence, into []float64) []float64 {
	into = into[:0]
	for len(rows) > 0 {
		var keys [abreast]inputs
		n := min(abreast, len(rows))
		for i := range n {
			for j, x := range rows[i].x {
				keys[i][j] = key(x)
			}
		}
		sums := g.walk(&keys)
		into = append(into, sums[:n]...)
		rows = rows[n:]
	}
	return into
}

func (g *grove) walk(keys *[abreast]inputs) (sums [abreast]float64) {
	for i := range sums {
		sums[i] = g.bias
	}
	for _, t := range g.trees {
		nodes, leaf := g.nodes[t.from:t.to], g.leaf[t.from:t.to]
		var a, b, c, d uint16
		for range t.depth {
			p, q, r, s := nodes[a], nodes[b], nodes[c], nodes[d]
			a = p.on(keys[0][p.input&127])
			b = q.on(keys[1][q.input&127])
			c = r.on(keys[2][r.input&127])
			d = s.on(keys[3][s.input&127])
		}
		sums[0] += float64(leaf[a])
		sums[1] += float64(leaf[b])
		sums[2] += float64(leaf[c])
		sums[3] += float64(leaf[d])
	}
	return sums
}

// on is the node that follows for a key: the shift is -1 when it is below the
// node's, else 0.
func (n node) on(key int32) uint16 {
	return n.next + 2 + uint16((int64(key)-int64(n.key))>>63)
}
