package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
	"github.com/poruch/poruch/knowledge/library"
	kbpostgres "github.com/poruch/poruch/knowledge/postgres"
)

// openKnowledge imports the brand's file on the first start; from then on the
// database is what counts.
func (a *App) openKnowledge(ctx context.Context) error {
	a.library = a.newLibrary()
	if err := a.openEmbeddings(); err != nil {
		return err
	}
	if a.cfg.Brand == "" {
		return nil
	}
	records, err := a.library.Store.Records(ctx, a.brand.ID)
	if err != nil || len(records) > 0 {
		return err
	}
	path := config.KnowledgeFile(a.cfg.Brand)
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open knowledge: %w", err)
	}
	defer f.Close()
	entries, err := files.Parse(path, f)
	if err != nil {
		return err
	}
	by := library.By{Author: library.Program, Reason: "the first start, from " + filepath.Base(path)}
	result, err := a.library.Import(ctx, a.brand.ID, entries, library.Importing{By: by})
	if err != nil {
		return err
	}
	a.log.Info("imported knowledge", "brand", a.brand.ID, "entries", result.Added)
	return nil
}

// newLibrary works on the open database. It tells other replicas of changes
// where there is a Redis to tell them by.
func (a *App) newLibrary() *library.Library {
	l := &library.Library{
		Store: kbpostgres.NewStore(a.db, time.Now), Now: time.Now, Log: a.log,
		Options: func(brand string) knowledge.Options {
			if brand != a.brand.ID {
				return knowledge.Options{}
			}
			return knowledge.Options{Precision: a.brand.Precision}
		},
	}
	if a.news != nil {
		l.Announce = a.news
	}
	return l
}

// How soon a replica sees changed knowledge that nobody told it of, and how
// often verdicts are weighed.
const (
	refreshEvery = 5 * time.Second
	reviewEvery  = time.Minute
)

// keepKnowledge brings changes of knowledge to this replica until ctx ends.
func (a *App) keepKnowledge(ctx context.Context) error {
	if _, _, err := a.library.Entry(ctx, a.brand.ID, ""); err != nil && ctx.Err() == nil { // before the first question does
		a.log.Warn("knowledge was not read; trying again with the first question", "err", err)
	}
	debug.FreeOSMemory()
	told := make(chan struct{}, 1)
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		a.news.Listen(ctx, func(string) {
			select {
			case told <- struct{}{}:
			default: // a refresh is due already
			}
		})
	}()
	refresh, review := time.NewTicker(refreshEvery), time.NewTicker(reviewEvery)
	defer refresh.Stop()
	defer review.Stop()
	for {
		select {
		case <-ctx.Done():
			<-listening
			return nil
		case <-review.C:
			a.reviewTrust(ctx)
			continue
		case <-refresh.C:
		case <-told:
		}
		if err := a.library.Refresh(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("knowledge was not refreshed; the old one stays", "err", err)
		}
	}
}

func (a *App) reviewTrust(ctx context.Context) {
	changes, err := a.library.Review(ctx, a.brand.ID)
	if err != nil && ctx.Err() == nil {
		a.log.Warn("the trust of entries was not reviewed; trying again in a minute", "err", err)
	}
	for _, c := range changes {
		a.log.Info("an entry's trust changed", "brand", a.brand.ID, "entry", c.Entry, "from", c.From, "to", c.To,
			"right", c.Verdicts.Right, "wrong", c.Verdicts.Wrong, "target", c.Target)
	}
	t, moved, err := a.library.ReviewThreshold(ctx, a.brand.ID)
	switch {
	case err != nil && ctx.Err() == nil:
		a.log.Warn("the threshold was not reviewed; trying again in a minute", "err", err)
	case moved:
		a.log.Info("the threshold of answers moved", "brand", a.brand.ID, "from", t.From, "to", t.To, "verdicts", t.Verdicts, "target", t.Target)
	}
}
