package inbox

import "time"

// Hours is when a brand's people are at work. The zero value means always.
type Hours struct {
	Zone *time.Location
	Week [7][]Shift // by time.Weekday
	// Closed lists days without work, as "2006-01-02" in Zone.
	Closed map[string]bool
}

// Shift is a stretch of one day, from midnight in the brand's zone.
type Shift struct{ From, To time.Duration }
