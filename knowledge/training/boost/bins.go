package boost

import (
	"slices"
	"sync"
)

// maxBins is into how many bins an input's values are sorted.
const maxBins = 64

// mostSorted is how many values the bins' borders are read off.
const mostSorted = 20000

func (g *grower) bin() {
	g.cuts, g.bins = make([][]float32, g.inputs), make([][]uint8, g.inputs)
	step := 1 + len(g.samples)/mostSorted
	var wait sync.WaitGroup
	for f := range g.inputs {
		wait.Go(func() {
			var values []float32
			for i := 0; i < len(g.samples); i += step {
				values = append(values, g.samples[i].X[f])
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
