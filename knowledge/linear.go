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
	var wrong []int // entries whose probability has to move
	order := shuffled(len(docs))
	for epoch := range softmaxEpochs {
		rate := softmaxRate * (1 - 0.8*float64(epoch)/softmaxEpochs)
		for _, d := range order {
			s.scores(docs[d], p)
			toProbabilities(p)
			p[entryOf[d]]--
			wrong = wrong[:0]
			for e, g := range p {
				if math.Abs(g) < 1e-3 {
					continue // it knows
				}
				wrong = append(wrong, e)
				gb := float32(g)
				biasSquares[e] += gb * gb
				s.bias[e] -= float32(rate) * 0.3 * gb / float32(math.Sqrt(float64(biasSquares[e])+1e-6))
			}
			for _, f := range docs[d] {
				row := s.row(f)
				square := squares[int(f.id)*entries:][:len(row)]
				for _, e := range wrong {
					grad := float32(p[e]*f.weight*softmaxScale) + softmaxDecay*row[e]
					square[e] += grad * grad
					row[e] -= float32(rate) * grad / float32(math.Sqrt(float64(square[e])+1e-6))
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
	out = out[:s.entries]
	for ; len(features) >= 4; features = features[4:] { // one pass over out for four features
		a, b, c, d := s.row(features[0]), s.row(features[1]), s.row(features[2]), s.row(features[3])
		p, q, r, t := features[0].weight*softmaxScale, features[1].weight*softmaxScale, features[2].weight*softmaxScale, features[3].weight*softmaxScale
		a, b, c, d = a[:len(out)], b[:len(out)], c[:len(out)], d[:len(out)]
		for e, x := range out {
			x += p * float64(a[e])
			x += q * float64(b[e])
			x += r * float64(c[e])
			out[e] = x + t*float64(d[e])
		}
	}
	for _, f := range features {
		w := f.weight * softmaxScale
		for e, v := range s.row(f) {
			out[e] += w * float64(v)
		}
	}
}

// row is a feature's weights by entry.
func (s *softmax) row(f feature) []float32 {
	return s.weights[int(f.id)*s.entries : (int(f.id)+1)*s.entries]
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
