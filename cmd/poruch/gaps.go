package main

import (
	"context"
	"time"

	"github.com/poruch/poruch/knowledge/gaps"
	kbpostgres "github.com/poruch/poruch/knowledge/postgres"
)

// collectEvery is how soon an unanswered question is in its gap.
const collectEvery = time.Minute

// collectGaps puts unanswered questions together until ctx ends. Each worker
// tries; whoever is first does the work.
func (a *App) collectGaps(ctx context.Context) {
	collector := gaps.Collector{Store: kbpostgres.NewGaps(a.db)}
	tick := time.NewTicker(collectEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		n, err := collector.Collect(ctx, a.brand.ID)
		switch {
		case err != nil && ctx.Err() == nil:
			a.log.Warn("gaps were not collected; trying again in a minute", "brand", a.brand.ID, "err", err)
		case n > 0:
			a.log.Debug("collected gaps", "brand", a.brand.ID, "questions", n)
		}
	}
}
