package knowledge

import (
	"math"
	"slices"
)

// telling is what the senses know of a message's content words, in the order of
// its contents.
type telling struct {
	words []toldWord
	all   float32 // the weights together
}

// toldWord is one content word: the direction of its sense and of its meanings'
// senses, and how long they are. Words that ask for nothing in particular are
// short, for they were learnt to pull nowhere.
type toldWord struct {
	sense  sense
	weight float32
	known  bool
}

// strangerWeight is the weight of a word that the senses do not know: about
// that of a common noun.
const strangerWeight = 1

// tell overwrites out with what the senses know of words that were looked at.
func (t *SenseTable) tell(words []word, out *telling) {
	out.words, out.all = out.words[:0], 0
	meanings, longest := t.meanings(), lexicons().concepts.words
	for i, w := range words {
		if !w.spelling.content || slices.ContainsFunc(words[:i], func(o word) bool { return o.spelling.content && o.stem == w.stem }) {
			continue
		}
		told := toldWord{weight: strangerWeight}
		add := func(row int32) {
			if row != none {
				t.add(row, &told.sense)
				told.known = true
			}
		}
		add(found(t.terms, w.stem))
		for j := max(0, i-longest+1); j <= i; j++ {
			for _, c := range words[j].concepts {
				if j+c.words > i && j+c.words <= len(words) {
					add(meanings[c.place])
				}
			}
		}
		if told.known {
			told.weight = float32(math.Sqrt(float64(told.sense.dot(&told.sense))))
			told.sense.normalise()
		}
		out.all += told.weight
		out.words = append(out.words, told)
	}
}

// tell weighs what an entry accounts for by how telling it is, and how far from
// the entry's matter the rest lies.
func (v *survey) tell(x *[evidenceCount]float32, e int) {
	c, centre := &v.covers[e], &v.b.sensed.centres[e]
	var covered, toward, restToward, rest float32
	farthest := float32(1)
	for i := range v.told.words {
		w := &v.told.words[i]
		near := float32(0)
		if w.known {
			near = w.sense.dot(centre)
		}
		toward += w.weight * near
		if c.accounts(i) {
			covered += w.weight
			continue
		}
		rest += w.weight
		restToward += w.weight * near
		x[evToldLoudest] = max(x[evToldLoudest], w.weight)
		if !w.known {
			x[evUnheard]++
			near = 0
		}
		farthest = min(farthest, near)
	}
	if v.told.all > 0 {
		x[evTold], x[evToward] = covered/v.told.all, toward/v.told.all
	}
	if rest > 0 {
		x[evRestToward] = restToward / rest
	}
	x[evToldRest] = rest
	x[evFarthest] = farthest
}

// partSenses is each chosen entry's closeness in sense to the part of the
// message, or the two parts on end, that lie nearest to it.
func (r *reader) partSenses(parts [][]word) {
	v := &r.sur
	for _, e := range v.chosen {
		v.partSense[e] = v.centre[e]
	}
	var last sense
	for i, part := range parts {
		s, _ := r.sense(part)
		v.nearer(&s)
		if i > 0 {
			for d, x := range s {
				last[d] += x
			}
			last.normalise()
			v.nearer(&last)
		}
		last = s
	}
}

func (v *survey) nearer(s *sense) {
	for _, e := range v.chosen {
		v.partSense[e] = max(v.partSense[e], float64(s.dot(&v.b.sensed.centres[e])))
	}
}
