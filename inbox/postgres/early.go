package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/inbox"
)

// KeepEarly keeps a reply in a thread that is no ticket's yet. Its payload is
// kept with the other payloads already.
func (t *tx) KeepEarly(ctx context.Context, r inbox.Reply) error {
	r.Raw = nil
	body, err := json.Marshal(r)
	if err != nil {
		return wrapped("keep early reply", err)
	}
	_, err = t.pgx.Exec(ctx, `INSERT INTO early_replies (channel, thread_ts, reply, created_at) VALUES ($1, $2, $3, $4)`,
		r.Thread.Channel, r.Thread.TS, body, t.now())
	return wrapped("keep early reply", err)
}

// TakeEarly removes and returns a thread's early replies, oldest first.
func (t *tx) TakeEarly(ctx context.Context, at inbox.ThreadRef) ([]inbox.Reply, error) {
	rows, err := t.pgx.Query(ctx, `
		WITH taken AS (DELETE FROM early_replies WHERE channel = $1 AND thread_ts = $2 RETURNING id, reply)
		SELECT reply FROM taken ORDER BY id`, at.Channel, at.TS)
	if err != nil {
		return nil, wrapped("take early replies", err)
	}
	replies, err := pgx.CollectRows(rows, pgx.RowTo[inbox.Reply]) // jsonb reads into a struct
	return replies, wrapped("take early replies", err)
}

// PurgeEarly deletes early replies from before a time: nobody's ticket came.
func (s *Store) PurgeEarly(ctx context.Context, before time.Time) error {
	_, err := s.db.Pool.Exec(ctx, `DELETE FROM early_replies WHERE created_at < $1`, before)
	return wrapped("purge early replies", err)
}
