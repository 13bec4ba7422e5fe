package knowledge

import "slices"

// matters are the separate things that one message asks.
type matters struct {
	sure       []int   // the entries that surely answer one of them, in the message's order
	confidence float64 // the least of theirs
	doubtful   bool    // another one is asked too, and nothing surely answers it
}

// Bounds on the work on a long story.
const (
	maxSentences = 12
	maxJoints    = 4
)

// matters reads a message sentence by sentence, and a sentence that joins two
// questions by its halves, in the script that speaks most for any entry. A
// message of one matter has none apart.
func (r *reader) matters(m message, s signals, whole verdict) (found matters) {
	words := whole.best().view
	if len(words) > 0 {
		found = r.mattersIn(words, s, whole, m.asking)
	}
	if len(found.sure) < 2 && !found.doubtful {
		return matters{}
	}
	return found
}

const (
	// another is how probable an entry must be for a sentence, or half of one, to
	// count as a question of its own.
	another = 0.3
	// alongside is how probable the whole message must make an entry that only a
	// sentence of it is sure of: out of its context a sentence says too much.
	alongside = 0.02
)

func (r *reader) mattersIn(words []word, s signals, whole verdict, asking []int) (found matters) {
	found.confidence = 1
	var open []int // asked in a sentence of its own, and not surely answered
	asks := questionsIn(words, asking)
	if len(asks) > 1 && len(asking) < 2 && (len(whole.candidates) < 2 || whole.candidates[1].confidence < alongside) {
		return found // the whole knows of one matter only
	}
	for _, sentence := range asks {
		if len(asks) == 1 {
			r.addHalves(&found, sentence, s)
			break
		}
		best := r.judge(s, [][]word{sentence}).best()
		surely := best.confidence >= r.b.threshold
		switch {
		case !surely && r.addHalves(&found, sentence, s):
		case surely && whole.has(best.entry, alongside):
			found.add(best)
		case len(asking) > 1 && best.confidence >= another && slices.Contains(asking, sentence[0].sentence):
			open = append(open, best.entry)
		}
	}
	for _, e := range open {
		found.doubtful = found.doubtful || len(found.sure) > 0 && !slices.Contains(found.sure, e)
	}
	return found
}

// questionsIn picks the sentences that may ask something: those with a question
// mark or the words of a question, or all of a message without any mark.
func questionsIn(words []word, asking []int) (list [][]word) {
	sentences := sentencesOf(words)
	for _, sentence := range sentences[:min(len(sentences), maxSentences)] {
		ends := slices.Contains(asking, sentence[0].sentence)
		if substantial(sentence) && (len(asking) == 0 || ends || requests(sentence)) {
			list = append(list, sentence)
		}
	}
	return list
}

// has says whether an entry is among the candidates, and at least so probable.
func (v verdict) has(entry int, least float64) bool {
	return slices.ContainsFunc(v.candidates, func(c candidate) bool { return c.entry == entry && c.confidence >= least })
}

func (f *matters) add(c candidate) {
	if !slices.Contains(f.sure, c.entry) {
		f.sure = append(f.sure, c.entry)
		f.confidence = min(f.confidence, c.confidence)
	}
}

// addHalves finds the word that joins two questions into one sentence, if both
// are sure.
func (r *reader) addHalves(found *matters, sentence []word, s signals) bool {
	joints := 0
	for i, w := range sentence {
		if i == 0 || !joins(w) {
			continue
		}
		left, right := sentence[:i], sentence[i+1:]
		if !substantial(left) || !substantial(right) || !requests(left) || !requests(right) {
			continue
		}
		if joints++; joints > maxJoints {
			return false
		}
		one, two := r.judge(s, [][]word{left}).best(), r.judge(s, [][]word{right}).best()
		if one.entry == two.entry {
			continue
		}
		if min(one.confidence, two.confidence) >= r.b.threshold {
			found.add(one)
			found.add(two)
			return true
		}
		if max(one.confidence, two.confidence) >= r.b.threshold && two.confidence >= another {
			found.doubtful = true
		}
	}
	return false
}

// requests says whether words ask or request something.
func requests(words []word) (yes bool) {
	eachRule(words, func(tag string, _, _ int) { yes = yes || tag == "question" || tag == "request" })
	return yes
}

// joins says whether a word joins questions: «і», «та», «и», "and".
func joins(w word) bool {
	switch w.raw {
	case "і", "й", "та", "и", "а", "and", "also", "ще", "ещё", "еще", "i", "ta", "a":
		return true
	}
	return false
}

// substantial: at least two words, one of which has a matter of its own.
func substantial(words []word) bool {
	return len(words) >= 2 && slices.ContainsFunc(words, func(w word) bool {
		return isContent(w)
	})
}
