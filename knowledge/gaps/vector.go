package gaps

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"

	"github.com/poruch/poruch/knowledge"
)

// Secret is what a brand's terms are hashed with: from a term alone nobody
// tells the word, and two brands' terms cannot be compared.
type Secret []byte

// term hashes a stem or a meaning. 32 bits are enough to tell the few thousand
// words of a brand apart, and too few to name one word for sure.
func (s Secret) term(word string) int32 {
	h := hmac.New(sha256.New, s)
	h.Write([]byte(word))
	return int32(binary.BigEndian.Uint32(h.Sum(nil)))
}

// Terms are a text's stems and meanings, hashed; sorted, each once.
func (s Secret) Terms(f knowledge.Fingerprint) []int32 {
	terms := make([]int32, 0, len(f.Stems)+len(f.Meanings))
	for _, w := range f.Stems {
		terms = append(terms, s.term(w))
	}
	for _, m := range f.Meanings {
		terms = append(terms, s.term("#"+m))
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// Commonness is in how many questions a term occurred, of how many.
type Commonness struct{ Questions, Of int }

// leastTelling is what a term weighs that every question has.
const leastTelling = 0.3

// telling is how much a term says: the rarer, the more.
func (c Commonness) telling() float64 {
	return math.Log(float64(1+c.Of)/float64(1+min(c.Questions, c.Of))) + leastTelling
}

// strangeSize is the number of dimensions in which strange words lie.
const strangeSize = 32

// Size is the number of dimensions of a Sense.
const Size = knowledge.SenseSize + strangeSize

// Sense is where a question lies by meaning; of length 1, or zero for a
// question without words. A word whose sense nobody learnt, the name of a
// product perhaps, has a direction of its own, so that two questions that
// differ in such a word lie apart.
type Sense [Size]float32

// Vector is where a question lies: its terms weighed by rarity, and its sense.
type Vector struct {
	Terms   []int32   // sorted
	Weights []float32 // one for each term; of length 1 together
	Sense   Sense
}

// NewVector weighs terms by how common each is, in their order.
func (s Secret) NewVector(f knowledge.Fingerprint, terms []int32, common func(term int32) Commonness) Vector {
	v := Vector{Terms: terms, Weights: make([]float32, len(terms)), Sense: s.sense(f)}
	for i, t := range terms {
		v.Weights[i] = float32(common(t).telling())
	}
	scale(v.Weights, 1)
	return v
}

func (s Secret) sense(f knowledge.Fingerprint) (sense Sense) {
	known := f.Known
	if len(f.Strange) == 0 {
		known = 1
	}
	copy(sense[:], f.Sense[:])
	scale(sense[:knowledge.SenseSize], math.Sqrt(float64(known)))
	for _, word := range f.Strange {
		signs := uint32(s.term("?" + word))
		for i := range strangeSize {
			sense[knowledge.SenseSize+i] += 1 - 2*float32(signs>>i&1)
		}
	}
	scale(sense[knowledge.SenseSize:], math.Sqrt(float64(1-known)))
	return sense
}

// scale gives a vector a length; nothing stays nothing.
func scale(v []float32, length float64) {
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if square == 0 {
		return
	}
	by := float32(length / math.Sqrt(square))
	for i := range v {
		v[i] *= by
	}
}
