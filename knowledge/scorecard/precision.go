package scorecard

import "math"

// Precision is how often an entry was judged right and wrong. Only verdicts of
// people count, customers among them; silence is no verdict.
type Precision struct {
	Right int `json:"right"` // confirmed
	Wrong int `json:"wrong"` // wrong or unhelpful
}

// Sure95 is the z of a one-sided bound that holds in 95 of 100 cases.
const Sure95 = 1.6448536269514722

// Measured is the share of verdicts that were right; false when there are none.
func (p Precision) Measured() (share float64, ok bool) {
	n := p.verdicts()
	if n == 0 {
		return 0, false
	}
	return max(float64(p.Right), 0) / n, true
}

// Lower is the least that the true share of right answers may be, with the
// confidence that z stands for (Sure95): Wilson's score bound, E. B. Wilson,
// "Probable Inference, the Law of Succession, and Statistical Inference",
// Journal of the American Statistical Association 22 (1927). 0 without verdicts.
func (p Precision) Lower(z float64) float64 {
	low, _ := p.bounds(z)
	return low
}

// Upper is the most that it may be, likewise. 1 without verdicts.
func (p Precision) Upper(z float64) float64 {
	_, high := p.bounds(z)
	return high
}

func (p Precision) verdicts() float64 { return float64(max(p.Right, 0)) + float64(max(p.Wrong, 0)) }

func (p Precision) bounds(z float64) (low, high float64) {
	n := p.verdicts()
	if n == 0 {
		return 0, 1
	}
	share := float64(max(p.Right, 0)) / n
	square := z * z
	centre := share + square/(2*n)
	reach := math.Abs(z) * math.Sqrt(share*(1-share)/n+square/(4*n*n))
	whole := 1 + square/n
	return max((centre-reach)/whole, 0), min((centre+reach)/whole, 1)
}
