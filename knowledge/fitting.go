package knowledge

// Case is one entry's evidence for one text, for whoever fits the judgement.
type Case struct {
	EntryID string
	Inputs  []float32 // in the order of EvidenceNames
}

// EvidenceNames are the inputs of a Case.
func EvidenceNames() []string { return evidenceNames }

// Cases returns, for each reading of a text, the evidence for the entries that
// are considered. It is what Decide weighs.
func (b *Book) Cases(text string) [][]Case {
	m := understand(text)
	views := b.views(m, languageOf(m))
	s := b.readSignals(m, views)
	r := b.reader()
	defer r.close()
	var all [][]Case
	for _, words := range views {
		var list []Case
		for _, ev := range r.gather(s, words) {
			list = append(list, Case{b.entries[ev.entry].ID, append([]float32(nil), ev.x[:]...)})
		}
		all = append(all, list)
	}
	return all
}

// Hopeless says that no scorer puts the entry among its first three.
func (c Case) Hopeless() bool {
	return c.Inputs[evScoreRank] > 2 && c.Inputs[evLearntRank] > 2 && c.Inputs[evTermsRank] > 2 && c.Inputs[evSenseRank] > 2
}
