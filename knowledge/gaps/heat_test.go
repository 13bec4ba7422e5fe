package gaps_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/poruch/poruch/knowledge/gaps"
)

// The logarithm of the sum is the sum's, whatever the order of the questions,
// and keeps its size over decades.
func TestHeatIsADecayedCount(t *testing.T) {
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		now := start.Add(time.Duration(rapid.IntRange(0, 40*365).Draw(t, "now")) * 24 * time.Hour)
		heat, want := gaps.Cold, 0.0
		for range rapid.IntRange(1, 50).Draw(t, "questions") {
			age := time.Duration(rapid.IntRange(-100, 100*24).Draw(t, "age")) * time.Hour
			heat = heat.Add(now.Add(-age), 1)
			want += math.Exp2(-float64(age) / float64(gaps.HalfLife))
		}
		if got := heat.Count(now); math.Abs(got-want) > 1e-6*want {
			t.Fatalf("count %v, want %v", got, want)
		}
	})
	if gaps.Cold.Count(start) != 0 {
		t.Error("nothing is not 0")
	}
}
