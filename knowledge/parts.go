package knowledge

// Long messages are also read in parts: by sentence, and where nobody put full
// stops, in windows that overlap by half.
const (
	longMessage = 14 // words
	windowWords = 10
	maxParts    = 12
	leastWords  = 3
)

// partsOf cuts a message; nil when it is short.
func partsOf(words []word) (parts [][]word) {
	add := func(part []word) {
		if len(part) >= leastWords && len(part) < len(words) {
			parts = append(parts, part)
		}
	}
	for _, sentence := range sentencesOf(words) {
		if len(sentence) <= longMessage {
			add(sentence)
			continue
		}
		for at := 0; at+windowWords/2 < len(sentence); at += windowWords / 2 {
			add(sentence[at:min(at+windowWords, len(sentence))])
		}
	}
	if len(parts) > maxParts { // the ends of a story hold its question
		parts = append(parts[:maxParts/2:maxParts/2], parts[len(parts)-maxParts/2:]...)
	}
	return parts
}
