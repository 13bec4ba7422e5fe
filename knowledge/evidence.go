package knowledge

import (
	"slices"
	"strings"
)

// The evidence for one entry: what the forest weighs. Shares and similarities
// are from 0 to 1; "lead" is how far the next entry is behind, negative when it
// is ahead.
const (
	evScore          = iota // similarity to the entry's phrasings, all blocks together
	evScoreLead             //
	evScoreRank             // 0 for the most similar entry, 1 for the next, …
	evNearest               // to the nearest phrasing
	evWords                 // to the nearest phrasing, by words alone
	evConcepts              // by meanings alone
	evConceptsLead          //
	evLetters               // by letters alone
	evLettersLead           //
	evLearnt                // the discriminative model's probability
	evLearntLead            //
	evLearntRank            //
	evLearntSpread          // its entropy, over the logarithm of the entries
	evTerms                 // BM25 over all that the entry says, of what could be reached
	evTermsLead             //
	evTermsRank             //
	evCovered               // share of the message's content that the entry accounts for
	evCoveredLead           //
	evExact                 // of it, by the very word
	evMeant                 // by meaning only
	evAnswered              // by the answer's words only
	evLoudest               // weight of the weightiest word not accounted for
	evUncovered             // number of words not accounted for
	evStrange               // number of words that the whole book lacks
	evContents              // number of content words
	evBack                  // share of the nearest phrasing that the message accounts for
	evBackBest              // the same for the phrasing where it is largest
	evTitle                 // the same for the title
	evAsks                  // the kind of question (how long, how much, …) is one that the entry's phrasings ask
	evAsksOther             // it is one that they do not
	evWordsLong             // number of words
	evLatin                 // share of words in Latin letters
	evQuestion              // it asks
	evAnger                 // it complains
	evPleased               // it praises
	evPartScore             // like score, terms, covered and learnt, of the part of the message where it is largest
	evPartScoreLead         //
	evPartTerms             //
	evPartTermsLead         //
	evPartLearnt            //
	evPartLearntLead        //
	evParts                 // number of parts, 0 for a message that is read whole only
	evSense                 // closeness in sense to the entry's centre, -1 to 1
	evSenseLead             //
	evSenseRank             //
	evSenseNear             // to its two nearest phrasings
	evSenseNearLead         //
	evSenseKnown            // share of the message's terms whose sense is known
	evDoc                   // similarity to the entry's whole text, as one document
	evDocLead               //
	evNegated               // a "not" in the message and none in the nearest phrasing, or the other way round
	evTold                  // share of the message's telling weight that the entry accounts for
	evToldLoudest           // the most telling word not accounted for
	evToldRest              // telling weight not accounted for
	evToward                // closeness in sense of the message's words to the entry's centre, one by one
	evRestToward            // of those not accounted for
	evFarthest              // of the farthest of those
	evUnheard               // number of words not accounted for whose sense nobody knows
	evPartSense             // closeness in sense to the entry's centre, of the part of the message where it is largest
	evPartSenseLead         //
	evBeyondOther           // nearest, less the likeness of the entry's phrasings to those of others
	evBelowOwn              // nearest, less the likeness of the entry's phrasings to each other
	evAgree                 // number of scorers that put the entry first
	evKeyed                 // 1 over the entries that share the rarest word or meaning that the entry accounts for
	evidenceCount
)

// evidenceNames are the inputs' names, in order; a model that was fitted on
// others is refused.
var evidenceNames = strings.Fields(`score score_lead score_rank nearest words concepts concepts_lead letters letters_lead
	learnt learnt_lead learnt_rank learnt_spread terms terms_lead terms_rank covered covered_lead exact meant answered
	loudest uncovered strange contents back back_best title asks asks_other words_long latin question anger pleased part_score part_score_lead part_terms
	part_terms_lead part_learnt part_learnt_lead parts
	sense sense_lead sense_rank sense_near sense_near_lead sense_known
	doc doc_lead negated
	told told_loudest told_rest toward rest_toward farthest unheard part_sense part_sense_lead
	beyond_other below_own agree keyed`)

// evidence is one entry's case.
type evidence struct {
	entry   int
	x       [evidenceCount]float32
	words   []string // that spoke for it, strongest first
	nearest int      // which of its texts is the most similar: 0 for the title, then the phrasings
}

// considered is how many entries by each scorer are weighed in full.
const considered = 6

func (v *survey) evidence(s signals, e int) evidence {
	ev := evidence{entry: e, words: v.covers[e].spoke, nearest: v.whole.sims[e].nearestDoc - v.b.index.entries[e].from}
	x := &ev.x
	v.likeness(x, e)
	v.account(x, e)
	v.tell(x, e)
	v.compare(x, e)
	x[evPartSense], x[evPartSenseLead] = float32(v.partSense[e]), v.lead(e, of(v.partSense))
	x[evWordsLong], x[evLatin] = float32(len(v.words)), latinShare(v.words)
	x[evQuestion], x[evAnger], x[evPleased] = truth(s.question), truth(s.complaint), truth(s.pleased)
	return ev
}

// likeness is what the scorers say.
func (v *survey) likeness(x *[evidenceCount]float32, e int) {
	sim := v.whole.sims[e]
	x[evScore], x[evScoreLead], x[evScoreRank] = float32(sim.score), v.lead(e, v.score), rank(v.byScore, e)
	x[evNearest], x[evWords] = float32(sim.nearest), float32(sim.blocks[blockWords])
	x[evConcepts], x[evConceptsLead] = float32(v.concepts(e)), v.lead(e, v.concepts)
	x[evLetters], x[evLettersLead] = float32(v.letters(e)), v.lead(e, v.letters)
	x[evDoc], x[evDocLead] = float32(sim.all), v.lead(e, v.mean)
	x[evLearnt], x[evLearntLead], x[evLearntRank] = float32(v.whole.learntOf(e)), v.lead(e, v.whole.learntOf), rank(v.byLearnt, e)
	x[evLearntSpread] = float32(v.whole.spread())
	x[evTerms], x[evTermsLead], x[evTermsRank] = float32(v.whole.terms[e]), v.lead(e, of(v.whole.terms)), rank(v.byTerms, e)
	x[evPartScore], x[evPartScoreLead] = float32(v.partScore[e]), v.lead(e, of(v.partScore))
	x[evPartTerms], x[evPartTermsLead] = float32(v.partTerms[e]), v.lead(e, of(v.partTerms))
	x[evPartLearnt], x[evPartLearntLead] = float32(v.partLearnt[e]), v.lead(e, of(v.partLearnt))
	x[evParts] = float32(v.parts)
	x[evSense], x[evSenseLead], x[evSenseRank] = float32(v.centre[e]), v.lead(e, of(v.centre)), rank(v.bySense, e)
	x[evSenseNear], x[evSenseNearLead] = float32(v.near[e]), v.lead(e, of(v.near))
	x[evSenseKnown] = v.known
}

// account is which words the entry and the message account for in each other.
func (v *survey) account(x *[evidenceCount]float32, e int) {
	c, nearest := v.covers[e], v.whole.sims[e].nearestDoc
	x[evCovered], x[evCoveredLead] = float32(c.share), v.lead(e, v.covered)
	x[evExact], x[evMeant], x[evAnswered] = float32(c.exact), float32(c.meant), float32(c.answered)
	x[evLoudest], x[evUncovered], x[evStrange] = float32(c.loudest), float32(c.uncovered), float32(c.strange)
	x[evContents] = float32(len(v.contents))
	x[evBack], x[evBackBest], x[evTitle] = v.backwards(e, nearest)
	x[evAsks], x[evAsksOther] = v.b.index.asksAlike(v.asks, e)
	x[evNegated] = truth(negated(v.words) != v.b.index.docs[nearest].negated)
}

func truth(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func latinShare(words []word) float32 {
	n := 0
	for _, w := range words {
		if w.latin && !w.number {
			n++
		}
	}
	return float32(n) / float32(len(words))
}

func negated(words []word) bool {
	for _, w := range words {
		switch w.fold {
		case "не", "нема", "немае", "нет", "not", "no", "без", "dont", "doesnt", "cant", "didnt", "wont", "isnt", "without", "ни":
			return true
		}
	}
	return false
}

// questionKinds are the concepts q-…: what kind of answer is asked for.
func questionKinds(words []word) (kinds []string) {
	eachConcept(words, func(tag string, _, _ int) {
		if strings.HasPrefix(tag, "q-") && !slices.Contains(kinds, tag) {
			kinds = append(kinds, tag)
		}
	})
	return kinds
}
