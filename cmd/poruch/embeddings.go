package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/poruch/poruch/knowledge/embeddings"
	kbpostgres "github.com/poruch/poruch/knowledge/postgres"
)

// openEmbeddings gives the library one more scorer, when one is configured.
func (a *App) openEmbeddings() error {
	if a.cfg.Embeddings.URL == "" {
		return nil
	}
	e, err := a.newEmbedder(a.vectors())
	if err != nil {
		return err
	}
	a.later(func(context.Context) error { e.Close(); return nil })
	a.library.Embed = e
	host := ""
	if u, err := url.Parse(a.cfg.Embeddings.URL); err == nil {
		host = u.Host
	}
	a.log.Warn("embeddings are on: words of customers are sent to the endpoint", "host", host, "model", a.cfg.Embeddings.Model)
	return nil
}

func (a *App) newEmbedder(cache embeddings.Cache) (*embeddings.Embedder, error) {
	c := a.cfg.Embeddings
	client, err := embeddings.NewClient(embeddings.Endpoint{URL: c.URL, Key: embeddings.Key(c.Key.Reveal()), Model: c.Model})
	if err != nil {
		return nil, err
	}
	return embeddings.NewEmbedder(embeddings.Config{Client: client, Cache: cache, Log: a.log, Observe: a.metrics}), nil
}

// vectors is the cache of embeddings, whether they are on or not.
func (a *App) vectors() kbpostgres.Vectors { return kbpostgres.Vectors{DB: a.db, Now: time.Now} }

// keepBookVectors is how long a text's vector outlives the last book that held
// the text; trainers bring old phrasings back.
const keepBookVectors = 90 * 24 * time.Hour

// purgeVectors deletes old vectors: of customers' words as soon as payloads.
func (a *App) purgeVectors(ctx context.Context) error {
	now := time.Now()
	n, err := a.vectors().Prune(ctx, now.Add(-a.brand.KeepRaw), now.Add(-keepBookVectors))
	if n > 0 {
		a.log.Info("deleted old vectors", "rows", n)
	}
	return err
}

// checkEmbeddings asks twice, since the first time pays for the connection.
func (a *App) checkEmbeddings(ctx context.Context) (h embeddings.Health, err error) {
	e, err := a.newEmbedder(nil)
	if err != nil {
		return h, err
	}
	defer e.Close()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if h, err = e.Check(ctx); err != nil {
		return h, err
	}
	return e.Check(ctx)
}

// embeddingsLine is what doctor says of a check.
func embeddingsLine(h embeddings.Health, err error) (string, error) {
	if err != nil {
		return "embeddings", err
	}
	if h.Took > embeddings.Limit {
		err = fmt.Errorf("a question waits %d ms at most, so words alone would decide; choose a nearer endpoint or a smaller model", embeddings.Limit.Milliseconds())
	}
	return fmt.Sprintf("embeddings (%d dimensions, %d ms)", h.Dimensions, h.Took.Milliseconds()), err
}
