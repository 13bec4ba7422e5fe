package inbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/poruch/poruch/bots"
)

// Worker runs due jobs of a Desk. Several, in one process or many, share a queue.
type Worker struct {
	Desk  *Desk
	ID    int32         // unique among the living workers; its death frees its jobs
	Slots int           // jobs at once
	Lease time.Duration // longer than any job may take
	Poll  time.Duration // how long a lost signal may delay a job
}

// jobTimeout bounds one attempt, file transfers included. It is well below the
// lease, so that a slow attempt ends before another worker takes it over.
const jobTimeout = 90 * time.Second

// Run works until ctx ends, then waits for the jobs under way.
func (w *Worker) Run(ctx context.Context) error {
	var under sync.WaitGroup
	defer under.Wait()
	done := make(chan struct{}, w.Slots)
	busy := 0
	nextReap := time.Time{}
	for {
		for drained := false; !drained; {
			select {
			case <-done:
				busy--
			default:
				drained = true
			}
		}
		if now := w.Desk.Now(); !now.Before(nextReap) {
			nextReap = now.Add(reapEvery)
			w.reap(ctx)
		}
		var jobs []Job
		if busy < w.Slots {
			var err error
			jobs, err = w.Desk.Queue.Claim(ctx, Claiming{Worker: w.ID, Max: w.Slots - busy, Lease: w.Lease})
			if err != nil && ctx.Err() == nil {
				w.Desk.Log.ErrorContext(ctx, "cannot claim jobs; trying again", "err", err)
			}
		}
		for _, j := range jobs {
			busy++
			under.Add(1)
			go func() {
				defer under.Done()
				// A stop lets the attempt end: half a send is worse than a late exit.
				jctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), jobTimeout)
				defer cancel()
				w.Desk.Run(jctx, j)
				done <- struct{}{}
			}()
		}
		if len(jobs) > 0 && busy < w.Slots {
			continue // there may be more
		}
		pause := time.NewTimer(w.idle(ctx, busy))
		select {
		case <-ctx.Done():
			pause.Stop()
			return nil
		case <-done:
			busy--
		case <-w.Desk.Signals.Woken():
		case <-pause.C:
		}
		pause.Stop()
	}
}

// reapEvery is how soon the jobs of a dead worker are noticed.
const reapEvery = time.Second

func (w *Worker) reap(ctx context.Context) {
	n, err := w.Desk.Queue.Reap(ctx)
	if err != nil && ctx.Err() == nil {
		w.Desk.Log.ErrorContext(ctx, "cannot reap jobs; trying again", "err", err)
	}
	if n > 0 {
		w.Desk.Log.WarnContext(ctx, "took over jobs of a dead worker", "jobs", n)
	}
}

// idle is how long to wait for a signal before looking again.
func (w *Worker) idle(ctx context.Context, busy int) time.Duration {
	if busy == w.Slots {
		return w.Poll
	}
	due, err := w.Desk.Queue.Due(ctx)
	if err != nil || due.IsZero() {
		return w.Poll
	}
	// A due job that was not handed out waits for its lane or another worker.
	return min(max(due.Sub(w.Desk.Now()), 20*time.Millisecond), w.Poll)
}

// Run does one job, and sees to it that a failure ends in another attempt or
// before a person. It reports nothing: what matters is in the store.
func (d *Desk) Run(ctx context.Context, j Job) {
	start := d.Now()
	outcome := "done"
	defer func() {
		if p := recover(); p != nil {
			outcome = "panic"
			// What a panic says may hold people's words; where it happened does not.
			d.Log.ErrorContext(ctx, "job panicked", "job", j.ID, "kind", j.Kind, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			d.putBack(ctx, j, errPanic, true)
		}
		d.Observe.Finished(j.Kind, outcome, d.Now().Sub(start))
	}()
	switch err := d.do(ctx, j); {
	case err == nil:
	case errors.Is(err, ErrLeaseLost):
		outcome = "lost"
		d.Log.WarnContext(ctx, "job was taken over by another worker", "job", j.ID, "kind", j.Kind)
	default:
		outcome = "retried"
		d.putBack(ctx, j, err, !surelyNot(err))
	}
}

// do dispatches a job. Whatever it returns but nil puts the job back.
func (d *Desk) do(ctx context.Context, j Job) error {
	switch j.Kind {
	case JobDecide:
		return d.inTx(ctx, func(ctx context.Context, tx Tx) error {
			if err := d.decide(ctx, tx, j); err != nil {
				return err
			}
			return tx.Finish(ctx, j)
		})
	case JobPress:
		return d.runPress(ctx, j)
	case JobSend:
		return d.send(ctx, j)
	case JobEdit, JobRetract:
		return d.amend(ctx, j)
	case JobOpen:
		return d.openThread(ctx, j)
	case JobCard:
		return d.updateCard(ctx, j)
	case JobPost:
		return d.post(ctx, j)
	case JobRevise:
		return d.runRevise(ctx, j)
	case JobNote:
		return d.postNote(ctx, j)
	case JobMark:
		return d.mark(ctx, j)
	}
	return fmt.Errorf("%w: unknown kind of job %q", ErrInvalid, j.Kind)
}

func (d *Desk) runPress(ctx context.Context, j Job) error {
	var notice string
	err := d.inTx(ctx, func(ctx context.Context, tx Tx) (err error) {
		if notice, err = d.press(ctx, tx, j); err != nil {
			return err
		}
		return tx.Finish(ctx, j)
	})
	if err != nil {
		return err
	}
	// The verdict is stored; the notice is a courtesy, and a late one is refused.
	if err := d.Bots.Acknowledge(ctx, j.Payload.Bot, j.Payload.PressID, notice); err != nil {
		d.Log.InfoContext(ctx, "button was not acknowledged", "bot", j.Payload.Bot, "job", j.ID, "err", err)
	}
	return nil
}

// notYet: the attempt did not begin, because its chat or channel must wait.
type notYet struct{ wait time.Duration }

func (e notYet) Error() string { return fmt.Sprintf("must wait %s", e.wait) }

// surelyNot says whether a failed attempt surely had no effect outside.
func surelyNot(err error) bool {
	var retry *bots.RetryError
	var wait notYet
	return errors.As(err, &retry) || errors.As(err, &wait) || errors.Is(err, bots.ErrUnreachable) || errors.Is(err, bots.ErrRejected)
}

// putBack gives a job back for a later attempt, or buries it.
func (d *Desk) putBack(ctx context.Context, j Job, cause error, unsure bool) {
	if hopeless(cause) && j.Attempt >= buryAfter {
		d.bury(ctx, j, cause)
		return
	}
	r := Retry{At: d.Now().Add(backoff(j.Attempt)), Cause: cause.Error(), Unsure: unsure && j.outside()}
	var wait notYet
	var retry *bots.RetryError
	switch {
	case errors.As(cause, &wait):
		r.At, r.Waited, r.Cause = d.Now().Add(wait.wait), true, ""
	case errors.As(cause, &retry) && retry.After > 0:
		r.At, r.Waited = d.Now().Add(retry.After), true
	}
	if !r.Waited {
		d.Log.WarnContext(ctx, "job failed; trying again", "job", j.ID, "kind", j.Kind, "ticket", j.Ticket,
			"message", j.Message, "attempt", j.Attempt, "at", r.At, "err", cause)
	}
	if err := d.Queue.Retry(ctx, j, r); err != nil && !errors.Is(err, ErrLeaseLost) {
		// The lease ends by itself, and then the job is taken over.
		d.Log.ErrorContext(ctx, "cannot put a job back; its lease will", "job", j.ID, "err", err)
	}
	if j.Kind == JobSend && j.Attempt == 1 && !errors.As(cause, &wait) {
		d.showWaiting(ctx, j)
	}
}

// outside says whether the job acts outside of Postgres in a way that a repeat
// would double.
func (j Job) outside() bool {
	switch j.Kind {
	case JobSend, JobOpen, JobPost, JobNote:
		return true
	}
	return false
}

// backoff is the wait before the attempt after n failed ones: 1 s, doubled each
// time up to a minute, with a quarter of jitter so that lanes spread out.
func backoff(n int) time.Duration {
	d := time.Second << min(max(n-1, 0), 6)
	d = min(d, time.Minute)
	return d - time.Duration(rand.Int64N(int64(d)/4))
}

// record commits what an attempt has done outside. The deed cannot be undone,
// so a database that is away for a moment is waited for until the job's time
// is up.
func (d *Desk) record(ctx context.Context, j Job, do func(ctx context.Context, tx Tx) error) error {
	for n := 1; ; n++ {
		err := d.inTx(ctx, func(ctx context.Context, tx Tx) error {
			if err := do(ctx, tx); err != nil {
				return err
			}
			return tx.Finish(ctx, j)
		})
		if err == nil || errors.Is(err, ErrLeaseLost) || errors.Is(err, ErrInvalid) || ctx.Err() != nil {
			return err
		}
		d.Log.WarnContext(ctx, "done, but not yet recorded; trying again", "job", j.ID, "kind", j.Kind, "err", err)
		pause := time.NewTimer(min(backoff(n), 5*time.Second))
		select {
		case <-ctx.Done():
			pause.Stop()
			return err
		case <-pause.C:
		}
	}
}
