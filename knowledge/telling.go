package knowledge

import "math"

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

func (t *SenseTable) telling(words []word, contents int) *telling {
	out := &telling{words: make([]toldWord, 0, contents)}
	meant := make([][]string, len(words))
	eachConcept(words, func(tag string, start, n int) {
		for i := start; i < start+n; i++ {
			meant[i] = append(meant[i], tag)
		}
	})
	seen := make(map[string]bool, len(words))
	for i, w := range words {
		if w.number || seen[w.stem] || lexicons().function.is(w) {
			continue
		}
		seen[w.stem] = true
		told := toldWord{weight: strangerWeight}
		told.known = t.addTerm(w.stem, &told.sense)
		for _, tag := range meant[i] {
			told.known = t.addTerm("#"+tag, &told.sense) || told.known
		}
		if told.known {
			told.weight = float32(math.Sqrt(float64(told.sense.dot(&told.sense))))
			told.sense.normalise()
		}
		out.all += told.weight
		out.words = append(out.words, told)
	}
	return out
}

func (t *SenseTable) addTerm(term string, s *sense) bool {
	i, ok := t.terms[term]
	if !ok {
		return false
	}
	scale := t.scales[i]
	for d, v := range t.senses[int(i)*senseSize : (int(i)+1)*senseSize] {
		s[d] += scale * float32(v)
	}
	return true
}

// tell weighs what an entry accounts for by how telling it is, and how far from
// the entry's matter the rest lies.
func (v *survey) tell(x *[evidenceCount]float32, e int) {
	if v.told == nil {
		v.told = v.b.sensed.table.telling(v.words, len(v.contents))
	}
	c, centre := v.covers[e], &v.b.sensed.centres[e]
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

// partSenses is each entry's closeness in sense to the part of the message, or
// the two parts on end, that lie nearest to it.
func (v *survey) partSenses() []float64 {
	if v.partSense != nil {
		return v.partSense
	}
	v.partSense = make([]float64, len(v.b.entries))
	copy(v.partSense, v.centre)
	var last sense
	for i, part := range partsOf(v.words) {
		s, _ := v.b.sensed.table.of(part)
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
	return v.partSense
}

func (v *survey) nearer(s *sense) {
	for e := range v.partSense {
		v.partSense[e] = max(v.partSense[e], float64(s.dot(&v.b.sensed.centres[e])))
	}
}
