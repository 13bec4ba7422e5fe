package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/training/boost"
)

// report prints what a threshold table makes of outcomes. All their weights are
// those of the messages, not of what is fitted.
func report(name string, list []outcome, t []threshold) {
	for i := range list {
		list[i].weight = list[i].q.weight
	}
	asked, found := map[string]float64{}, map[string]float64{}
	var all, in, out float64
	for _, o := range list {
		all += o.weight
		if o.q.Expect == nil {
			out += o.weight
			continue
		}
		in += o.weight
		groups := []string{"all", o.q.Lang}
		if o.q.Kind == "long" {
			groups = append(groups, "long")
		}
		for _, g := range groups {
			asked[g]++
			if o.right {
				found[g]++
			}
		}
	}
	fmt.Printf("%-20s top1 %.3f", name, found["all"]/asked["all"])
	if len(asked) > 2 {
		for _, l := range []string{"uk", "ru", "surzhyk", "translit", "en", "long"} {
			fmt.Printf(" %s %.2f", l, found[l]/max(asked[l], 1))
		}
	}
	for _, target := range []float64{0.95, 0.98} {
		least := confidenceFor(t, target)
		var answered, right, wrong float64
		for _, o := range list {
			switch {
			case o.confidence < least:
			case o.right:
				right += o.weight
				answered += o.weight
			default:
				answered += o.weight
				if o.q.Expect == nil {
					wrong += o.weight
				}
			}
		}
		fmt.Printf(" | @%.0f cov %.3f p %.3f null %.3f curve %.3f", 100*target, answered/all, right/max(answered, 1), wrong/max(out, 1), curve(list, target))
	}
	fmt.Println()
}

// curve is the most that any threshold would cover.
func curve(list []outcome, target float64) float64 {
	least := cut(list, target, 1)
	var answered, all float64
	for _, o := range list {
		all += o.weight
		if o.confidence >= least {
			answered += o.weight
		}
	}
	return answered / all
}

// explain prints what the trees lean on most.
func explain(m *boost.Model) {
	inputs := knowledge.EvidenceNames()
	order := make([]int, len(inputs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(m.Gain[b], m.Gain[a]) })
	for _, i := range order[:20] {
		fmt.Printf("  %s %.0f", inputs[i], m.Gain[i])
	}
	fmt.Println()
}
