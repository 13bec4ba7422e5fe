package inbox

import "time"

// Hours is when a brand's people are at work. The zero value means always.
//
// Named zones need the zone database; the program embeds it (time/tzdata).
type Hours struct {
	Zone *time.Location // nil: UTC
	// Week holds the shifts of each day by time.Weekday, in order and without
	// overlap. No shift in the whole week means round the clock.
	Week [7][]Shift
	// Closed lists days without work, as "2006-01-02" in Zone.
	Closed map[string]bool
}

// Shift is a stretch of one day, from midnight in the brand's zone: what the
// clock on the wall shows, whatever the daylight saving. To is not part of it
// and is at most 24 hours.
type Shift struct{ From, To time.Duration }

// horizon bounds the search for an opening, in days: longer than any holiday.
const horizon = 400

// morning is when "tomorrow" begins for people who never close.
const morning = 9 * time.Hour

// OpenAt says whether people are at work at t.
func (h Hours) OpenAt(t time.Time) bool {
	_, ok := h.shiftAt(t)
	return ok
}

// Next returns the first moment after t at which people come to work. It is
// false if they never leave, or do not come within the next 400 days.
func (h Hours) Next(t time.Time) (time.Time, bool) {
	for i := range horizon {
		day := h.day(t, i)
		for _, s := range h.shifts(day) {
			opens := wall(day, s.From)
			// A shift that continues another is no opening.
			if opens.After(t) && !h.OpenAt(opens.Add(-time.Nanosecond)) {
				return opens, true
			}
		}
	}
	return time.Time{}, false
}

// After returns the start of work on the first working day after t's own. If
// people work round the clock, that is nine in the morning.
func (h Hours) After(t time.Time) time.Time {
	for i := 1; i < horizon; i++ {
		day := h.day(t, i)
		shifts := h.shifts(day)
		if len(shifts) == 0 {
			continue
		}
		if at := wall(day, morning); shifts[0].From == 0 && h.OpenAt(at) {
			return at
		}
		return wall(day, shifts[0].From)
	}
	return wall(h.day(t, 1), morning)
}

// Wait is what a waiting customer is told.
type Wait struct {
	Open   bool          // people are at work and will be when the reply is due
	Within time.Duration // Open: how soon they usually answer; 0 if that is not known
	Opens  time.Time     // not Open: when they come to work; zero if that is not known
}

// Wait says when a question asked now is answered, if people need `within` of
// their working time for it. Shortly before they leave, that is after they
// return; but a promise longer than the shift is counted from now.
func (h Hours) Wait(now time.Time, within time.Duration) Wait {
	shift, open := h.shiftAt(now)
	tooLate := within <= shift.To-shift.From && !h.OpenAt(now.Add(within))
	if open && !tooLate {
		return Wait{Open: true, Within: within}
	}
	opens, _ := h.Next(now)
	return Wait{Opens: opens}
}

func (h Hours) shiftAt(t time.Time) (Shift, bool) {
	day := h.day(t, 0)
	for _, s := range h.shifts(day) {
		if !t.Before(wall(day, s.From)) && t.Before(wall(day, s.To)) {
			return s, true
		}
	}
	return Shift{}, false
}

// shifts returns the work of a day, holidays and round-the-clock considered.
func (h Hours) shifts(day time.Time) []Shift {
	if h.Closed[day.Format(time.DateOnly)] {
		return nil
	}
	for _, shifts := range h.Week {
		if len(shifts) > 0 {
			return h.Week[day.Weekday()]
		}
	}
	return []Shift{{From: 0, To: 24 * time.Hour}}
}

// day is noon of t's day in the zone, or of a later one: noon exists on each
// day, while midnight is skipped in some zones.
func (h Hours) day(t time.Time, later int) time.Time {
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d+later, 12, 0, 0, 0, zone)
}

// wall is when the clock on the wall shows the given time of a day.
func wall(day time.Time, clock time.Duration) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, 0, 0, int(clock), day.Location())
}
