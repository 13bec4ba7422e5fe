package main

import (
	"flag"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/poruch/poruch/knowledge/training/boost"
)

func main() {
	write := flag.Bool("write", false, "fit on all families and write the model")
	dir := flag.String("training", "knowledge/training", "the folder with brands and public")
	test := flag.String("test", "knowledge/testdata/uk-coffee", "a brand that is only measured")
	flag.Parse()
	if err := run(*dir, *test, *write); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

// atOnce is how many things are worked on at the same time.
const atOnce = 2

// all runs do for 0 to n-1, a few at once, and returns the first error.
func all(n int, do func(i int) error) error {
	var g errgroup.Group
	g.SetLimit(atOnce)
	for i := range n {
		g.Go(func() error { return do(i) })
	}
	return g.Wait()
}

func run(dir, test string, write bool) error {
	families, err := load(dir)
	if err != nil {
		return err
	}
	if err := weighLeftOut(families); err != nil {
		return err
	}
	table := learnSenses(families)
	kept, err := read(test)
	if err != nil {
		return err
	}
	if err := kept.rehearse(kept.name, 1, kept.entries, kept.queries); err != nil {
		return err
	}
	kept.weigh(table)
	outcomes, err := judgeLeftOut(families)
	if err != nil {
		return err
	}
	var pooled []outcome
	for _, f := range families {
		for _, b := range f.books {
			pooled = append(pooled, outcomes[b]...)
		}
	}
	c := calibrate(pooled)
	c.settle(pooled)
	t := thresholds(pooled)
	brands := measure(families, outcomes, c, t)
	report("brands", brands, t)

	model := boost.Grow(samples(families), options)
	last := judge(model, kept.books[0])
	c.settle(last)
	report(kept.name, last, t)
	explain(model)
	if !write {
		return nil
	}
	return save(model, table, c, t)
}

// measure reports each book, and returns the outcomes of the brands' whole ones.
func measure(families []*family, outcomes map[*rehearsal][]outcome, c calibration, t []threshold) (brands []outcome) {
	for _, f := range families {
		for _, b := range f.books {
			list := slices.Clone(outcomes[b])
			c.settle(list)
			report(b.name, list, t)
			if b.name == f.name {
				brands = append(brands, list...)
			}
		}
	}
	return brands
}
