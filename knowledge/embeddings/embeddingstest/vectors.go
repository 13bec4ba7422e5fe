package embeddingstest

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"unicode"
)

// Meanings says which words mean the same to the pretended model: a word begins
// with one of a meaning's stems. Other words mean themselves.
type Meanings map[string][]string

// base is in every vector: texts of real models are never at right angles.
const base = 0.6

// Vector is what the endpoint gives for a text.
func (m Meanings) Vector(text string) []float32 {
	v := make([]float32, Dimensions)
	for i, x := range m.vector(text, Dimensions) {
		v[i] = float32(x)
	}
	return v
}

// vector adds up the directions of a text's meanings.
func (m Meanings) vector(text string, size int) []float64 {
	v := direction("", size)
	for i := range v {
		v[i] *= base
	}
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		meaning := m.of(w)
		if meaning == "" || seen[meaning] {
			continue
		}
		seen[meaning] = true
		for i, x := range direction(meaning, size) {
			v[i] += x
		}
	}
	var square float64
	for _, x := range v {
		square += x * x
	}
	for i := range v {
		v[i] /= math.Sqrt(square)
	}
	return v
}

// of is a word's meaning; short words have none.
func (m Meanings) of(word string) string {
	for meaning, stems := range m {
		for _, stem := range stems {
			if strings.HasPrefix(word, stem) {
				return meaning
			}
		}
	}
	if len([]rune(word)) < 4 {
		return ""
	}
	return "the word " + word
}

// direction is a meaning's own.
func direction(meaning string, size int) []float64 {
	h := fnv.New64a()
	h.Write([]byte(meaning))
	r := rand.New(rand.NewPCG(h.Sum64(), 7))
	v := make([]float64, size)
	for i := range v {
		v[i] = r.NormFloat64() / math.Sqrt(float64(size))
	}
	return v
}
