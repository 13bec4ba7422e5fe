package knowledge

import (
	"maps"
	"slices"
)

// names numbers all that a book tells texts apart by: stems, pairs of stems,
// meanings and n-grams of letters. A number belongs to one block only.
type names struct {
	older    *names // shared, and asked first; nil for a book that was made anew
	stems    map[string]int32
	grams    map[string]int32
	pairs    map[pair]int32
	meanings []int32 // by the meaning's place in the lexicon
	blockOf  []block
}

// pair is two stems that follow each other, by their numbers.
type pair struct{ first, second int32 }

// none is the number of what a book lacks.
const none = -1

func newNames() *names {
	n := &names{stems: map[string]int32{}, grams: map[string]int32{}, pairs: map[pair]int32{}}
	n.meanings = slices.Repeat([]int32{none}, len(lexicons().concepts.tags))
	return n
}

// fork is names to add to, that share what n has.
func (n *names) fork() *names {
	f := &names{older: n, stems: map[string]int32{}, grams: map[string]int32{}, pairs: map[pair]int32{}}
	if n.older != nil {
		f.older, f.stems, f.grams, f.pairs = n.older, maps.Clone(n.stems), maps.Clone(n.grams), maps.Clone(n.pairs)
	}
	f.meanings, f.blockOf = slices.Clone(n.meanings), slices.Clip(n.blockOf)
	return f
}

// len is how many numbers there are: 0 to len-1.
func (n *names) len() int { return len(n.blockOf) }

func (n *names) stem(s string) int32 {
	if n.older != nil {
		if id := n.older.stem(s); id != none {
			return id
		}
	}
	return found(n.stems, s)
}

func (n *names) gram(g string) int32 {
	if n.older != nil {
		if id := n.older.gram(g); id != none {
			return id
		}
	}
	return found(n.grams, g)
}

func (n *names) pair(p pair) int32 {
	if p.first < 0 || p.second < 0 {
		return none
	}
	if n.older != nil {
		if id := n.older.pair(p); id != none {
			return id
		}
	}
	return found(n.pairs, p)
}

func found[K comparable](numbers map[K]int32, key K) int32 {
	if id, ok := numbers[key]; ok {
		return id
	}
	return none
}

func (n *names) addStem(s string) int32 { return added(n, n.stem(s), n.stems, blockWords, s) }
func (n *names) addGram(g string) int32 { return added(n, n.gram(g), n.grams, blockLetters, g) }
func (n *names) addPair(p pair) int32   { return added(n, n.pair(p), n.pairs, blockPairs, p) }

func (n *names) addMeaning(place int32) int32 {
	if n.meanings[place] == none {
		n.meanings[place] = n.next(blockConcepts)
	}
	return n.meanings[place]
}

func added[K comparable](n *names, id int32, numbers map[K]int32, b block, key K) int32 {
	if id == none {
		id = n.next(b)
		numbers[key] = id
	}
	return id
}

func (n *names) next(b block) int32 {
	n.blockOf = append(n.blockOf, b)
	return int32(len(n.blockOf) - 1)
}

// spelling is a word's own features by their numbers.
type spelling struct {
	stem    int32
	letters []int32 // as visitGrams finds them, repeats and all; none for a number
	three   []int32 // the trigrams of any word
	content bool    // neither a number nor a function word
}

// speller spells words, and numbers what is new in them.
type speller struct {
	names   *names
	known   map[spelt]spelling
	counter counter // by number
}

// spelt is what a spelling depends on.
type spelt struct {
	fold, stem string
	number     bool
}

func newSpeller(n *names) *speller { return &speller{names: n, known: map[spelt]spelling{}} }

func (s *speller) spell(w word) spelling {
	key := spelt{w.fold, w.stem, w.number}
	sp, ok := s.known[key]
	if !ok {
		sp = spelling{stem: s.names.addStem(w.stem), content: isContent(w)}
		longest := maxGram
		if w.number {
			longest = minGram
		}
		all := make([]int32, 0, 3*len(w.fold)/2)
		three := 0
		visitGrams(w, minGram, longest, func(n int, g string) {
			all = append(all, s.names.addGram(g))
			if n == minGram {
				three++
			}
		})
		sp.three = all[:three:three]
		if !w.number {
			sp.letters = all
		}
		s.known[key] = sp
	}
	return sp
}

func isContent(w word) bool { return !w.number && !lexicons().function.is(w) }
