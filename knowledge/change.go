package knowledge

import (
	"maps"
	"slices"
)

const (
	// changedMost is the share of a large book's entries above which it is made
	// anew instead of changed.
	changedMost = 0.2
	// leftMost is the share of docs and features that changes may leave behind.
	leftMost = 0.25
)

// With is the book with entries changed or, when it lacks their ids, added, and
// others removed by id; ids that it lacks are no mistake, and one that is both
// is changed. It refuses changed entries that are not Sound.
//
// What it decides is what NewBook would of the same entries: exactly so for a
// small book, which is learnt anew. A large one shares with b all that did not
// change, which is what makes it quick; sums may differ there in the last
// digits, and the order of entries, which breaks ties, when some were removed.
func (b *Book) With(changed []Entry, removed []string) (*Book, error) {
	if err := Sound(changed); err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	for _, id := range removed {
		gone[id] = true
	}
	now := map[string]Entry{}
	for _, e := range changed {
		now[e.ID], gone[e.ID] = e, false
	}
	var entries []Entry
	for _, e := range b.entries {
		if gone[e.ID] {
			continue
		}
		if other, ok := now[e.ID]; ok {
			e = other
			delete(now, e.ID)
		}
		entries = append(entries, e)
	}
	for _, e := range changed {
		if _, ok := now[e.ID]; ok {
			entries = append(entries, e)
		}
	}
	return b.Update(entries)
}

// Update is With, told all entries that there shall be.
func (b *Book) Update(entries []Entry) (*Book, error) {
	if err := Sound(entries); err != nil {
		return nil, err
	}
	list, touched := b.place(entries)
	if !b.index.large() || b.worn() || len(entries)*b.index.asking <= b.most || float64(len(touched)) > changedMost*float64(len(entries)) {
		return b.anew(entries)
	}
	n := &Book{
		entries: list, byID: map[string]int{}, exact: maps.Clone(b.exact),
		options: b.options, most: b.most, threshold: b.threshold, readers: make(chan *reader, idleReaders),
	}
	for at, e := range list {
		n.byID[e.ID] = at
	}
	c := newChange(b, n)
	for _, at := range touched {
		if at < len(b.entries) {
			c.drop(at, readEntryOf(b.entries[at]))
		}
	}
	c.resize(len(list))
	for _, at := range touched {
		if at < len(list) {
			c.put(at, readEntryOf(list[at]))
		}
	}
	c.finish()
	return n, nil
}

// place puts entries where they stand in the book; the last ones move to
// places that became free. touched are the places that hold something else
// than they did, or nothing any more.
func (b *Book) place(entries []Entry) (list []Entry, touched []int) {
	list = make([]Entry, len(entries))
	filled := make([]bool, len(entries))
	var homeless []Entry
	for _, e := range entries {
		at, ok := b.byID[e.ID]
		if !ok || at >= len(list) {
			homeless = append(homeless, e)
			continue
		}
		filled[at] = true
		if list[at] = e.Clone(); !same(e, b.entries[at]) {
			touched = append(touched, at)
		}
	}
	for at, full := range filled {
		if !full {
			list[at], homeless = homeless[0].Clone(), homeless[1:]
			touched = append(touched, at)
		}
	}
	for at := len(list); at < len(b.entries); at++ {
		touched = append(touched, at)
	}
	return list, touched
}

// same says whether entries say the same; what they may do with it is apart.
func same(a, b Entry) bool {
	return a.ID == b.ID && a.Title == b.Title && a.Lang == b.Lang && slices.Equal(a.Phrasings, b.Phrasings) &&
		slices.Equal(a.Tags, b.Tags) && maps.Equal(a.Answers, b.Answers)
}

// worn says whether changes have left so much behind that the book should be
// made anew.
func (b *Book) worn() bool {
	ix := b.index
	return float64(len(ix.docs)) > (1+leftMost)*float64(ix.live) ||
		ix.names.older != nil && float64(ix.names.len()) > (1+leftMost)*float64(ix.names.older.len())
}

func (b *Book) anew(entries []Entry) (*Book, error) {
	n, err := newBook(entries, b.options, b.most)
	if err == nil && n.sensed.table != b.sensed.table {
		n.UseSenses(b.sensed.table)
	}
	return n, err
}

// change makes a large book of another. What both share is never written to.
type change struct {
	b       *Book
	speller *speller
}

func newChange(old, b *Book) change {
	ix := *old.index
	ix.names = ix.names.fork()
	ix.df, ix.docs = slices.Clone(ix.df), slices.Clone(ix.docs)
	ix.entries, ix.vocab, ix.asked = slices.Clone(ix.entries), slices.Clone(ix.vocab), slices.Clone(ix.asked)
	ix.sheaves, ix.holders = slices.Clone(ix.sheaves), slices.Clone(ix.holders)
	t := *old.terms
	t.place, t.postings, t.lengths = slices.Clone(t.place), slices.Clone(t.postings), slices.Clone(t.lengths)
	s := *old.sensed
	s.docs, s.centres, s.signs = slices.Clone(s.docs), slices.Clone(s.centres), slices.Clone(s.signs)
	b.index, b.terms, b.sensed = &ix, &t, &s
	return change{b, newSpeller(ix.names)}
}

// drop takes away what an entry said.
func (c change) drop(e int, r readEntry) {
	ix, t := c.b.index, c.b.terms
	for _, words := range r.asked {
		c.b.forget(words, e)
	}
	s := &ix.sheaves[e]
	for i, id := range s.ids {
		ix.df[id] -= s.from[i+1] - s.from[i]
		ix.holders[id] = without(ix.holders[id], func(holder int32) bool { return holder == int32(e) })
	}
	ix.live -= len(r.asked)
	terms, _ := countTerms(c.speller, r)
	for _, x := range terms {
		at := t.place[x.id]
		t.postings[at] = without(t.postings[at], func(p termCount) bool { return p.entry == int32(e) })
	}
	ix.entries[e], ix.sheaves[e], t.lengths[e] = span{}, sheaf{}, 0
}

// resize makes room for n entries, or leaves the last ones out.
func (c change) resize(n int) {
	ix, t, s := c.b.index, c.b.terms, c.b.sensed
	ix.entries, ix.vocab, ix.asked = sized(ix.entries, n), sized(ix.vocab, n), sized(ix.asked, n)
	ix.sheaves = sized(ix.sheaves, n)
	t.lengths = sized(t.lengths, n)
	s.docs, s.centres, s.signs = sized(s.docs, n), sized(s.centres, n), sized(s.signs, n)
}

func sized[E any](list []E, n int) []E {
	if n <= len(list) {
		return list[:n]
	}
	return append(list, make([]E, n-len(list))...)
}

// without is a list of its own that lacks some.
func without[E any](list []E, drop func(E) bool) []E {
	return slices.DeleteFunc(slices.Clone(list), drop)
}

// put adds what an entry says.
func (c change) put(e int, r readEntry) {
	ix, t := c.b.index, c.b.terms
	for _, words := range r.asked {
		c.b.remember(words, e)
	}
	from := len(ix.docs)
	ix.sheaves[e] = newSheaf(ix.add(c.speller, r))
	ix.entries[e] = span{from, len(ix.docs)}
	ix.vocab[e], ix.asked[e] = newVocabulary(c.speller, r), kindsOf(r.asked)
	terms, length := countTerms(c.speller, r)
	t.lengths[e] = length
	for _, x := range terms {
		at := t.at(ix.names, x.id)
		t.postings[at] = append(slices.Clip(t.postings[at]), termCount{int32(e), x.count})
	}
	for len(ix.holders) < ix.names.len() {
		ix.holders = append(ix.holders, nil)
	}
	for _, id := range ix.sheaves[e].ids {
		ix.holders[id] = insert(ix.holders[id], int32(e))
	}
	s := c.b.sensed
	s.docs[e] = s.table.each(r.asked)
	s.centres[e] = centre(s.docs[e])
	s.signs[e] = signsOf(&s.centres[e])
}

// insert is a rising list of its own with one more number.
func insert(list []int32, n int32) []int32 {
	at, _ := slices.BinarySearch(list, n)
	return slices.Insert(slices.Clip(list), at, n)
}

func (c change) finish() {
	c.b.index.value()
	c.b.index.weighDocs()
	c.b.terms.value()
	c.b.tight = newTightness(c.b.index, nil)
}

// forget takes away one phrasing of an entry.
func (b *Book) forget(words []word, entry int) {
	key := keyOf(words)
	owners := slices.Clone(b.exact[key])
	if at := slices.Index(owners, entry); at >= 0 {
		owners = slices.Delete(owners, at, at+1)
	}
	if b.exact[key] = owners; len(owners) == 0 {
		delete(b.exact, key)
	}
}
