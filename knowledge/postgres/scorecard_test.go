package postgres_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/poruch/poruch/knowledge/postgres"
	"github.com/poruch/poruch/knowledge/scorecard"
)

func count(t testing.TB, h *history, by scorecard.By) map[string]scorecard.Figures {
	t.Helper()
	rows, err := postgres.NewScorecard(h.db).Count(t.Context(), scorecard.Query{
		Brand: "rankova", From: began, To: began.Add(30 * 24 * time.Hour), By: by,
	})
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]scorecard.Figures{}
	for _, r := range rows {
		if _, twice := figures[r.Key]; twice {
			t.Fatalf("two rows of %q", r.Key)
		}
		figures[r.Key] = r.Figures
	}
	return figures
}

func answered(entries ...string) said {
	return said{text: "?", action: "answer", reason: "sure", entries: entries, top: entries[0]}
}

// with changes a copy.
func (s said) with(change func(*said)) said {
	change(&s)
	return s
}

func TestScorecardCountsVerdictsApart(t *testing.T) {
	h := newHistory(t)
	for _, verdict := range []string{"", "confirmed", "confirmed", "assumed", "assumed", "assumed", "unhelpful", "wrong"} {
		h.say(answered("a").with(func(s *said) { s.verdict = verdict }))
	}
	h.say(said{text: "?", top: "a"})
	h.say(said{text: "?", reason: "withheld", suggested: "a", top: "a", verdict: "confirmed"})
	h.say(said{text: "?", reason: "withheld", suggested: "a", top: "a", verdict: "wrong", right: "b"})
	h.say(said{text: "?", top: "c", verdict: "missed", right: "a"})
	h.say(said{text: "?", action: "clarify", reason: "close", entries: []string{"a", "b"}, top: "a"})
	h.say(said{text: "?", action: "ignore", reason: "thanks", top: "a"})
	got := count(t, h, scorecard.ByEntry)
	want := map[string]scorecard.Figures{
		"a": {Asked: 11, Answered: 8, HandedOff: 3, Confirmed: 2, Assumed: 3, Unhelpful: 1, Wrong: 1, SuggestedRight: 1, SuggestedWrong: 1, Missed: 1, Offered: 1},
		"b": {Missed: 1, Offered: 1},
		"c": {Asked: 1, HandedOff: 1},
	}
	if len(got) != len(want) {
		t.Errorf("rows for %d entries, want %d", len(got), len(want))
	}
	for key, f := range want {
		if got[key] != f {
			t.Errorf("%s:\n got %+v\nwant %+v", key, got[key], f)
		}
	}
	if p := got["a"].Precision(); p != (scorecard.Precision{Right: 3, Wrong: 3}) || got["a"].Unjudged() != 1 {
		t.Errorf("precision of %+v, %d unjudged", p, got["a"].Unjudged())
	}
	all := count(t, h, scorecard.ByBrand)["rankova"]
	if want := (scorecard.Figures{Asked: 12, Answered: 8, HandedOff: 4, Confirmed: 2, Assumed: 3, Unhelpful: 1, Wrong: 1, SuggestedRight: 1, SuggestedWrong: 1, Missed: 2, Offered: 1}); all != want {
		t.Errorf("the brand:\n got %+v\nwant %+v", all, want)
	}
}

func TestScorecardOnlyTheLastVerdictCounts(t *testing.T) {
	h := newHistory(t)
	message, _ := h.say(answered("a").with(func(s *said) { s.verdict = "assumed" }))
	h.do(`UPDATE decisions SET verdict = 'wrong', right_entry = 'b' WHERE message_id = $1`, message)
	if got := count(t, h, scorecard.ByEntry); got["a"].Assumed != 0 || got["a"].Wrong != 1 || got["b"].Missed != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestScorecardOfAnAnswerWithTwoEntries(t *testing.T) {
	h := newHistory(t)
	h.say(answered("a", "b").with(func(s *said) { s.verdict = "confirmed"; s.by = "Іван" }))
	h.say(answered("b").with(func(s *said) { s.by = "Іван"; s.at = began.Add(time.Hour) }))
	got := count(t, h, scorecard.ByEntry)
	if got["a"] != (scorecard.Figures{Asked: 1, Answered: 1, Confirmed: 1}) {
		t.Errorf("a: %+v", got["a"])
	}
	if got["b"] != (scorecard.Figures{Asked: 2, Answered: 2, Confirmed: 1, ReAsked: 1}) {
		t.Errorf("b: %+v", got["b"])
	}
	if all := count(t, h, scorecard.ByLang)["uk"]; all != (scorecard.Figures{Asked: 2, Answered: 2, Confirmed: 1, ReAsked: 1}) {
		t.Errorf("in all: %+v", all)
	}
}

func TestScorecardAskedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		again said
		want  int
	}{
		"in exactly 72 hours":        {answered("a").with(func(s *said) { s.at = began.Add(72 * time.Hour) }), 1},
		"a microsecond later":        {answered("a").with(func(s *said) { s.at = began.Add(72*time.Hour + time.Microsecond) }), 0},
		"in another chat":            {answered("a").with(func(s *said) { s.group = "Кава і ми" }), 1},
		"with another bot":           {answered("a").with(func(s *said) { s.bot = "viber" }), 0},
		"by another contact":         {answered("a").with(func(s *said) { s.by = "Ганна" }), 0},
		"of another brand":           {answered("a").with(func(s *said) { s.brand = "other" }), 0},
		"something else":             {answered("b"), 0},
		"handed off, a came first":   {said{text: "?", top: "a"}, 1},
		"handed off, b came first":   {said{text: "?", top: "b"}, 0},
		"answered with b, a first":   {said{text: "?", action: "answer", entries: []string{"b"}, top: "a"}, 0},
		"ignored":                    {said{text: "?", action: "ignore", reason: "thanks", top: "a"}, 0},
		"offered, a first":           {said{text: "?", action: "clarify", entries: []string{"a", "b"}, top: "a"}, 1},
		"and the message is deleted": {answered("a").with(func(s *said) { s.deleted = true }), 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(t)
			h.say(answered("a").with(func(s *said) { s.by = "Іван" }))
			c.again.by, c.again.at = or(c.again.by, "Іван"), or(c.again.at, began.Add(time.Hour))
			h.say(c.again)
			if got := count(t, h, scorecard.ByEntry)["a"].ReAsked; got != c.want {
				t.Errorf("re-asked %d, want %d", got, c.want)
			}
		})
	}
}

func TestScorecardReopened(t *testing.T) {
	h := newHistory(t)
	reopen := func(ticket int64, at time.Time) {
		h.do(`INSERT INTO ticket_events (ticket_id, kind, actor_kind, actor_id, from_state, to_state, why, at)
			VALUES ($1, 'reopened', 'contact', '', 'resolved', 'resolved', '', $2)`, ticket, at)
	}
	_, first := h.say(answered("a"))
	reopen(first, began.Add(time.Hour))
	reopen(first, began.Add(2*time.Hour)) // twice: the answer was reopened once
	h.say(answered("b"))
	// A second answer on a reopened ticket, written with the event by a clock a
	// moment behind it, was not reopened itself.
	h.say(answered("c").with(func(s *said) { s.ticket = first; s.at = began.Add(3*time.Hour - time.Millisecond); s.by = "somebody 0" }))
	reopen(first, began.Add(3*time.Hour))
	got := count(t, h, scorecard.ByEntry)
	for entry, want := range map[string]int{"a": 1, "b": 0, "c": 0} {
		if got[entry].Reopened != want {
			t.Errorf("%s reopened %d, want %d", entry, got[entry].Reopened, want)
		}
	}
	reopen(first, began.Add(4*time.Hour))
	if got := count(t, h, scorecard.ByEntry); got["a"].Reopened != 1 || got["c"].Reopened != 1 {
		t.Errorf("after another reopening: a %d, c %d; want 1, 1", got["a"].Reopened, got["c"].Reopened)
	}
}

func TestScorecardLeavesOut(t *testing.T) {
	h := newHistory(t)
	end := began.Add(30 * 24 * time.Hour)
	for name, s := range map[string]said{
		"deleted":         answered("deleted").with(func(s *said) { s.deleted = true }),
		"another brand's": answered("other").with(func(s *said) { s.brand = "other" }),
		"too old":         answered("old").with(func(s *said) { s.at = began.Add(-time.Microsecond) }),
		"at the end":      answered("new").with(func(s *said) { s.at = end }),
		"ignored":         {text: "?", action: "ignore", reason: "thanks"},
	} {
		h.say(s)
		if got := count(t, h, scorecard.ByEntry); len(got) != 0 {
			t.Errorf("%s: counted %+v", name, got)
		}
	}
	h.say(answered("first"))
	h.say(answered("last").with(func(s *said) { s.at = end.Add(-time.Microsecond) }))
	if got := count(t, h, scorecard.ByEntry); len(got) != 2 {
		t.Errorf("counted %+v, want the first and the last moment", got)
	}
}

func TestScorecardRefusesUnknownRows(t *testing.T) {
	if _, err := postgres.NewScorecard(newHistory(t).db).Count(t.Context(), scorecard.Query{By: "moon"}); err == nil {
		t.Error("counted by the moon")
	}
}

// What Postgres counts is what a plain reading of the definitions counts.
func TestScorecardAgreesWithANaiveRecount(t *testing.T) {
	h := newHistory(t)
	rapid.Check(t, func(rt *rapid.T) {
		h.forget()
		var all []said
		for i := range rapid.IntRange(1, 25).Draw(rt, "messages") {
			s := draw(rt, i)
			_, s.ticket = h.say(s)
			all = append(all, s)
		}
		for _, by := range []scorecard.By{scorecard.ByEntry, scorecard.ByLang, scorecard.ByBrand} {
			got, want := count(t, h, by), recount(all, by)
			if len(got) != len(want) {
				rt.Fatalf("by %s: %d rows, want %d", by, len(got), len(want))
			}
			for key, f := range want {
				if got[key] != f {
					rt.Fatalf("by %s, %q:\n got %+v\nwant %+v", by, key, got[key], f)
				}
			}
		}
	})
}

func draw(rt *rapid.T, i int) said {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, fmt.Sprint(name, i)) }
	s := said{
		text: "?", by: pick("by", "Іван", "Ганна"), group: pick("group", "", "Кава"), brand: pick("brand", "", "", "", "other"),
		lang: pick("lang", "uk", "ru", "en"), action: pick("action", "answer", "answer", "answer", "clarify", "handoff", "handoff", "ignore"),
		top: pick("top", "", "a", "b", "c"), verdict: pick("verdict", "", "confirmed", "assumed", "unhelpful", "wrong", "missed"),
		at: began.Add(time.Duration(rapid.IntRange(-10, 200).Draw(rt, fmt.Sprint("at", i))) * time.Hour), reason: "r",
		deleted: rapid.IntRange(0, 7).Draw(rt, fmt.Sprint("deleted", i)) == 0,
	}
	switch s.action {
	case "answer":
		s.entries = rapid.SampledFrom([][]string{{"a"}, {"b"}, {"a", "b"}, {"c", "a"}}).Draw(rt, fmt.Sprint("entries", i))
	case "clarify":
		s.entries = rapid.SampledFrom([][]string{{"a", "b"}, {"c", "b", "a"}}).Draw(rt, fmt.Sprint("entries", i))
	case "handoff":
		s.suggested = pick("suggested", "", "", "a", "b")
	}
	if s.verdict == "wrong" || s.verdict == "missed" {
		s.right = pick("right", "", "a", "b", "d")
	}
	return s
}

// recount follows the definitions of scorecard.Figures word by word. The
// messages are in the order of their ids.
func recount(all []said, by scorecard.By) map[string]scorecard.Figures {
	rows := map[string]scorecard.Figures{}
	counted := func(s said) bool {
		return s.brand == "" && !s.deleted && s.action != "ignore"
	}
	again := func(i int, entry string) bool {
		for j, o := range all {
			later := o.at.After(all[i].at) || o.at.Equal(all[i].at) && j > i
			if counted(o) && later && o.by == all[i].by && o.at.Sub(all[i].at) <= 72*time.Hour &&
				(o.action == "answer" && slices.Contains(o.entries, entry) || o.action != "answer" && o.top == entry) {
				return true
			}
		}
		return false
	}
	for i, s := range all {
		if !counted(s) || s.at.Before(began) || !s.at.Before(began.Add(30*24*time.Hour)) {
			continue
		}
		var one scorecard.Figures
		entries := s.entries
		switch s.action {
		case "answer":
			one.Asked, one.Answered = 1, 1
			switch s.verdict {
			case "confirmed":
				one.Confirmed = 1
			case "assumed":
				one.Assumed = 1
			case "unhelpful":
				one.Unhelpful = 1
			case "wrong":
				one.Wrong = 1
			}
		case "handoff":
			one.Asked, one.HandedOff = 1, 1
			entries = []string{or(s.suggested, s.top)}
			switch {
			case s.suggested == "":
			case s.verdict == "confirmed":
				one.SuggestedRight = 1
			case s.verdict == "wrong", s.verdict == "unhelpful":
				one.SuggestedWrong = 1
			}
		case "clarify":
			one.Offered = 1
		}
		add := func(key string, f scorecard.Figures) { rows[key] = sum(rows[key], f) }
		missed := scorecard.Figures{Missed: 1}
		isMissed := s.right != ""
		if by == scorecard.ByEntry {
			for _, e := range entries {
				f := one
				if s.action == "answer" && again(i, e) {
					f.ReAsked = 1
				}
				add(e, f)
			}
			if isMissed {
				add(s.right, missed)
			}
			continue
		}
		if s.action == "answer" && slices.ContainsFunc(entries, func(e string) bool { return again(i, e) }) {
			one.ReAsked = 1
		}
		if isMissed {
			one.Missed = 1
		}
		if by == scorecard.ByLang {
			add(s.lang, one)
		} else {
			add("rankova", one)
		}
	}
	return rows
}

func sum(a, b scorecard.Figures) scorecard.Figures {
	a.Asked += b.Asked
	a.Answered += b.Answered
	a.HandedOff += b.HandedOff
	a.Confirmed += b.Confirmed
	a.Assumed += b.Assumed
	a.Unhelpful += b.Unhelpful
	a.Wrong += b.Wrong
	a.Reopened += b.Reopened
	a.ReAsked += b.ReAsked
	a.SuggestedRight += b.SuggestedRight
	a.SuggestedWrong += b.SuggestedWrong
	a.Missed += b.Missed
	a.Offered += b.Offered
	return a
}
