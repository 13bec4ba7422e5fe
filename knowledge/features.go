package knowledge

import "math"

// The blocks of features of a text. Each is normalised by itself, so that the
// many n-grams of a long word do not drown the words.
type block uint8

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

// visitGrams slides over «_word_»: first the shortest n-grams, in the end the
// longest.
func visitGrams(w word, shortest, longest int, visit func(n int, g string)) {
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
			visit(n, text[at[i]:at[i+n]])
		}
	}
}

// feature is one coordinate of a text.
type feature struct {
	id     int32
	block  block
	weight float64
}

// times is how often a doc has a feature.
type times struct{ id, n int32 }

// counted is how often a text has a feature, and what it is worth.
type counted struct {
	id    int32 // none when the book lacks it
	n     int32
	block block
	idf   float64
}

// counter counts the features of a text, whatever numbers they are given.
type counter struct {
	n     []int32         // by number; all 0 between two texts
	order [blocks][]int32 // numbers, in order of appearance: sums stay the same from run to run
}

func (c *counter) add(b block, number int32) {
	if c.n[number] == 0 {
		c.order[b] = append(c.order[b], number)
	}
	c.n[number]++
}

// reach makes room for numbers below n.
func (c *counter) reach(n int) {
	if n > len(c.n) {
		c.n = append(c.n, make([]int32, n+n/2-len(c.n))...)
	}
}

// len is how many features were counted.
func (c *counter) len() (n int) {
	for _, list := range c.order {
		n += len(list)
	}
	return n
}

// each visits what was counted, block by block, and forgets it.
func (c *counter) each(visit func(b block, number, n int32)) {
	for b := range blocks {
		for _, number := range c.order[b] {
			visit(b, number, c.n[number])
			c.n[number] = 0
		}
		c.order[b] = c.order[b][:0]
	}
}

// weigh turns counts, which stand block by block, into weighted features: each
// block has length 1 before its share is applied. What the book lacks still
// lengthens words and letters, so strange words weaken a match. full is the
// highest similarity that the text could reach. into is overwritten.
func weigh(counts []counted, into []feature) (features []feature, full float64) {
	features = into[:0]
	for i := 0; i < len(counts); {
		b, start := counts[i].block, len(features)
		var square float64
		for ; i < len(counts) && counts[i].block == b; i++ {
			c := counts[i]
			w := c.idf
			if c.n > 1 {
				w *= 1 + math.Log(float64(c.n))
			}
			square += w * w
			if c.id != none {
				features = append(features, feature{c.id, b, w})
			}
		}
		if square == 0 {
			continue
		}
		full += blockWeights[b]
		scale := math.Sqrt(blockWeights[b] / square)
		for j := start; j < len(features); j++ {
			features[j].weight *= scale
		}
	}
	return features, full
}
