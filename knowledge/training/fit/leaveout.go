package main

import (
	"github.com/poruch/poruch/knowledge/training/boost"
)

// folds: families are left out in groups, each family once.
const folds = 6

var options = boost.Options{Trees: 220, Depth: 5, Rate: 0.07, MinWeight: 6, Ridge: 2, Columns: 0.5, Rows: 0.6}

// without is all families but those of a fold.
func without(families []*family, fold int) (rest []*family) {
	for i, f := range families {
		if i%folds != fold {
			rest = append(rest, f)
		}
	}
	return rest
}

// weighLeftOut gathers each family's evidence with senses that never saw it.
func weighLeftOut(families []*family) error {
	return all(folds, func(fold int) error {
		table := learnSenses(without(families, fold))
		for i := fold; i < len(families); i += folds {
			families[i].weigh(table)
		}
		return nil
	})
}

// judgeLeftOut judges each family's messages by a forest that never saw it.
func judgeLeftOut(families []*family) (map[*rehearsal][]outcome, error) {
	byFold := make([]map[*rehearsal][]outcome, folds)
	err := all(folds, func(fold int) error {
		model := boost.Grow(samples(without(families, fold)), options)
		byFold[fold] = map[*rehearsal][]outcome{}
		for i := fold; i < len(families); i += folds {
			for _, b := range families[i].books {
				byFold[fold][b] = judge(model, b)
			}
		}
		return nil
	})
	outcomes := map[*rehearsal][]outcome{}
	for _, found := range byFold {
		for b, list := range found {
			outcomes[b] = list
		}
	}
	return outcomes, err
}

// oneOfHopeless is how many of the cases that no scorer favours stand for all.
const oneOfHopeless = 3

// samples are the cases of all messages, of the hopeless wrong ones a few.
func samples(families []*family) (list []boost.Sample) {
	hopeless := 0
	for _, f := range families {
		for _, b := range f.books {
			for _, r := range b.rows {
				for _, v := range r.views {
					for _, c := range v {
						s := boost.Sample{X: c.Inputs, Y: r.q.right(c.EntryID), Weight: b.weight / float64(len(r.views))}
						if !s.Y && c.Hopeless() {
							if hopeless++; hopeless%oneOfHopeless != 0 {
								continue
							}
							s.Weight *= oneOfHopeless
						}
						list = append(list, s)
					}
				}
			}
		}
	}
	return list
}
