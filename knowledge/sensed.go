package knowledge

// sensed is where a book's phrasings lie.
type sensed struct {
	table   *SenseTable
	docs    [][]sense // by entry
	centres []sense   // by entry
	signs   []signs   // of the centres, in a large book
}

func newSensed(t *SenseTable, entries []readEntry, large bool) *sensed {
	s := &sensed{table: t, docs: make([][]sense, len(entries)), centres: make([]sense, len(entries))}
	inParallel(len(entries), func(e int) {
		s.docs[e] = t.each(entries[e].asked)
		s.centres[e] = centre(s.docs[e])
	})
	if large {
		for e := range s.centres {
			s.signs = append(s.signs, signsOf(&s.centres[e]))
		}
	}
	return s
}

func (t *SenseTable) each(texts [][]word) []sense {
	list := make([]sense, len(texts))
	for i, words := range texts {
		list[i], _ = t.of(words)
	}
	return list
}

// centre is the middle of senses.
func centre(list []sense) (c sense) {
	for i := range list {
		for d, v := range list[i] {
			c[d] += v
		}
	}
	c.normalise()
	return c
}

// toCentres is how close a sense is to each entry's centre.
func (s *sensed) toCentres(v *sense, out []float64) {
	dots(v, s.centres, func(e int, dot float32) { out[e] = float64(dot) })
}

// toNearest is how close a sense is to an entry's two nearest docs.
func (s *sensed) toNearest(v *sense, e int) float64 {
	n := len(s.docs[e])
	if n == 0 {
		return 0
	}
	first, second := float32(-2), float32(-2)
	dots(v, s.docs[e], func(_ int, x float32) {
		if x > first {
			first, second = x, first
		} else if x > second {
			second = x
		}
	})
	if n == 1 {
		return float64(first)
	}
	return float64(first)/2 + float64(second)/2
}

// dots visits the dot product of a sense with each of a list. Each is summed up
// in the order of the dimensions, four at a time.
func dots(v *sense, list []sense, visit func(i int, dot float32)) {
	i := 0
	for ; i+4 <= len(list); i += 4 {
		var p, q, r, s float32
		a, b, c, d := &list[i], &list[i+1], &list[i+2], &list[i+3]
		for k, x := range v {
			p += x * a[k]
			q += x * b[k]
			r += x * c[k]
			s += x * d[k]
		}
		visit(i, p)
		visit(i+1, q)
		visit(i+2, r)
		visit(i+3, s)
	}
	for ; i < len(list); i++ {
		visit(i, v.dot(&list[i]))
	}
}

// Terms are a text's terms as senses know them, in its most telling script.
func (b *Book) Terms(text string) (terms []string) {
	m := understand(text)
	best := -1
	for _, words := range b.views(m, languageOf(m)) {
		var list []string
		n := 0
		eachTerm(withoutPoliteness(words), func(key string) {
			list = append(list, key)
			if key[0] == '#' {
				n++
			}
		})
		if n > best {
			best, terms = n, list
		}
	}
	return terms
}

// UseSenses replaces the table, for whoever fits the judgement.
func (b *Book) UseSenses(t *SenseTable) {
	b.sensed = newSensed(t, readEntries(b.entries), b.index.large())
}
