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

// visitFeatures calls visit for every feature of the words; keys of different
// blocks may be equal.
func visitFeatures(words []word, visit func(b block, key string)) {
	for i, w := range words {
		visit(blockWords, w.stem)
		if i > 0 {
			visit(blockPairs, words[i-1].stem+" "+w.stem)
		}
		if !w.number {
			visitGrams(w, minGram, maxGram, func(g string) { visit(blockLetters, g) })
		}
	}
	eachConcept(words, func(tag string, _, _ int) { visit(blockConcepts, tag) })
}

// visitGrams slides over «_word_».
func visitGrams(w word, shortest, longest int, visit func(g string)) {
	text := "_" + w.fold + "_"
	var at [maxWord + 3]int // where each rune begins
	runes := 0
	for i := range text {
		at[runes] = i
		runes++
	}
	at[runes] = len(text)
	for n := shortest; n <= longest; n++ {
		for i := 0; i+n <= runes; i++ {
			visit(text[at[i]:at[i+n]])
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
		id int32 // -1 when the vocabulary lacks it
		n  int
	}
	var counts [blocks][]count // in order of appearance: sums stay the same from run to run
	var places [blocks]map[string]int
	for b := range places {
		places[b] = make(map[string]int, 8*len(words))
	}
	visitFeatures(words, func(b block, key string) {
		if i, ok := places[b][key]; ok {
			counts[b][i].n++
			return
		}
		id, ok := ix.ids[b][key]
		if !ok {
			id = -1
		}
		places[b][key] = len(counts[b])
		counts[b] = append(counts[b], count{id, 1})
	})
	for b := range blocks {
		var square float64
		start := len(features)
		for _, c := range counts[b] {
			if c.id < 0 && (b == blockPairs || b == blockConcepts) {
				continue
			}
			idf := ix.rarest
			if c.id >= 0 {
				idf = ix.idf[c.id]
			}
			w := (1 + math.Log(float64(c.n))) * idf
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
