package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/poruch/poruch/knowledge/training/boost"
)

// folds: brands are left out in groups, each brand once.
const folds = 6

var options = boost.Options{Trees: 220, Depth: 5, Rate: 0.07, MinWeight: 6, Ridge: 2, Columns: 0.5, Rows: 0.7}

func samples(brands []*brand) (list []boost.Sample) {
	for _, b := range brands {
		for _, r := range b.rows {
			for _, v := range r.views {
				for _, c := range v {
					list = append(list, boost.Sample{X: c.Inputs, Y: r.q.right(c.EntryID), Weight: 1 / float64(len(r.views))})
				}
			}
		}
	}
	return list
}

func main() {
	write := flag.Bool("write", false, "fit on all brands and write the model")
	dir := flag.String("brands", "knowledge/training/brands", "the training brands")
	test := flag.String("test", "knowledge/testdata/uk-coffee", "a brand that is only measured")
	flag.Parse()
	if err := run(*dir, *test, *write); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

// atOnce is how many brands are worked on at the same time.
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
	dirs, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(dirs) < 2*folds {
		return fmt.Errorf("%s holds %d brands, want at least %d: %v", dir, len(dirs), 2*folds, err)
	}
	brands := make([]*brand, len(dirs))
	if err := all(len(dirs), func(i int) (err error) {
		brands[i], err = load(dirs[i])
		return err
	}); err != nil {
		return err
	}
	others := func(fold int) (rest []*brand) {
		for i, b := range brands {
			if i%folds != fold {
				rest = append(rest, b)
			}
		}
		return rest
	}
	// The evidence on a brand always comes from senses that never saw it.
	if err := all(folds, func(f int) error {
		table := learnSenses(others(f))
		for i := f; i < len(brands); i += folds {
			brands[i].weigh(table)
		}
		return nil
	}); err != nil {
		return err
	}
	byBrand := make([][]outcome, len(brands))
	if err := all(folds, func(f int) error {
		model := boost.Grow(samples(others(f)), options)
		for i := f; i < len(brands); i += folds {
			byBrand[i] = judge(model, brands[i].rows)
		}
		return nil
	}); err != nil {
		return err
	}
	pooled := slices.Concat(byBrand...)
	top := fitTop(pooled)
	t := thresholds(pooled, top)
	for i, b := range brands {
		report(b.name, byBrand[i], top, t)
	}
	report("all", pooled, top, t)

	model, table := boost.Grow(samples(brands), options), learnSenses(brands)
	kept, err := load(test)
	if err != nil {
		return err
	}
	kept.weigh(table)
	report(kept.name, judge(model, kept.rows), top, t)
	explain(model)
	if !write {
		return nil
	}
	return save(model, table, top, t)
}
