package knowledge

// beginnings finds the phrases whose first word is any that begins so: a tree
// by letters.
type beginnings struct {
	first  [len(letters)]int32 // by the first letter, 0 for none; letters beyond are children of place 0
	places []place
}

// place is one beginning. Place 0 is that of all words.
type place struct {
	children []child
	phrases  []phrase
}

type child struct {
	letter rune
	place  int32
}

func newBeginnings() *beginnings { return &beginnings{places: make([]place, 1)} }

// at is where the phrases of a beginning stand, or will stand; the pointer
// holds until the next call.
func (b *beginnings) at(beginning string) *[]phrase {
	here := int32(0)
	for _, r := range beginning {
		next := b.follow(here, r)
		if next == 0 {
			next = int32(len(b.places))
			b.places = append(b.places, place{})
			if here == 0 && int(r) < len(b.first) {
				b.first[r] = next
			} else {
				b.places[here].children = append(b.places[here].children, child{r, next})
			}
		}
		here = next
	}
	return &b.places[here].phrases
}

// follow is the place of a beginning and one letter more, 0 for none.
func (b *beginnings) follow(here int32, r rune) int32 {
	if here == 0 && int(r) < len(b.first) {
		return b.first[r]
	}
	for _, c := range b.places[here].children {
		if c.letter == r {
			return c.place
		}
	}
	return 0
}

// each visits the phrases of all beginnings of a word, the shortest first.
func (b *beginnings) each(fold string, visit func([]phrase)) {
	here := int32(0)
	for _, r := range fold {
		if here = b.follow(here, r); here == 0 {
			return
		}
		if list := b.places[here].phrases; len(list) > 0 {
			visit(list)
		}
	}
}
