package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/inbox"
)

// Enqueue adds a job. The caller holds its conversation's lock, so ids within a
// lane are drawn in the order of their commits. A card that still waits to be
// shown makes another one needless.
func (t *tx) Enqueue(ctx context.Context, j inbox.Job) error {
	payload, err := json.Marshal(j.Payload)
	if err != nil {
		return wrapped("enqueue", err)
	}
	due := j.RunAt
	if due.IsZero() {
		due = t.now()
	}
	_, err = t.pgx.Exec(ctx, `
		INSERT INTO jobs (lane, kind, brand, ticket_id, message_id, payload, state, run_at, created_at)
		SELECT $1, $2, $3, $4, $5, $6, 'pending', $7, $8
		WHERE $2 <> $9 OR NOT EXISTS (
			SELECT 1 FROM jobs WHERE lane = $1 AND kind = $9 AND ticket_id = $4 AND state = 'pending')`,
		j.Lane, string(j.Kind), j.Brand, j.Ticket, j.Message, payload, due, t.now(), string(inbox.JobCard))
	return wrapped("enqueue "+string(j.Kind), err)
}

// Finish ends a running job that this worker still holds.
func (t *tx) Finish(ctx context.Context, j inbox.Job) error {
	done, err := t.pgx.Exec(ctx, `DELETE FROM jobs WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3`,
		j.ID, j.Worker, j.Attempt)
	if err != nil {
		return wrapped("finish job", err)
	}
	if done.RowsAffected() == 0 {
		return inbox.ErrLeaseLost
	}
	return nil
}

// Bury ends a running job that finally failed; it stays to be seen.
func (t *tx) Bury(ctx context.Context, j inbox.Job, cause string) error {
	done, err := t.pgx.Exec(ctx, `
		UPDATE jobs SET state = 'dead', last_error = $4, leased_until = NULL
		WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3`, j.ID, j.Worker, j.Attempt, cause)
	if err != nil {
		return wrapped("bury job", err)
	}
	if done.RowsAffected() == 0 {
		return inbox.ErrLeaseLost
	}
	return nil
}

// claim takes the first unfinished job of each lane that is due. The ARRAY form
// keeps the planner from joining over the whole table (a textbook CTE became
// nine times slower after an ANALYZE of the empty table).
const claim = `
	UPDATE jobs SET state = 'running', attempt = attempt + 1, worker = $1, leased_until = $2
	WHERE id = ANY (ARRAY (
		SELECT j.id FROM jobs j
		WHERE j.state = 'pending' AND j.run_at <= $3
		  AND NOT EXISTS (
			SELECT 1 FROM jobs p WHERE p.lane = j.lane AND p.id < j.id AND p.state IN ('pending', 'running'))
		ORDER BY j.run_at, j.id
		FOR UPDATE SKIP LOCKED LIMIT $4)) AND state = 'pending'
	RETURNING id, lane, kind, brand, ticket_id, message_id, payload, attempt, unsure, worker, run_at, created_at`

// Claim hands out due jobs.
func (s *Store) Claim(ctx context.Context, c inbox.Claiming) ([]inbox.Job, error) {
	now := s.now()
	rows, err := s.db.Pool.Query(ctx, claim, c.Worker, now.Add(c.Lease), now, c.Max)
	if err != nil {
		return nil, wrapped("claim jobs", err)
	}
	jobs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (j inbox.Job, err error) {
		var payload []byte
		err = row.Scan(&j.ID, &j.Lane, &j.Kind, &j.Brand, &j.Ticket, &j.Message, &payload, &j.Attempt, &j.Unsure,
			&j.Worker, &j.RunAt, &j.CreatedAt)
		if err != nil {
			return j, err
		}
		return j, json.Unmarshal(payload, &j.Payload)
	})
	return jobs, wrapped("claim jobs", err)
}

// Retry puts a running job back.
func (s *Store) Retry(ctx context.Context, j inbox.Job, r inbox.Retry) error {
	attempt := j.Attempt
	if r.Waited {
		attempt--
	}
	done, err := s.db.Pool.Exec(ctx, `
		UPDATE jobs SET state = 'pending', run_at = $4, attempt = $5, unsure = unsure OR $6, leased_until = NULL,
			last_error = CASE WHEN $7 = '' THEN last_error ELSE $7 END
		WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3`,
		j.ID, j.Worker, j.Attempt, r.At, attempt, r.Unsure, r.Cause)
	if err != nil {
		return wrapped("put job back", err)
	}
	if done.RowsAffected() == 0 {
		return inbox.ErrLeaseLost
	}
	return nil
}

// workerLocks is the class of the advisory locks that living workers hold.
const workerLocks = 0x706f72 // "por"

// Reap puts back the jobs of workers that died. A worker lives as long as its
// database session holds its advisory lock; the lease covers a worker whose
// session lives but whose job hangs.
func (s *Store) Reap(ctx context.Context) (int, error) {
	done, err := s.db.Pool.Exec(ctx, `
		UPDATE jobs SET state = 'pending', unsure = true, leased_until = NULL
		WHERE id = ANY (ARRAY (
			SELECT j.id FROM jobs j
			WHERE j.state = 'running' AND (j.leased_until < $1 OR NOT EXISTS (
				SELECT 1 FROM pg_locks l
				WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
				  AND l.classid = $2 AND l.objid = j.worker::oid AND l.granted))
			FOR UPDATE SKIP LOCKED)) AND state = 'running'`, s.now(), workerLocks)
	if err != nil {
		return 0, wrapped("reap jobs", err)
	}
	return int(done.RowsAffected()), nil
}

// Due returns when the next pending job is due.
func (s *Store) Due(ctx context.Context) (time.Time, error) {
	var due *time.Time
	err := s.db.Pool.QueryRow(ctx, `SELECT min(run_at) FROM jobs WHERE state = 'pending'`).Scan(&due)
	if err != nil || due == nil {
		return time.Time{}, wrapped("read when a job is due", err)
	}
	return *due, nil
}

// Backlog counts unfinished and dead jobs.
func (s *Store) Backlog(ctx context.Context) (waiting, dead int64, err error) {
	err = s.db.Pool.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state <> 'dead'), count(*) FILTER (WHERE state = 'dead') FROM jobs`).
		Scan(&waiting, &dead)
	return waiting, dead, wrapped("count jobs", err)
}

// Failed counts payloads that could not be handled.
func (s *Store) Failed(ctx context.Context) (n int64, err error) {
	err = s.db.Pool.QueryRow(ctx, `SELECT count(*) FROM inbound WHERE state = 'failed'`).Scan(&n)
	return n, wrapped("count failed payloads", err)
}

// Presence is a worker's sign of life: a session that holds its advisory lock.
type Presence struct {
	conn *pgx.Conn
	id   int32
}

// Appear opens a session of its own and takes the lock of a worker id. When
// the session is lost (Postgres restarted), Keep takes it again.
func (s *Store) Appear(ctx context.Context, id int32) (*Presence, error) {
	p := &Presence{id: id}
	if err := p.connect(ctx, s.db.Pool.Config().ConnConfig); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Presence) connect(ctx context.Context, cfg *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return wrapped("open the worker's session", err)
	}
	var ok bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, $2)`, workerLocks, p.id).Scan(&ok); err != nil || !ok {
		return fmt.Errorf("take the lock of worker %d: taken %t: %w", p.id, !ok, err)
	}
	p.conn = conn
	return nil
}

// Keep watches the session until ctx ends, and opens it again when it was lost.
func (p *Presence) Keep(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		check, cancel := context.WithTimeout(ctx, every*5)
		if err := p.conn.Ping(check); err != nil && ctx.Err() == nil {
			cfg := p.conn.Config()
			_ = p.conn.Close(check)
			_ = p.connect(check, cfg) // the next tick tries again
		}
		cancel()
	}
}

// Close ends the session; the worker's running jobs are then free at once.
func (p *Presence) Close(ctx context.Context) error { return p.conn.Close(ctx) }
