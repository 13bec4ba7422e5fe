package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/poruch/poruch/internal/database"
)

// WakeAt arranges that a snoozed ticket comes back; part of the transaction.
func (t *tx) WakeAt(ctx context.Context, ticket int64, at time.Time) error {
	_, err := t.timers.InsertTx(ctx, t.pgx, wakeArgs{Ticket: ticket}, &river.InsertOpts{ScheduledAt: at})
	return wrapped("schedule wake-up", err)
}

// SettleAt arranges that a silent customer's ticket is resolved.
func (t *tx) SettleAt(ctx context.Context, ticket int64, at time.Time) error {
	_, err := t.timers.InsertTx(ctx, t.pgx, settleArgs{Ticket: ticket}, &river.InsertOpts{ScheduledAt: at})
	return wrapped("schedule settling", err)
}

type wakeArgs struct {
	Ticket int64 `json:"ticket"`
}

func (wakeArgs) Kind() string { return "wake_ticket" }

type settleArgs struct {
	Ticket int64 `json:"ticket"`
}

func (settleArgs) Kind() string { return "settle_ticket" }

type purgeArgs struct{}

func (purgeArgs) Kind() string { return "purge_payloads" }

// Due is what timers call when their time has come.
type Due struct {
	Wake   func(ctx context.Context, ticket int64) error
	Settle func(ctx context.Context, ticket int64) error
	// Purge runs once an hour on one replica.
	Purge func(ctx context.Context) error
}

// Timers runs what is timed, on River. Several replicas share the work.
type Timers struct{ client *river.Client[pgx.Tx] }

// NewTimers prepares the timers of a migrated database; Start starts them.
func NewTimers(db *database.DB, due Due, log *slog.Logger) (*Timers, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, j *river.Job[wakeArgs]) error {
		return due.Wake(ctx, j.Args.Ticket)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, j *river.Job[settleArgs]) error {
		return due.Settle(ctx, j.Args.Ticket)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, _ *river.Job[purgeArgs]) error {
		return due.Purge(ctx)
	}))
	client, err := river.NewClient(riverpgxv5.New(db.Pool), &river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		Workers: workers,
		Logger:  log,
		PeriodicJobs: []*river.PeriodicJob{river.NewPeriodicJob(
			river.PeriodicInterval(time.Hour),
			func() (river.JobArgs, *river.InsertOpts) { return purgeArgs{}, nil },
			&river.PeriodicJobOpts{RunOnStart: true},
		)},
	})
	if err != nil {
		return nil, fmt.Errorf("prepare timers: %w", err)
	}
	return &Timers{client}, nil
}

// Start starts the timers; Stop ends them and waits for those under way.
func (t *Timers) Start(ctx context.Context) error {
	return wrapped("start timers", t.client.Start(ctx))
}

// Stop waits until ctx ends at most.
func (t *Timers) Stop(ctx context.Context) error { return wrapped("stop timers", t.client.Stop(ctx)) }
