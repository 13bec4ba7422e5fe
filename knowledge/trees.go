package knowledge

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the model
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

// Forest is a sum of regression trees over numbered inputs; its sigmoid is a
// probability.
type Forest struct {
	Bias  float64 `json:"bias"`
	Trees []Tree  `json:"trees"`
}

// Tree has its nodes in one list: node n goes on to its Left when the input is
// below Cut, else to Left+1; Left 0 makes it a leaf with a Value.
type Tree []Node

// Node is a node of a Tree.
type Node struct {
	Input int     `json:"i,omitempty"`
	Cut   float32 `json:"c,omitempty"`
	Left  int     `json:"l,omitempty"`
	Value float32 `json:"v,omitempty"`
}

// sum is the forest's say in log odds.
func (f *Forest) sum(x []float32) float64 {
	sum := f.Bias
	for _, t := range f.Trees {
		n := 0
		for t[n].Left != 0 {
			next := t[n].Left
			if !(x[t[n].Input] < t[n].Cut) {
				next++
			}
			n = next
		}
		sum += float64(t[n].Value)
	}
	return sum
}

// check says what is wrong with a forest that was read from a file.
func (f *Forest) check(inputs int) error {
	for i, t := range f.Trees {
		for n, node := range t {
			if node.Input < 0 || node.Input >= inputs || node.Left != 0 && (node.Left <= n || node.Left+1 >= len(t)) {
				return fmt.Errorf("tree %d, node %d leads nowhere", i, n)
			}
		}
		if len(t) == 0 || len(t) > mostNodes {
			return fmt.Errorf("tree %d has %d nodes, not 1 to %d", i, len(t), mostNodes)
		}
	}
	return nil
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Judgement is what knowledge/training/fit learnt from the training brands: how
// evidence becomes the probability of a right answer.
type Judgement struct {
	// Inputs names the evidence that the forest was fitted on, in order.
	Inputs []string `json:"inputs"`
	Pair   Forest   `json:"pair"` // of one entry: is it the right one?
	// Top turns the best entry's log odds, and what stands around it, into the
	// probability that an answer with it is right; see TopInputs.
	Top []float64 `json:"top"`
	// Among does so for the first two and the first three; see AmongInputs.
	Among [][]float64 `json:"among"`
	// From Confidences[i] on, answers to other brands' questions were right in
	// the share Shares[i]. Both rise.
	Shares      []float64 `json:"shares"`
	Confidences []float64 `json:"confidences"`

	grove *grove // Pair, once it was read
}

// Write packs a judgement.
func (j Judgement) Write(w io.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(z).Encode(j); err != nil {
		return err
	}
	return z.Close()
}

//go:embed model/judgement.json.gz
var judgementFile []byte

var judgement = sync.OnceValue(func() *Judgement {
	j, err := readJudgement(judgementFile)
	if err != nil {
		panic(err) // embedded: a mistake of the build, found by any test
	}
	return j
})

func readJudgement(packed []byte) (*Judgement, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read the judgement: %w", err)
	}
	var j Judgement
	if err := json.NewDecoder(z).Decode(&j); err != nil {
		return nil, fmt.Errorf("read the judgement: %w", err)
	}
	if !slices.Equal(j.Inputs, evidenceNames) || !j.whole() {
		return nil, fmt.Errorf("the judgement was fitted on other evidence: run go run ./knowledge/training/fit -write")
	}
	if err := j.Pair.check(len(j.Inputs)); err != nil {
		return nil, fmt.Errorf("read the judgement: %w", err)
	}
	j.grove = plant(&j.Pair)
	return &j, nil
}

// whole says whether all that a forest is not is there.
func (j *Judgement) whole() bool {
	if len(j.Top) != len(TopInputs(nil)) || len(j.Among) != 2 || len(j.Shares) != len(j.Confidences) || len(j.Shares) == 0 {
		return false
	}
	for _, weights := range j.Among {
		if len(weights) != len(AmongInputs(nil, 2)) {
			return false
		}
	}
	return true
}

// TopInputs is what the last step of a judgement looks at, from all entries'
// log odds, best first: 1, the best, the next best, and the mass of all others.
func TopInputs(odds []float64) [4]float64 {
	const nothing = -8
	x := [4]float64{1, nothing, nothing, 0}
	var others float64
	for i, o := range odds {
		switch i {
		case 0:
			x[1] = o
			continue
		case 1:
			x[2] = max(o, nothing)
		}
		others += sigmoid(o)
	}
	x[3] = math.Log1p(others)
	return x
}

// confidence is the probability that an answer with the first is right.
func (j *Judgement) confidence(odds []float64) float64 {
	var sum float64
	for i, x := range TopInputs(odds) {
		sum += j.Top[i] * x
	}
	return sigmoid(sum)
}

// thresholdFor is the confidence from which on the share of right answers is
// the target.
func (j *Judgement) thresholdFor(target float64) float64 {
	for i, share := range j.Shares {
		if share >= target {
			return j.Confidences[i]
		}
	}
	return max(target, j.Confidences[len(j.Confidences)-1])
}
