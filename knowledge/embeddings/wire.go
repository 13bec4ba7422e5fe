package embeddings

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// asking is a request: https://platform.openai.com/docs/api-reference/embeddings/create.
type asking struct {
	Model  string   `json:"model"`
	Input  []string `json:"input"`
	Format string   `json:"encoding_format"`
}

// given is an answer.
type given struct {
	Data []struct {
		Index     *int    `json:"index"`
		Embedding numbers `json:"embedding"`
	} `json:"data"`
}

// numbers is a vector that lets nothing pass for a number that is none:
// encoding/json alone reads null as 0.
type numbers []float32

var errNumber = errors.New("a vector holds what is no number")

// UnmarshalJSON reads a list of numbers that a float32 can hold.
func (n *numbers) UnmarshalJSON(raw []byte) error {
	text := strings.TrimSpace(string(raw))
	if len(text) < 2 || text[0] != '[' {
		return errNumber
	}
	text = strings.TrimSpace(text[1 : len(text)-1])
	if text == "" {
		return nil
	}
	*n = make(numbers, 0, strings.Count(text, ",")+1)
	for item := range strings.SplitSeq(text, ",") {
		x, err := strconv.ParseFloat(strings.TrimSpace(item), 32)
		if err != nil {
			return errNumber
		}
		*n = append(*n, float32(x))
	}
	return nil
}

// vectorsOf takes an answer to count texts apart. Its errors quote nothing of
// the answer, which may quote the question.
func vectorsOf(raw []byte, count int) ([][]float32, error) {
	var g given
	if err := json.Unmarshal(raw, &g); err != nil {
		if errors.Is(err, errNumber) {
			return nil, fmt.Errorf("%w: %w", ErrAnswer, errNumber)
		}
		return nil, fmt.Errorf("%w: it is not the JSON of an embeddings endpoint", ErrAnswer)
	}
	if len(g.Data) != count {
		return nil, fmt.Errorf("%w: %d vectors for %d texts", ErrAnswer, len(g.Data), count)
	}
	vectors := make([][]float32, count)
	for _, d := range g.Data {
		if d.Index == nil || *d.Index < 0 || *d.Index >= count || vectors[*d.Index] != nil {
			return nil, fmt.Errorf("%w: the vectors' numbers are not those of the texts", ErrAnswer)
		}
		if !sound(d.Embedding) {
			return nil, fmt.Errorf("%w: a vector is empty or points nowhere", ErrAnswer)
		}
		vectors[*d.Index] = d.Embedding
	}
	if !alike(vectors) {
		return nil, fmt.Errorf("%w: its vectors are of different sizes", ErrAnswer)
	}
	return vectors, nil
}

// sound says whether a vector has a direction.
func sound(v []float32) bool {
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	return square > 0 && !math.IsInf(square, 0) && !math.IsNaN(square)
}

// alike says whether all vectors are of one size.
func alike(vectors [][]float32) bool {
	for _, v := range vectors {
		if len(v) != len(vectors[0]) {
			return false
		}
	}
	return true
}
