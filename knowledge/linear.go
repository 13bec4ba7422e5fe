package knowledge

import "math"

// softmax is a multinomial logistic regression from features to entries: what
// tells an entry's phrasings from all others', word by word.
type softmax struct {
	entries int
	weights []float32 // feature-major: weights[feature*entries+entry]
	bias    []float32
}

// How softmax learns: Adagrad with a decaying pull to zero. The numbers were
// chosen on the training brands.
const (
	softmaxEpochs = 24
	softmaxRate   = 0.35
	softmaxDecay  = 2e-4
	// softmaxScale sharpens: cosine-like inputs are small.
	softmaxScale = 3
	// softmaxMost is the largest product of entries and features, in millions
	// of weights, that is learnt: beyond it the other scorers stand alone.
	softmaxMost = 24
)

// learnSoftmax learns from docs in a fixed order, so that the same docs always
// give the same weights. nil when there is too much to learn.
func learnSoftmax(docs [][]feature, entryOf []int, entries, features int) *softmax {
	if entries < 2 || entries*features > softmaxMost<<20 {
		return nil
	}
	s := &softmax{entries: entries, weights: make([]float32, entries*features), bias: make([]float32, entries)}
	squares := make([]float32, len(s.weights))
	biasSquares := make([]float32, entries)
	p := make([]float64, entries)
	order := shuffled(len(docs))
	for epoch := range softmaxEpochs {
		rate := softmaxRate * (1 - 0.8*float64(epoch)/softmaxEpochs)
		for _, d := range order {
			s.scores(docs[d], p)
			toProbabilities(p)
			p[entryOf[d]]--
			for e, g := range p {
				if math.Abs(g) < 1e-3 {
					continue // it knows
				}
				gb := float32(g)
				biasSquares[e] += gb * gb
				s.bias[e] -= float32(rate) * 0.3 * gb / float32(math.Sqrt(float64(biasSquares[e])+1e-6))
				for _, f := range docs[d] {
					i := int(f.id)*entries + e
					grad := float32(g*f.weight*softmaxScale) + softmaxDecay*s.weights[i]
					squares[i] += grad * grad
					s.weights[i] -= float32(rate) * grad / float32(math.Sqrt(float64(squares[i])+1e-6))
				}
			}
		}
	}
	return s
}

// shuffled is a fixed disorder of 0 to n-1.
func shuffled(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	state := uint64(0x9e3779b97f4a7c15)
	for i := n - 1; i > 0; i-- {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		j := int(state % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

func (s *softmax) scores(features []feature, out []float64) {
	for e := range out {
		out[e] = float64(s.bias[e])
	}
	for _, f := range features {
		w := f.weight * softmaxScale
		row := s.weights[int(f.id)*s.entries : (int(f.id)+1)*s.entries]
		for e, v := range row {
			out[e] += w * float64(v)
		}
	}
}

func toProbabilities(scores []float64) {
	best := math.Inf(-1)
	for _, v := range scores {
		best = max(best, v)
	}
	var sum float64
	for i, v := range scores {
		scores[i] = math.Exp(v - best)
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
}
