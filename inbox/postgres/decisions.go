package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/inbox"
)

// AddDecision writes a line of the ledger, in place of the message's earlier one.
func (t *tx) AddDecision(ctx context.Context, d inbox.Decided) error {
	var judged *time.Time
	if !d.JudgedAt.IsZero() {
		judged = &d.JudgedAt
	}
	_, err := t.pgx.Exec(ctx, `
		INSERT INTO decisions (message_id, brand, conversation_id, ticket_id, lang, action, reason, entries, suggested, top,
			confidence, threshold, decided_at, verdict, right_entry, judged_by, judged_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
		ON CONFLICT (message_id) DO UPDATE SET brand = excluded.brand, conversation_id = excluded.conversation_id,
			ticket_id = excluded.ticket_id, lang = excluded.lang, action = excluded.action, reason = excluded.reason,
			entries = excluded.entries, suggested = excluded.suggested, top = excluded.top, confidence = excluded.confidence,
			threshold = excluded.threshold, decided_at = excluded.decided_at, verdict = excluded.verdict,
			right_entry = excluded.right_entry, judged_by = excluded.judged_by, judged_at = excluded.judged_at`,
		d.Message, d.Brand, d.Conversation, d.Ticket, string(d.Lang), string(d.Action), string(d.Reason), orEmpty(d.Entries),
		d.Suggested, d.Top, d.Confidence, d.Threshold, d.At, string(d.Verdict), d.Right, d.By, judged)
	return wrapped(fmt.Sprintf("write the decision on message %d", d.Message), err)
}

const selectDecision = `SELECT message_id, brand, conversation_id, ticket_id, lang, action, reason, entries, suggested, top,
	confidence, threshold, decided_at, verdict, right_entry, judged_by, judged_at FROM decisions `

// Decision reads what was decided on a message.
func (t *tx) Decision(ctx context.Context, message int64) (inbox.Decided, error) {
	return t.decision(ctx, `WHERE message_id = $1`, message)
}

// LastAnswer reads the newest decision to answer on a ticket.
func (t *tx) LastAnswer(ctx context.Context, ticket int64) (inbox.Decided, error) {
	// A ticket's decisions are its conversation's, for which there is an index.
	return t.decision(ctx, `WHERE conversation_id = (SELECT conversation_id FROM tickets WHERE id = $1)
		AND ticket_id = $1 AND action = 'answer' ORDER BY decided_at DESC, message_id DESC LIMIT 1`, ticket)
}

func (t *tx) decision(ctx context.Context, where string, id int64) (d inbox.Decided, err error) {
	var judged *time.Time
	err = t.pgx.QueryRow(ctx, selectDecision+where, id).Scan(&d.Message, &d.Brand, &d.Conversation, &d.Ticket, &d.Lang, &d.Action,
		&d.Reason, &d.Entries, &d.Suggested, &d.Top, &d.Confidence, &d.Threshold, &d.At, &d.Verdict, &d.Right, &d.By, &judged)
	if errors.Is(err, pgx.ErrNoRows) {
		return inbox.Decided{}, fmt.Errorf("decision for %d: %w", id, inbox.ErrNotFound)
	}
	if judged != nil {
		d.JudgedAt = *judged
	}
	return d, wrapped("read a decision", err)
}

// Judge writes what came of a decision, unless somebody who counts for more has
// judged it.
func (t *tx) Judge(ctx context.Context, message int64, j inbox.Judgement) (bool, error) {
	done, err := t.pgx.Exec(ctx, `
		UPDATE decisions SET verdict = $2, right_entry = $3, judged_by = $4, judged_at = $5
		WHERE message_id = $1 AND `+weight("judged_by")+` <= `+weight("$4::text"),
		message, string(j.Verdict), j.Right, j.By, j.JudgedAt)
	if err != nil {
		return false, wrapped(fmt.Sprintf("judge the decision on message %d", message), err)
	}
	return done.RowsAffected() == 1, nil
}

// weight is how much a judge counts.
func weight(by string) string {
	return `(CASE ` + by + ` WHEN '' THEN 0 WHEN '` + inbox.BySilence + `' THEN 1 WHEN '` + inbox.ByContactSelf + `' THEN 2 ELSE 3 END)`
}

// Assume judges the answers on a ticket that nobody has judged.
func (t *tx) Assume(ctx context.Context, ticket int64, at time.Time) error {
	_, err := t.pgx.Exec(ctx, `
		UPDATE decisions SET verdict = $2, judged_by = $3, judged_at = $4
		WHERE conversation_id = (SELECT conversation_id FROM tickets WHERE id = $1)
		  AND ticket_id = $1 AND action = 'answer' AND verdict = ''`,
		ticket, string(inbox.Assumed), inbox.BySilence, at)
	return wrapped(fmt.Sprintf("assume that ticket %d is settled", ticket), err)
}
