package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/poruch/poruch/internal/config"
)

// MigrateCmd brings the schema to this version and ends.
type MigrateCmd struct{ configFile }

// Run migrates.
func (c *MigrateCmd) Run(ctx context.Context) (err error) {
	cfg, err := config.Load(c.Config, config.Environ())
	if err != nil {
		return usageError{err}
	}
	a := &App{cfg: cfg, log: newLogger(os.Stderr, cfg.Log)}
	defer func() { err = errors.Join(err, a.Close(context.WithoutCancel(ctx))) }()
	if err := a.openDatabase(ctx, true); err != nil {
		return installHint(err)
	}
	fmt.Println("the schema is at this version")
	return nil
}
