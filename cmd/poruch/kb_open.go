package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/internal/pgembed"
	kbpostgres "github.com/poruch/poruch/knowledge/postgres"
)

// libraryOf opens the database that the environment names. Beside a poruch that
// serves on the embedded default, it uses that one's server.
func libraryOf(ctx context.Context) (*kbpostgres.Library, func(), error) {
	cfg, err := config.Load("", config.Environ())
	if err != nil {
		return nil, nil, usageError{err}
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a := &App{cfg: cfg, log: log}
	closeAll := func() {
		if err := a.Close(context.WithoutCancel(ctx)); err != nil {
			log.Error("the database was not closed in order", "err", err)
		}
	}
	err = a.openDatabase(ctx, true)
	if errors.Is(err, pgembed.ErrInUse) {
		var address string
		if address, err = pgembed.Address(dataDir(cfg)); err == nil {
			err = a.connect(ctx, address)
		}
	}
	if err != nil {
		closeAll()
		return nil, nil, installHint(err)
	}
	return kbpostgres.NewLibrary(a.db, log), closeAll, nil
}
