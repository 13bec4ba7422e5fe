package gaps

import (
	"math"
	"slices"
)

// What makes two questions one gap; chosen by measurement, see
// docs/adr/0018-gaps-are-clustered-incrementally.md.
const (
	// shareSense is how much the sense counts beside the terms.
	shareSense = 0.6
	// shareCentre is how much closeness to the centre counts beside the mean
	// closeness to the questions. The centre alone would let large gaps swallow
	// their neighbours.
	shareCentre = 0.5
	// near is how close a question must lie to join, 0 to 1.
	near = 0.55
)

// maxTerms bounds a Centre: the weightiest ones stay.
const maxTerms = 48

// Centre is the middle of a gap's questions, of bounded size.
type Centre struct {
	Questions int
	Sense     Sense     // the sum of theirs
	Terms     []int32   // sorted
	Weights   []float32 // the sum of theirs, one for each term
}

// Add moves the centre towards a question, and says which terms are new to it.
func (c *Centre) Add(v Vector) (fresh []int32) {
	c.Questions++
	for i, x := range v.Sense {
		c.Sense[i] += x
	}
	for i, t := range v.Terms {
		at, known := slices.BinarySearch(c.Terms, t)
		if known {
			c.Weights[at] += v.Weights[i]
			continue
		}
		c.Terms = slices.Insert(c.Terms, at, t)
		c.Weights = slices.Insert(c.Weights, at, v.Weights[i])
		fresh = append(fresh, t)
	}
	c.forget()
	return slices.DeleteFunc(fresh, func(t int32) bool {
		_, kept := slices.BinarySearch(c.Terms, t)
		return !kept
	})
}

// forget drops the lightest terms beyond maxTerms.
func (c *Centre) forget() {
	for len(c.Terms) > maxTerms {
		lightest := 0
		for i, w := range c.Weights {
			if w < c.Weights[lightest] {
				lightest = i
			}
		}
		c.Terms = slices.Delete(c.Terms, lightest, lightest+1)
		c.Weights = slices.Delete(c.Weights, lightest, lightest+1)
	}
}

// Closeness of a question to a gap, up to 1; 1 is a repetition of its only one.
func (c *Centre) Closeness(v Vector) float64 {
	var terms, sense, termsLong, senseLong float64
	for i, x := range c.Sense {
		sense += float64(x) * float64(v.Sense[i])
		senseLong += float64(x) * float64(x)
	}
	for i, w := range c.Weights {
		termsLong += float64(w) * float64(w)
		if at, ok := slices.BinarySearch(v.Terms, c.Terms[i]); ok {
			terms += float64(w) * float64(v.Weights[at])
		}
	}
	part := func(dot, square float64) float64 {
		if square == 0 {
			return 0
		}
		return dot * (shareCentre/math.Sqrt(square) + (1-shareCentre)/float64(c.Questions))
	}
	return shareSense*part(sense, senseLong) + (1-shareSense)*part(terms, termsLong)
}

// nearest is the gap that a question joins; false: none is near enough. Of
// equals the first one.
func nearest(v Vector, gaps []Candidate) (id int64, closeness float64, found bool) {
	for i := range gaps {
		if x := gaps[i].Centre.Closeness(v); x >= near && x > closeness {
			id, closeness, found = gaps[i].ID, x, true
		}
	}
	return id, closeness, found
}
