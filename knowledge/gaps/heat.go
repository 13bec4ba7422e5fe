package gaps

import (
	"math"
	"time"
)

// HalfLife is how long a question counts in full measure halved: one asked two
// weeks ago counts half as much as one asked now, one of four weeks a quarter.
const HalfLife = 14 * 24 * time.Hour

// Heat is the logarithm to base 2 of a decayed count of questions, where each
// counts as it would at the epoch. All heats fade alike, so their order never
// changes by itself and an index can keep it.
type Heat float64

// Cold is the heat of nothing.
var Cold = Heat(math.Inf(-1))

var epoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func halfLives(t time.Time) float64 { return float64(t.Sub(epoch)) / float64(HalfLife) }

// Add counts one more question, asked at a time; weight is what it counts then.
func (h Heat) Add(at time.Time, weight float64) Heat {
	more := halfLives(at) + math.Log2(weight)
	high, low := max(float64(h), more), min(float64(h), more)
	if math.IsInf(high, -1) {
		return Cold
	}
	return Heat(high + math.Log2(1+math.Exp2(low-high)))
}

// Count is the decayed count as of a time.
func (h Heat) Count(now time.Time) float64 { return math.Exp2(float64(h) - halfLives(now)) }
