package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/training/boost"
)

// report prints what a threshold table makes of outcomes.
func report(name string, list []outcome, w []float64, t []threshold) {
	in, top := 0, 0
	byLang, byLangTop := map[string]int{}, map[string]int{}
	for _, o := range list {
		if o.q.Expect == nil {
			continue
		}
		in++
		byLang[o.q.Lang]++
		if o.q.Kind == "long" {
			byLang["long"]++
		}
		if o.right {
			top++
			byLangTop[o.q.Lang]++
			if o.q.Kind == "long" {
				byLangTop["long"]++
			}
		}
	}
	fmt.Printf("%-13s top1 %.3f", name, float64(top)/float64(max(in, 1)))
	for _, l := range []string{"uk", "ru", "surzhyk", "translit", "en", "long"} {
		fmt.Printf(" %s %.2f", l, float64(byLangTop[l])/float64(max(byLang[l], 1)))
	}
	for _, target := range []float64{0.95, 0.98} {
		cut := t[slices.IndexFunc(t, func(x threshold) bool { return x.share == target })].confidence
		answered, right, badNull := 0, 0, 0
		for _, o := range list {
			if confidence(w, o) >= cut {
				answered++
				if o.right {
					right++
				} else if o.q.Expect == nil {
					badNull++
				}
			}
		}
		fmt.Printf(" | @%.0f cov %.3f p %.3f null %.3f curve %.3f", 100*target, float64(answered)/float64(len(list)),
			float64(right)/float64(max(answered, 1)), float64(badNull)/float64(max(len(list)-in, 1)), curve(list, w, target))
	}
	fmt.Println()
}

func curve(list []outcome, w []float64, target float64) float64 {
	s := slices.Clone(list)
	slices.SortFunc(s, func(a, b outcome) int { return cmp.Compare(confidence(w, b), confidence(w, a)) })
	right, best := 0, 0
	for i, o := range s {
		if o.right {
			right++
		}
		if float64(right) >= target*float64(i+1) {
			best = i + 1
		}
	}
	return float64(best) / float64(len(s))
}

// explain prints what the trees lean on most.
func explain(m *boost.Model) {
	inputs := knowledge.EvidenceNames()
	order := make([]int, len(inputs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(m.Gain[b], m.Gain[a]) })
	for _, i := range order[:15] {
		fmt.Printf("  %s %.0f", inputs[i], m.Gain[i])
	}
	fmt.Println()
}
