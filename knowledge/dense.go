package knowledge

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// dense is one more scorer: how near a question's embedding lies to those of an
// entry's texts. What a nearness is worth differs between models and books, so
// that the joint judgement is learnt for each book.
type dense struct {
	size      int         // of a vector
	texts     [][]float32 // each of length 1, entry by entry
	from      []int       // entry e has the texts from[e] to from[e+1]
	joint     *joint      // nil: the vectors do not help
	rehearsal Rehearsal
}

// MaxTexts is how many texts a book with vectors has at most, and mostNumbers
// what its vectors hold: about 100 MB.
const (
	MaxTexts    = 16384
	mostNumbers = 24 << 20
)

// nearestTexts is how many of an entry's texts say how near it is: one alone
// may be odd.
const nearestTexts = 3

// CheckTexts says whether a book with so many texts can have vectors, before
// anybody asks for them.
func CheckTexts(n int) error {
	if n > MaxTexts {
		return fmt.Errorf("%d texts are more than a book with vectors has; %d is the most", n, MaxTexts)
	}
	return nil
}

// Final says whether no vector can change a decision: rules made it, or the
// message is a phrasing word for word.
func (d Decision) Final() bool {
	switch d.Reason {
	case Sure, Close, Unsure, Withheld:
		return d.Confidence >= sure
	}
	return true
}

// Texts lists what WithVectors needs the vectors of: titles and phrasings.
func (b *Book) Texts() (list []string) {
	b.eachText(func(_, _ int, text string) { list = append(list, text) })
	return list
}

// eachText visits all titles (as phrasing -1) and phrasings that are not blank.
func (b *Book) eachText(do func(entry, phrasing int, text string)) {
	for e, entry := range b.entries {
		for j, text := range append([]string{entry.Title}, entry.Phrasings...) {
			if strings.TrimSpace(text) != "" {
				do(e, j-1, text)
			}
		}
	}
}

// newDense checks vectors of Texts and makes them comparable.
func newDense(b *Book, vectors [][]float32) (*dense, error) {
	d := &dense{from: make([]int, 1, len(b.entries)+1)}
	n := 0
	b.eachText(func(e, _ int, _ string) {
		for len(d.from) <= e {
			d.from = append(d.from, n)
		}
		n++
	})
	for len(d.from) <= len(b.entries) {
		d.from = append(d.from, n)
	}
	if len(vectors) != n {
		return nil, fmt.Errorf("%d vectors for %d texts", len(vectors), n)
	}
	if n == 0 {
		return nil, errors.New("a book without texts needs no vectors")
	}
	d.size = len(vectors[0])
	if err := CheckTexts(n); err != nil {
		return nil, err
	}
	if n*d.size > mostNumbers {
		return nil, fmt.Errorf("%d vectors of %d numbers are more than a book keeps; use a model with shorter vectors", n, d.size)
	}
	for i, v := range vectors {
		unit := d.unit(v)
		if unit == nil {
			return nil, fmt.Errorf("vector %d of %d cannot be used: %d numbers where the first has %d, or no direction", i+1, n, len(v), d.size)
		}
		d.texts = append(d.texts, unit)
	}
	return d, nil
}

// unit is a copy of length 1; nil for what is no vector of the book's size.
func (d *dense) unit(v []float32) []float32 {
	if len(v) != d.size || len(v) == 0 {
		return nil
	}
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	length := math.Sqrt(square)
	if !(length > 0) || math.IsInf(length, 1) {
		return nil
	}
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(float64(x) / length)
	}
	return out
}

// nobody is the nearness of an entry that has no text to be near.
const nobody = -1.0

// nearness is, by entry, the mean cosine of its nearest texts with a question,
// as if the text with the number skip had not been written; -1 skips none.
func (d *dense) nearness(question []float32, skip int) []float64 {
	near := make([]float64, len(d.from)-1)
	for e := range near {
		var top [nearestTexts]float64 // the largest first
		n := 0
		for t := d.from[e]; t < d.from[e+1]; t++ {
			if t == skip {
				continue
			}
			x := cosine(d.texts[t], question)
			for i := range top {
				if i >= n || x > top[i] {
					copy(top[i+1:], top[i:])
					top[i] = x
					n = min(n+1, nearestTexts)
					break
				}
			}
		}
		near[e] = nobody
		if n > 0 {
			near[e] = average(top[:n])
		}
	}
	return near
}

// cosine is of two vectors of length 1.
func cosine(a, b []float32) float64 {
	var s0, s1, s2, s3 float32 // apart from each other, so that the processor need not wait
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i := range min(len(a), len(b)) {
		s0 += a[i] * b[i]
	}
	return float64(s0 + s1 + s2 + s3)
}

func average(list []float64) float64 {
	var sum float64
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// nearby lists the entries that are not left out, the nearest first.
func nearby(near []float64, out func(entry int) bool) (list []int) {
	for e := range near {
		if near[e] > nobody && !out(e) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(x, y int) int { return cmp.Compare(near[y], near[x]) })
	return list
}
