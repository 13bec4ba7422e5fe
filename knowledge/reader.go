package knowledge

// reader reads one message for a book: each word is looked up once, however
// many parts and sentences it is read in. It belongs to one goroutine, between
// Book.reader and close.
type reader struct {
	b      *Book
	locals []local
	place  []int32 // by number in the book: 1 + the place in locals, 0 when not met yet
	// What the book lacks: the place in locals.
	strangeStems map[string]int32
	strangeGrams map[string]int32
	spelt        map[spelt]*spelling
	counter      counter // by place in locals
	counts       []counted
	features     []feature
	full         float64
	dots         []float32 // blocks numbers per doc; all 0 between two texts
	seen         marks     // by place in locals
	numbers      []int32   // that contents point into
	part         partOpinion

	// Of a large book only:
	met       []uint64 // a bit for each number in the book that the vectors had
	asked     []asked  // by place in locals
	fullWhole float64  // full of the whole message
	pool      []int    // entries that are looked at
	roughly   []float32
	partDots  []float32

	sur  survey
	odds []float64
}

// local is a feature that the message has.
type local struct {
	id    int32 // its number in the book, none when the book lacks it
	found bool  // in a phrasing
	idf   float64
}

// reader borrows a reader; close gives it back.
func (b *Book) reader() *reader {
	select {
	case r := <-b.readers:
		return r
	default:
	}
	r := &reader{b: b, place: make([]int32, b.index.names.len())}
	r.strangeStems, r.strangeGrams = map[string]int32{}, map[string]int32{}
	r.spelt = map[spelt]*spelling{}
	if b.index.large() {
		r.met = make([]uint64, b.index.names.len()/64+1)
	} else {
		r.dots = make([]float32, len(b.index.docs)*int(blocks))
	}
	r.part = newPartOpinion(b)
	r.sur = newSurvey(b)
	return r
}

// idleReaders is how many readers a book keeps for the next messages.
const idleReaders = 4

func (r *reader) close() {
	for _, l := range r.locals {
		if l.id != none {
			r.place[l.id] = 0
			if r.met != nil {
				r.met[l.id>>6] = 0
			}
		}
	}
	r.locals = r.locals[:0]
	clear(r.strangeStems)
	clear(r.strangeGrams)
	clear(r.spelt)
	select {
	case r.b.readers <- r:
	default:
	}
}

// local is the place of a feature that the book knows by id.
func (r *reader) local(id int32) int32 {
	if at := r.place[id]; at > 0 {
		return at - 1
	}
	ix := r.b.index
	r.locals = append(r.locals, local{id, ix.found(id), ix.idf[id]})
	r.place[id] = int32(len(r.locals))
	return int32(len(r.locals) - 1)
}

// strange is a place of its own for what the book lacks.
func (r *reader) strange() int32 {
	r.locals = append(r.locals, local{none, false, r.b.index.rarest})
	return int32(len(r.locals) - 1)
}

func (r *reader) stem(s string) int32 { return r.placeOf(r.b.index.names.stem(s), r.strangeStems, s) }
func (r *reader) gram(g string) int32 { return r.placeOf(r.b.index.names.gram(g), r.strangeGrams, g) }

func (r *reader) placeOf(id int32, strange map[string]int32, key string) int32 {
	if id != none {
		return r.local(id)
	}
	at := found(strange, key)
	if at == none {
		at = r.strange()
		strange[key] = at
	}
	return at
}

// look gives each word that lacks it its spelling, in places of locals.
func (r *reader) look(words []word) {
	for i := range words {
		if words[i].spelling == nil {
			words[i].spelling = r.spell(words[i])
		}
	}
}

func (r *reader) spell(w word) *spelling {
	key := spelt{w.fold, w.stem, w.number}
	if sp, ok := r.spelt[key]; ok {
		return sp
	}
	sp := &spelling{content: isContent(w), stem: r.stem(w.stem)}
	if !w.number {
		sp.letters = make([]int32, 0, 3*len(w.fold)/2)
		visitGrams(w, minGram, maxGram, func(n int, g string) {
			sp.letters = append(sp.letters, r.gram(g))
			if n == minGram {
				sp.three = sp.letters
			}
		})
	}
	r.spelt[key] = sp
	return sp
}

// vector weighs the features of words that were looked at, for similarities
// and probabilities, until the next vector.
func (r *reader) vector(words []word) {
	names := r.b.index.names
	r.counter.reach(len(r.locals) + 2*len(words)) // pairs, and what follows
	for i, w := range words {
		r.counter.add(blockWords, w.spelling.stem)
		if i > 0 {
			p := pair{r.locals[words[i-1].spelling.stem].id, r.locals[w.spelling.stem].id}
			if id := names.pair(p); id != none {
				at := r.local(id)
				r.counter.reach(len(r.locals))
				r.counter.add(blockPairs, at)
			}
		}
		for _, at := range w.spelling.letters {
			r.counter.add(blockLetters, at)
		}
		for _, c := range w.concepts {
			if i+c.words > len(words) {
				continue
			}
			if id := names.meanings[c.place]; id != none {
				at := r.local(id)
				r.counter.reach(len(r.locals))
				r.counter.add(blockConcepts, at)
			}
		}
	}
	r.counts = r.counts[:0]
	r.counter.each(func(b block, at, n int32) {
		l := r.locals[at]
		c := counted{l.id, n, b, l.idf}
		if !l.found {
			if b == blockPairs || b == blockConcepts {
				return
			}
			c.id = none
		}
		r.counts = append(r.counts, c)
	})
	r.features, r.full = weigh(r.counts, r.features)
}

// sense is where words that were looked at lie, and the share of their terms
// that the table of senses knows.
func (r *reader) sense(words []word) (sense, float32) { return r.b.sensed.table.of(words) }
