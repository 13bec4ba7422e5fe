package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/knowledge/scorecard"
)

// Scorecard counts what became of a brand's questions.
type Scorecard struct{ db *database.DB }

var _ scorecard.Store = (*Scorecard)(nil)

// NewScorecard works on a migrated database.
func NewScorecard(db *database.DB) *Scorecard { return &Scorecard{db} }

// facts has a row for each question and each entry that it belongs to. A
// reopening and the decision that it leads to are written together, by clocks
// a moment apart: hence the second between them.
const facts = `
WITH asked AS (
	SELECT d.*, c.contact_id
	FROM decisions d
	JOIN messages m ON m.id = d.message_id AND NOT m.deleted
	JOIN conversations c ON c.id = d.conversation_id
	WHERE d.brand = $1 AND d.decided_at >= $2 AND d.decided_at < $3 AND d.action IN ('answer', 'clarify', 'handoff')
), facts AS (
	SELECT a.message_id, a.lang, a.action, a.verdict, a.right_entry, e.entry,
		a.action = 'handoff' AND a.suggested <> '' AS shown,
		a.action = 'answer' AND EXISTS (
			SELECT FROM ticket_events t
			WHERE a.ticket_id <> 0 AND t.ticket_id = a.ticket_id AND t.kind = 'reopened' AND t.at > a.decided_at + interval '1 second'
				AND NOT EXISTS (
					SELECT FROM decisions l
					WHERE l.conversation_id = a.conversation_id AND l.ticket_id = a.ticket_id AND l.action = 'answer'
						AND (l.decided_at, l.message_id) > (a.decided_at, a.message_id) AND l.decided_at + interval '1 second' < t.at
				)
		) AS reopened,
		a.action = 'answer' AND e.entry <> '' AND EXISTS (
			SELECT FROM conversations s
			JOIN decisions l ON l.conversation_id = s.id AND l.brand = $1
				AND l.decided_at >= a.decided_at AND l.decided_at <= a.decided_at + $4::interval
			JOIN messages m ON m.id = l.message_id AND NOT m.deleted
			WHERE s.contact_id = a.contact_id AND (l.decided_at, l.message_id) > (a.decided_at, a.message_id)
				AND l.action IN ('answer', 'clarify', 'handoff')
				AND (l.action = 'answer' AND e.entry = ANY(l.entries) OR l.action <> 'answer' AND l.top = e.entry)
		) AS re_asked
	FROM asked a CROSS JOIN LATERAL (
		SELECT DISTINCT unnest(CASE
			WHEN a.action = 'handoff' THEN ARRAY[coalesce(nullif(a.suggested, ''), a.top)]
			WHEN a.entries = '{}' THEN ARRAY['']
			ELSE a.entries END) AS entry
	) e
)`

// sums are the figures over rows of facts, each question once in a group.
const sums = `
	count(*) FILTER (WHERE action IN ('answer', 'handoff')),
	count(*) FILTER (WHERE action = 'answer'),
	count(*) FILTER (WHERE action = 'handoff'),
	count(*) FILTER (WHERE action = 'answer' AND verdict = 'confirmed'),
	count(*) FILTER (WHERE action = 'answer' AND verdict = 'assumed'),
	count(*) FILTER (WHERE action = 'answer' AND verdict = 'unhelpful'),
	count(*) FILTER (WHERE action = 'answer' AND verdict = 'wrong'),
	count(*) FILTER (WHERE reopened),
	count(*) FILTER (WHERE re_asked),
	count(*) FILTER (WHERE shown AND verdict = 'confirmed'),
	count(*) FILTER (WHERE shown AND verdict IN ('wrong', 'unhelpful')),
	count(*) FILTER (WHERE missed),
	count(*) FILTER (WHERE action = 'clarify')`

// byEntry counts what people named with the entry that they named.
const byEntry = facts + `, told AS (
	SELECT entry AS key, action, verdict, shown, reopened, re_asked, false AS missed FROM facts
	UNION ALL
	SELECT DISTINCT ON (message_id) right_entry, '', '', false, false, false, true FROM facts
	WHERE right_entry <> '' AND verdict IN ('missed', 'wrong')
)
SELECT key, ` + sums + ` FROM told GROUP BY key`

// byQuestion counts each question once; %s is what they are grouped by.
const byQuestion = facts + `, told AS (
	SELECT message_id, %s AS key, action, verdict, bool_or(shown) AS shown, bool_or(reopened) AS reopened,
		bool_or(re_asked) AS re_asked, right_entry <> '' AND verdict IN ('missed', 'wrong') AS missed
	FROM facts GROUP BY message_id, key, action, verdict, right_entry
)
SELECT key, ` + sums + ` FROM told GROUP BY key`

// Count counts.
func (s *Scorecard) Count(ctx context.Context, q scorecard.Query) ([]scorecard.Row, error) {
	var query string
	switch q.By {
	case scorecard.ByEntry:
		query = byEntry
	case scorecard.ByLang:
		query = fmt.Sprintf(byQuestion, "lang")
	case scorecard.ByBrand:
		query = fmt.Sprintf(byQuestion, "$1::text")
	default:
		return nil, fmt.Errorf("count the scorecard by %q: known are entry, lang and brand", q.By)
	}
	rows, err := s.db.Pool.Query(ctx, query, q.Brand, q.From, q.To, scorecard.AskedAgainWithin)
	if err != nil {
		return nil, fmt.Errorf("count the scorecard of %s: %w", q.Brand, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r scorecard.Row, err error) {
		f := &r.Figures
		err = row.Scan(&r.Key, &f.Asked, &f.Answered, &f.HandedOff, &f.Confirmed, &f.Assumed, &f.Unhelpful, &f.Wrong,
			&f.Reopened, &f.ReAsked, &f.SuggestedRight, &f.SuggestedWrong, &f.Missed, &f.Offered)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("count the scorecard of %s: %w", q.Brand, err)
	}
	return list, nil
}
