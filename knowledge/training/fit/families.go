package main

import (
	"fmt"
	"path/filepath"
)

// load makes the families' books: the public sets first, then the brands.
func load(dir string) ([]*family, error) {
	sets, err := filepath.Glob(filepath.Join(dir, "public", "*", "kb.jsonl"))
	if err != nil {
		return nil, err
	}
	brands, err := filepath.Glob(filepath.Join(dir, "brands", "*", "kb.jsonl"))
	if err != nil {
		return nil, err
	}
	if len(sets)+len(brands) < 2*folds {
		return nil, fmt.Errorf("%s holds %d families, want at least %d", dir, len(sets)+len(brands), 2*folds)
	}
	families := make([]*family, len(sets)+len(brands))
	err = all(len(families), func(i int) (err error) {
		if i < len(sets) {
			families[i], err = public(filepath.Dir(sets[i]))
			return err
		}
		families[i], err = brand(filepath.Dir(brands[i-len(sets)]))
		return err
	})
	return families, err
}
