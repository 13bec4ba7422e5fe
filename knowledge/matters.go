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
// questions by its halves. A message of one matter has none apart.
func (r *reader) matters(m message, s signals, whole verdict, views [][]word) (found matters) {
	for _, words := range views {
		list := r.mattersIn(words, s, m.asking).beside(whole)
		if len(list.sure) > len(found.sure) || found.sure == nil {
			found = list
		}
	}
	if len(found.sure) < 2 && !found.doubtful {
		return matters{}
	}
	return found
}

func (r *reader) mattersIn(words []word, s signals, asking []int) (found matters) {
	found.confidence = 1
	open := -1 // asked in a sentence of its own, and nothing surely answers it
	sentences := sentencesOf(words)
	sentences = sentences[:min(len(sentences), maxSentences)]
	for _, sentence := range sentences {
		ends := slices.Contains(asking, sentence[0].sentence)
		if !substantial(sentence) || len(asking) > 0 && !ends && !requests(sentence) {
			continue
		}
		best := r.judge(s, [][]word{sentence}).best()
		switch {
		case best.confidence >= r.b.threshold && len(sentences) > 1:
			found.add(best)
		case r.addHalves(&found, sentence, s):
		case best.confidence >= r.b.threshold:
			found.add(best)
		case len(asking) > 1 && best.confidence >= another && ends:
			open = best.entry
		}
	}
	if open >= 0 && len(found.sure) > 0 && !slices.Contains(found.sure, open) {
		found.doubtful = true
	}
	return found
}

// alongside is how probable the whole message must make an entry that only a
// part of it is sure of: out of its context a part says too much.
const alongside = 0.05

// beside drops the matters that the whole message knows nothing of.
func (f matters) beside(whole verdict) matters {
	f.sure = slices.DeleteFunc(f.sure, func(e int) bool {
		return !slices.ContainsFunc(whole.candidates, func(c candidate) bool { return c.entry == e && c.confidence >= alongside })
	})
	return f
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
		if !substantial(left) || !substantial(right) {
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
		if begins(right, "question") && max(one.confidence, two.confidence) >= r.b.threshold && two.confidence >= another {
			found.doubtful = true
		}
	}
	return false
}

// another is how probable an entry must be for half of a sentence to count as
// a question of its own.
const another = 0.3

// begins says whether words start with a phrase that the rules give a tag.
func begins(words []word, tag string) (yes bool) {
	eachRule(words, func(t string, start, _ int) { yes = yes || t == tag && start == 0 })
	return yes
}

// requests says whether a sentence asks or requests by its words.
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
