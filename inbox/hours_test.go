package inbox_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/poruch/poruch/inbox"
)

func kyiv(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// office is open on weekdays from 9 to 13 and from 14 to 18, on Saturdays from
// 10 to 15, and never on Independence Day.
func office(t *testing.T) inbox.Hours {
	h := inbox.Hours{Zone: kyiv(t), Closed: map[string]bool{"2026-08-24": true}}
	for day := time.Monday; day <= time.Friday; day++ {
		h.Week[day] = []inbox.Shift{{From: 9 * time.Hour, To: 13 * time.Hour}, {From: 14 * time.Hour, To: 18 * time.Hour}}
	}
	h.Week[time.Saturday] = []inbox.Shift{{From: 10 * time.Hour, To: 15 * time.Hour}}
	return h
}

func TestWaitingTimes(t *testing.T) {
	h, zone := office(t), kyiv(t)
	at := func(day, clock string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	within := 30 * time.Minute
	for _, c := range []struct {
		name string
		now  time.Time
		want inbox.Wait
	}{
		{"in the morning of a weekday", at("2026-11-24", "10:00"), inbox.Wait{Open: true, Within: within}},
		{"just before lunch", at("2026-11-24", "12:45"), inbox.Wait{Opens: at("2026-11-24", "14:00")}},
		{"before opening", at("2026-11-24", "08:59"), inbox.Wait{Opens: at("2026-11-24", "09:00")}},
		{"at the moment of opening", at("2026-11-24", "09:00"), inbox.Wait{Open: true, Within: within}},
		{"at the moment of closing", at("2026-11-24", "18:00"), inbox.Wait{Opens: at("2026-11-25", "09:00")}},
		{"on Friday evening", at("2026-11-27", "19:00"), inbox.Wait{Opens: at("2026-11-28", "10:00")}},
		{"on Sunday", at("2026-11-29", "12:00"), inbox.Wait{Opens: at("2026-11-30", "09:00")}},
		{"before a holiday on Monday", at("2026-08-23", "12:00"), inbox.Wait{Opens: at("2026-08-25", "09:00")}},
		{"in the night when clocks go forward", at("2026-03-29", "02:30"), inbox.Wait{Opens: at("2026-03-30", "09:00")}},
		{"in the night when clocks go back", at("2026-10-25", "03:30"), inbox.Wait{Opens: at("2026-10-26", "09:00")}},
	} {
		if got := h.Wait(c.now, within); got.Open != c.want.Open || got.Within != c.want.Within || !got.Opens.Equal(c.want.Opens) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	var always inbox.Hours
	if got := always.Wait(at("2026-11-29", "03:00"), within); !got.Open || got.Within != within {
		t.Errorf("round the clock: %+v", got)
	}
	if got := h.After(at("2026-11-27", "10:00")); !got.Equal(at("2026-11-28", "10:00")) {
		t.Errorf("the working day after Friday begins %v", got)
	}
	if got := always.After(at("2026-11-27", "10:00").UTC()); got.Hour() != 9 || got.Day() != 28 {
		t.Errorf("the day after, round the clock, begins %v", got)
	}
}

// Whatever the hours: who is told "open" meets people at work, and who is told a
// time meets them at that time, but not just before it.
func TestPromisedTimesHold(t *testing.T) {
	zone := kyiv(t)
	rapid.Check(t, func(rt *rapid.T) {
		h := inbox.Hours{Zone: zone, Closed: map[string]bool{}}
		for day := range h.Week {
			from := 0
			for range rapid.IntRange(0, 3).Draw(rt, "shifts") {
				if from >= 23 {
					break
				}
				start := rapid.IntRange(from, 23).Draw(rt, "from")
				end := rapid.IntRange(start+1, 24).Draw(rt, "to")
				h.Week[day] = append(h.Week[day], inbox.Shift{From: time.Duration(start) * time.Hour, To: time.Duration(end) * time.Hour})
				from = end
			}
		}
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, zone).Add(time.Duration(rapid.IntRange(0, 2*365*24*60).Draw(rt, "minute")) * time.Minute)
		h.Closed[now.Format(time.DateOnly)] = rapid.Bool().Draw(rt, "closed today")
		w := h.Wait(now, 20*time.Minute)
		switch {
		case w.Open && !h.OpenAt(now):
			rt.Fatalf("told open while nobody is there")
		case w.Open:
		case w.Opens.IsZero():
			for hour := range 24 * 14 {
				if at := now.Add(time.Duration(hour) * time.Hour); h.OpenAt(at) && hour > 24 {
					rt.Fatalf("told no time, but open at %v", at)
				}
			}
		case !w.Opens.After(now) || !h.OpenAt(w.Opens) || h.OpenAt(w.Opens.Add(-time.Nanosecond)):
			rt.Fatalf("told %v", w.Opens)
		}
	})
}
