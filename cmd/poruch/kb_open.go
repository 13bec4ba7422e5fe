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

// openOrJoinDatabase is openDatabase for a short command: beside a poruch that
// serves on the embedded default, it uses that one's server.
func (a *App) openOrJoinDatabase(ctx context.Context) error {
	err := a.openDatabase(ctx, true)
	if !errors.Is(err, pgembed.ErrInUse) {
		return err
	}
	address, err := pgembed.Address(dataDir(a.cfg))
	if err != nil {
		return err
	}
	return a.connect(ctx, address)
}

// trainersSideOf opens the database of a configuration.
func trainersSideOf(ctx context.Context, cfg config.Config) (trainersSide, func(), error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a := &App{cfg: cfg, log: log}
	closeAll := func() {
		if err := a.Close(context.WithoutCancel(ctx)); err != nil {
			log.Error("the database was not closed in order", "err", err)
		}
	}
	open := func() (err error) {
		if a.brand, err = brandOf(cfg); err != nil {
			return err
		}
		if cfg.RedisURL.Set() { // to tell the replicas that serve
			if err := a.openRedis(); err != nil {
				return err
			}
		}
		return a.openOrJoinDatabase(ctx)
	}
	if err := open(); err != nil {
		closeAll()
		return trainersSide{}, nil, installHint(err)
	}
	return trainersSide{a.newLibrary(), kbpostgres.NewGaps(a.db), kbpostgres.NewScorecard(a.db)}, closeAll, nil
}
