package files

import (
	"fmt"
	"time"
)

// A bound is a date, which is a whole day, or a moment. A day is one of UTC
// unless it names its zone, so that a file means the same everywhere.
var (
	days    = []string{"2006-01-02", "02.01.2006", "2006-01-02Z07:00"}
	moments = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00"}
)

// parseFrom gives the first moment of a day; "" is no bound.
func parseFrom(text string) (time.Time, error) { return parseBound(text, 0) }

// parseUntil gives the first moment after a day, which belongs to the time; ""
// is no bound.
func parseUntil(text string) (time.Time, error) { return parseBound(text, 1) }

func parseBound(text string, later int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, ok := parseAny(days, text)
	if ok {
		at = at.AddDate(0, 0, later)
	} else if at, ok = parseAny(moments, text); !ok {
		return time.Time{}, fmt.Errorf("%q is not a date; write 2026-12-31 or 2026-12-31T18:00:00+02:00", shorten(text))
	}
	at = at.UTC()
	if at.IsZero() { // it would mean: no bound
		return time.Time{}, fmt.Errorf("%q is in the year 1; take it out", text)
	}
	return at, nil
}

func parseAny(layouts []string, text string) (time.Time, bool) {
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func fromText(at time.Time) string { return boundText(at, 0) }

func untilText(at time.Time) string { return boundText(at, -1) }

func boundText(at time.Time, earlier int) string {
	at = at.UTC()
	switch {
	case at.IsZero():
		return ""
	case at.Equal(at.Truncate(24 * time.Hour)):
		return at.AddDate(0, 0, earlier).Format(time.DateOnly)
	}
	return at.Format(time.RFC3339Nano)
}

// shorten keeps messages readable, whatever stands in a file.
func shorten(s string) string {
	if rs := []rune(s); len(rs) > 60 {
		return string(rs[:59]) + "…"
	}
	return s
}
