package knowledge

import "math"

// The blocks of features of a text. Each is normalised by itself, so that the
// many n-grams of a long word do not drown the words.
type block int

const (
	blockWords block = iota
	blockPairs
	blockConcepts
	blockLetters
	blocks
)

// blockWeights is each block's share of a similarity.
var blockWeights = [blocks]float64{blockWords: 1, blockPairs: 0.35, blockConcepts: 0.7, blockLetters: 1}

// The n-grams within words, borders included.
const (
	minGram = 3
	maxGram = 5
)

// visitFeatures calls visit for every feature of the words; the key tells the
// blocks apart by its first byte.
func visitFeatures(words []word, visit func(b block, key string)) {
	for i, w := range words {
		visit(blockWords, "w"+w.stem)
		if i > 0 {
			visit(blockPairs, "p"+words[i-1].stem+" "+w.stem)
		}
		if !w.number {
			visitGrams(w, minGram, maxGram, func(g string) { visit(blockLetters, "g"+g) })
		}
	}
	lexicons().concepts.find(words, func(tag string, _, _ int) { visit(blockConcepts, "c"+tag) })
}

// visitGrams slides over «_word_».
func visitGrams(w word, shortest, longest int, visit func(g string)) {
	rs := []rune("_" + w.fold + "_")
	for n := shortest; n <= longest; n++ {
		for i := 0; i+n <= len(rs); i++ {
			visit(string(rs[i : i+n]))
		}
	}
}

// feature is one coordinate of a text.
type feature struct {
	id     int32
	weight float64
}

// vector turns words into weighted features: each block has length 1 before its
// share is applied. What the vocabulary lacks still lengthens words and
// letters, so strange words weaken a match. full is the highest similarity
// that these words could reach.
func (ix *index) vector(words []word) (features []feature, full float64) {
	type count struct {
		id int32
		n  float64
	}
	var counts [blocks]map[string]*count
	var keys [blocks][]string // in order of appearance: sums stay the same from run to run
	visitFeatures(words, func(b block, key string) {
		if counts[b] == nil {
			counts[b] = map[string]*count{}
		}
		if c := counts[b][key]; c != nil {
			c.n++
			return
		}
		id, ok := ix.ids[key]
		if !ok {
			id = -1
		}
		counts[b][key] = &count{id: id, n: 1}
		keys[b] = append(keys[b], key)
	})
	for b := range blocks {
		var square float64
		start := len(features)
		for _, key := range keys[b] {
			c := counts[b][key]
			if c.id < 0 && (b == blockPairs || b == blockConcepts) {
				continue
			}
			idf := ix.rarest
			if c.id >= 0 {
				idf = ix.idf[c.id]
			}
			w := (1 + math.Log(c.n)) * idf
			square += w * w
			if c.id >= 0 {
				features = append(features, feature{c.id, w})
			}
		}
		if square == 0 {
			continue
		}
		full += blockWeights[b]
		scale := math.Sqrt(blockWeights[b] / square)
		for i := start; i < len(features); i++ {
			features[i].weight *= scale
		}
	}
	return features, full
}
