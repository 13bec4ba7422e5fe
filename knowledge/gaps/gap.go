package gaps

import (
	"slices"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// State is what became of a gap.
type State string

// The states of a gap.
const (
	Open      State = "open"
	Dismissed State = "dismissed" // not worth an entry; it comes back when asked often again
	Answered  State = "answered"  // an entry was written; what is asked since counts against it
)

// Gap is a set of questions that ask the same and that no entry answers.
type Gap struct {
	ID       int64
	Brand    string
	State    State
	Centre   Centre
	Asked    int // questions, repeated ones too
	Contacts int // who asked, each once
	Heat     Heat
	FirstAt  time.Time
	LastAt   time.Time
	Langs    map[knowledge.Lang]int // questions by language
	// Communities are the titles of the groups where it was asked, at most
	// maxCommunities; "" stands for private chats.
	Communities []string

	// Who dismissed or answered it last, when and why; zero: nobody.
	By    string
	At    time.Time
	Why   string
	Entry string  // for Answered: the entry
	Since int     // questions since then
	Bar   float64 // the decayed count at which a dismissed one comes back
}

// Count is how hot a gap is: its questions, halved for every HalfLife of age.
// Those before it was dismissed or answered do not count.
func (g *Gap) Count(now time.Time) float64 { return g.Heat.Count(now) }

// Doubted: so many questions after the answer say that the entry does not hold.
const Doubted = 3

const (
	maxCommunities = 20
	maxTitle       = 80 // runes of a group's title
	// again is what a question counts whose contact asked the same before: one
	// insistent customer must not look like many.
	again = 0.25
	// leastBar: a dismissed gap comes back after three fresh questions at the
	// earliest.
	leastBar = 3
)

// Question is an unanswered question, on its way into a gap.
type Question struct {
	Message   int64
	Contact   int64
	Lang      knowledge.Lang
	Community string // a group's title; "" for a private chat
	At        time.Time
	Text      string
}

// count counts a question in; fresh: its contact did not ask this before.
func (g *Gap) count(q Question, fresh bool) {
	g.Asked++
	weight := again
	if fresh {
		g.Contacts++
		weight = 1
	}
	g.Heat = g.Heat.Add(q.At, weight)
	if g.FirstAt.IsZero() || q.At.Before(g.FirstAt) {
		g.FirstAt = q.At
	}
	if q.At.After(g.LastAt) {
		g.LastAt = q.At
	}
	if g.Langs == nil {
		g.Langs = map[knowledge.Lang]int{}
	}
	g.Langs[q.Lang]++
	if title := firstRunes(q.Community, maxTitle); len(g.Communities) < maxCommunities && !slices.Contains(g.Communities, title) {
		g.Communities = append(g.Communities, title)
	}
	if g.State != Open {
		g.Since++
	}
	if g.State == Dismissed && g.Heat.Count(q.At) >= g.Bar {
		g.State = Open
	}
}

// dismiss puts the gap away.
func (g *Gap) dismiss(by, why string, now time.Time) {
	g.Bar = max(leastBar, g.Count(now))
	g.State, g.By, g.Why, g.At, g.Entry, g.Since, g.Heat = Dismissed, by, why, now, "", 0, Cold
}

// answer says which entry answers it from now on.
func (g *Gap) answer(by, entry string, now time.Time) {
	g.State, g.By, g.Why, g.At, g.Entry, g.Since, g.Heat, g.Bar = Answered, by, "", now, entry, 0, Cold, 0
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
