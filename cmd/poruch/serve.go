package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/internal/pgembed"
)

// ServeCmd runs Poruch for real.
type ServeCmd struct {
	configFile
	Roles []string `help:"What this replica does: intake, worker, slack, web." placeholder:"ROLE"`
}

// stopTimeout is how long an orderly end may take.
const stopTimeout = 20 * time.Second

// Run serves until ctx ends.
func (c *ServeCmd) Run(ctx context.Context) (err error) {
	cfg, err := config.Load(c.Config, config.Environ())
	if err != nil {
		return usageError{err}
	}
	if len(c.Roles) > 0 {
		cfg.Roles = c.Roles
	}
	if ps := cfg.Validate(); len(ps) > 0 {
		return usageError{problems(ps)}
	}
	log := newLogger(os.Stderr, cfg.Log)
	var l net.Listener
	if slices.Contains(cfg.Roles, config.RoleWeb) {
		if l, err = listen(cfg.Addr); err != nil {
			return err
		}
		defer l.Close()
	}
	app, err := NewApp(ctx, Options{Config: cfg, Log: log, Durable: true})
	if err != nil {
		return installHint(err)
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		err = errors.Join(err, app.Close(end))
	}()
	if l != nil {
		fmt.Printf("ready http://%s\n", l.Addr())
	} else {
		fmt.Println("ready")
	}
	return app.Run(ctx, l)
}

func newLogger(w io.Writer, c config.Log) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Level)) // Validate has seen it; else info
	opts := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// problems is a configuration that cannot work, as one error.
func problems(ps []config.Problem) error {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = "  " + p.String()
	}
	return fmt.Errorf("the configuration is not complete:\n%s\nrun `poruch doctor` to check it", strings.Join(lines, "\n"))
}

// usageError ends the program with status 2: the caller must change something.
type usageError struct{ error }

// ExitCode is 2, as for a wrong flag.
func (usageError) ExitCode() int   { return 2 }
func (e usageError) Unwrap() error { return e.error }

func installHint(err error) error {
	if errors.Is(err, pgembed.ErrNoBinaries) {
		return usageError{err}
	}
	return err
}
