package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/gaps"
)

// Asked returns questions of a gap, read from the messages as they stand.
func (g *Gaps) Asked(ctx context.Context, id int64, newest, closest int) ([]gaps.Asked, error) {
	rows, err := g.db.Pool.Query(ctx, `
		WITH chosen AS (
			(SELECT message_id FROM gap_questions WHERE gap_id = $1 ORDER BY asked_at DESC LIMIT $2)
			UNION
			(SELECT message_id FROM gap_questions WHERE gap_id = $1 ORDER BY closeness DESC LIMIT $3)
		)
		SELECT q.message_id, q.contact_id, coalesce(d.lang, ''), m.body->>'plain', m.command <> '',
			CASE WHEN c.private THEN '' ELSE c.title END, q.asked_at, coalesce(d.right_entry, ''), coalesce(d.top, ''),
			coalesce(d.confidence, 0)
		FROM chosen JOIN gap_questions q USING (message_id)
		JOIN messages m ON m.id = q.message_id AND NOT m.deleted
		JOIN conversations c ON c.id = m.conversation_id
		LEFT JOIN decisions d ON d.message_id = q.message_id
		ORDER BY q.asked_at DESC, q.message_id DESC`, id, newest, closest)
	if err != nil {
		return nil, fmt.Errorf("read the questions of gap %d: %w", id, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a gaps.Asked, err error) {
		var lang string
		var text *string
		var command bool
		err = row.Scan(&a.Message, &a.Contact, &lang, &text, &command, &a.Community, &a.At, &a.Right, &a.Top, &a.Confidence)
		a.Lang, a.Text = knowledge.Lang(lang), said(text, command)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the questions of gap %d: %w", id, err)
	}
	return list, nil
}

// Replies returns what people answered on the tickets of a gap's questions.
func (g *Gaps) Replies(ctx context.Context, id int64, questions, limit int) ([]gaps.Reply, error) {
	rows, err := g.db.Pool.Query(ctx, `
		SELECT m.body->>'plain', m.sent_at FROM messages m
		WHERE m.ticket_id = ANY(ARRAY(
				SELECT a.ticket_id FROM gap_questions q JOIN messages a ON a.id = q.message_id
				WHERE q.gap_id = $1 AND NOT a.deleted ORDER BY q.asked_at DESC LIMIT $2))
			AND m.direction = 'agent' AND NOT m.deleted AND m.body->>'plain' <> ''
		ORDER BY m.id DESC LIMIT $3`, id, questions, limit)
	if err != nil {
		return nil, fmt.Errorf("read replies on gap %d: %w", id, err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[gaps.Reply])
	if err != nil {
		return nil, fmt.Errorf("read replies on gap %d: %w", id, err)
	}
	return list, nil
}
