package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/internal/config"
)

// DoctorCmd checks everything that serve needs.
type DoctorCmd struct{ configFile }

// errUnwell is the end of a check that found something.
var errUnwell = errors.New("something must be put right before `poruch serve` can work; see above")

// Run prints one line per check: ok, or what to do.
func (c *DoctorCmd) Run(ctx context.Context) (err error) {
	report := &report{}
	cfg, err := config.Load(c.Config, config.Environ())
	if err != nil {
		return usageError{err}
	}
	for _, p := range cfg.Validate() {
		report.line("configuration", errors.New(p.String()))
	}
	if report.bad {
		return usageError{errUnwell}
	}
	report.line("configuration", nil)
	report.line("http address", free(ctx, cfg.Addr))
	a := &App{cfg: cfg, log: newLogger(os.Stderr, config.Log{Level: "error"}), metrics: newMetrics()}
	defer func() { err = errors.Join(err, a.Close(context.WithoutCancel(ctx))) }()
	a.brand, err = brandOf(cfg)
	report.line("brand "+cfg.Brand, err)
	err = a.openOrJoinDatabase(ctx)
	report.line("database", err)
	if err == nil {
		report.line("waiting work", a.checkQueue(ctx))
		report.line("knowledge", a.openKnowledge(ctx))
	}
	if cfg.RedisURL.Set() {
		report.line("redis", a.checkRedis(ctx))
	}
	if cfg.Embeddings.URL != "" {
		report.line(embeddingsLine(a.checkEmbeddings(ctx)))
	}
	report.line("platforms", a.buildPlatforms())
	if a.fleet != nil {
		report.line("telegram", a.checkTelegram(ctx))
	}
	if a.console != nil {
		report.line("slack", a.console.Check(ctx, cfg.Slack.Channel))
	}
	if report.bad {
		return errUnwell
	}
	return nil
}

// report prints checks as they are made.
type report struct{ bad bool }

func (r *report) line(what string, err error) {
	if err == nil {
		fmt.Printf("ok    %s\n", what)
		return
	}
	r.bad = true
	fmt.Printf("FAIL  %s: %v\n", what, err)
}

// free says whether serve could listen here, or already does.
func free(ctx context.Context, addr string) error {
	l, err := listen(addr)
	if err == nil {
		return l.Close()
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, reqErr := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/healthz", nil)
	if reqErr != nil {
		return err
	}
	answer, reqErr := http.DefaultClient.Do(req)
	if reqErr != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.Header.Get(serverHeader) == "" {
		return err
	}
	return nil // a running poruch has it
}

func (a *App) checkTelegram(ctx context.Context) error {
	adapter, err := a.fleet.Get(telegramName)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	return adapter.(bots.Checker).Check(ctx)
}

func (a *App) checkRedis(ctx context.Context) error {
	if err := a.openRedis(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := a.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("does not answer: %w; Poruch works without it, but slower; check REDIS_URL", err)
	}
	return nil
}

// checkQueue tells of work that people should look at.
func (a *App) checkQueue(ctx context.Context) error {
	_, dead, err := a.store.Backlog(ctx)
	if err != nil {
		return err
	}
	failed, err := a.store.Failed(ctx)
	if err != nil {
		return err
	}
	if dead > 0 || failed > 0 {
		return fmt.Errorf("%d jobs finally failed (table jobs, state dead) and %d payloads could not be handled (table inbound, state failed)", dead, failed)
	}
	return nil
}
