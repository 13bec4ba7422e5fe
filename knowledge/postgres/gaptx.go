package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/gaps"
)

// overlap is how far behind the cursor is looked again: a decision is visible
// when its transaction commits, which may be later than that of a newer one. A
// job's attempt lasts 90 seconds at most.
const overlap = 10 * time.Minute

// Secret is what the brand's terms are hashed with.
func (t *gapTx) Secret() gaps.Secret { return t.cursor.secret }

// due reads decisions that no gap has taken, of a kind and beyond a mark, in
// the order of a clock: both replace %s. The subquery, unlike a join, looks up
// only the few rows that lie beyond the mark, however many were taken before.
const due = `WITH due AS MATERIALIZED (
		SELECT d.message_id, d.conversation_id, d.lang, d.decided_at, d.%[1]s AS at FROM decisions d
		WHERE d.brand = $1 AND d.%[1]s > $2 AND %[2]s
			AND (SELECT q.message_id FROM gap_questions q WHERE q.message_id = d.message_id) IS NULL
		ORDER BY d.%[1]s, d.message_id LIMIT $3
	)
	SELECT due.message_id, c.contact_id, due.lang, CASE WHEN c.private THEN '' ELSE c.title END, due.decided_at,
		CASE WHEN m.deleted THEN '' ELSE m.body->>'plain' END, m.command <> '', due.at
	FROM due JOIN messages m ON m.id = due.message_id JOIN conversations c ON c.id = due.conversation_id
	ORDER BY due.at, due.message_id`

var (
	unsureQuestions = fmt.Sprintf(due, "decided_at", `d.action IN ('handoff', 'ignore') AND d.reason = 'unsure' AND d.verdict <> 'confirmed'`)
	judgedQuestions = fmt.Sprintf(due, "judged_at", `d.verdict <> '' AND d.verdict IN ('wrong', 'unhelpful', 'missed')
			AND d.action IN ('answer', 'clarify', 'handoff') AND d.reason NOT IN ('complaint', 'person', 'negative', 'files', 'spam')`)
)

// Unanswered returns unsure decisions first, then those that people or
// customers judged to be wrong. A deleted message is returned without words.
func (t *gapTx) Unanswered(ctx context.Context, limit int) ([]gaps.Question, error) {
	unsure, err := t.questions(ctx, unsureQuestions, &t.cursor.decided, limit)
	if err != nil {
		return nil, err
	}
	// A question may be in both; the first list takes it.
	judged, err := t.questions(ctx, judgedQuestions, &t.cursor.judged, limit-len(unsure))
	if err != nil {
		return nil, err
	}
	seen := make(map[int64]bool, len(unsure))
	for _, q := range unsure {
		seen[q.Message] = true
	}
	for _, q := range judged {
		if !seen[q.Message] {
			unsure = append(unsure, q)
		}
	}
	_, err = t.pgx.Exec(ctx, `UPDATE gap_cursors SET decided = $2, judged = $3 WHERE brand = $1`,
		t.brand, t.cursor.decided, t.cursor.judged)
	if err != nil {
		return nil, fmt.Errorf("move the cursor: %w", err)
	}
	return unsure, nil
}

// questions reads those beyond a mark, and moves it.
func (t *gapTx) questions(ctx context.Context, query string, mark *time.Time, limit int) (list []gaps.Question, err error) {
	if limit <= 0 {
		return nil, nil
	}
	rows, err := t.pgx.Query(ctx, query, t.brand, mark.Add(-overlap), limit)
	if err != nil {
		return nil, fmt.Errorf("read unanswered questions: %w", err)
	}
	list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (q gaps.Question, err error) {
		var lang string
		var text *string
		var command bool
		var at time.Time
		if err := row.Scan(&q.Message, &q.Contact, &lang, &q.Community, &q.At, &text, &command, &at); err != nil {
			return q, err
		}
		if at.After(*mark) {
			*mark = at
		}
		q.Lang, q.Text = knowledge.Lang(lang), said(text, command)
		return q, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read unanswered questions: %w", err)
	}
	return list, nil
}

// said is what a message says to the matcher: its text without the command
// that addressed the bot.
func said(text *string, command bool) string {
	if text == nil {
		return ""
	}
	s := *text
	if command {
		_, s, _ = strings.Cut(s, " ")
	}
	return strings.TrimSpace(s)
}

// Common says in how many questions terms occurred.
func (t *gapTx) Common(ctx context.Context, terms []int32) (map[int32]int, int, error) {
	rows, err := t.pgx.Query(ctx, `SELECT term, questions FROM gap_terms WHERE brand = $1 AND term = ANY($2)`, t.brand, terms)
	if err != nil {
		return nil, 0, fmt.Errorf("read terms: %w", err)
	}
	counts := map[int32]int{}
	var term int32
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&term, &n}, func() error { counts[term] = n; return nil }); err != nil {
		return nil, 0, fmt.Errorf("read terms: %w", err)
	}
	return counts, t.cursor.questions, nil
}

// Bounds on the search: of a term that many gaps have, the newest ones are
// looked at; and the commonest terms of a question are left out when the rarer
// ones have brought enough.
const (
	postingsOfTerm = 1500
	postingsInAll  = 3000
)

// Candidates returns the gaps with the most telling terms in common.
func (t *gapTx) Candidates(ctx context.Context, terms []int32, telling []float64) ([]gaps.Candidate, error) {
	rows, err := t.pgx.Query(ctx, `
		WITH asked AS (
			SELECT a.term, a.telling, a.place,
				sum(least(coalesce(k.gaps, 0), $5::int)) OVER (ORDER BY a.place ROWS UNBOUNDED PRECEDING) AS so_far,
				least(coalesce(k.gaps, 0), $5::int) AS here
			FROM unnest($2::int[], $3::float8[]) WITH ORDINALITY AS a(term, telling, place)
			LEFT JOIN gap_terms k ON k.brand = $1 AND k.term = a.term
		), found AS (
			SELECT p.gap_id
			FROM asked a CROSS JOIN LATERAL (
				SELECT gap_id FROM gap_postings WHERE brand = $1 AND term = a.term ORDER BY gap_id DESC LIMIT $5
			) p
			WHERE a.so_far - a.here < $6
			GROUP BY p.gap_id ORDER BY sum(a.telling) DESC, p.gap_id LIMIT $4
		)
		SELECT id, centre FROM gaps WHERE id = ANY(ARRAY(SELECT gap_id FROM found)) ORDER BY id`,
		t.brand, terms, telling, gaps.MaxCandidates, postingsOfTerm, postingsInAll)
	if err != nil {
		return nil, fmt.Errorf("look for gaps: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c gaps.Candidate, err error) {
		var centre []byte
		if err := row.Scan(&c.ID, &centre); err != nil {
			return c, err
		}
		if c.Centre, err = unpackCentre(centre); err != nil {
			return c, fmt.Errorf("gap %d: %w", c.ID, err)
		}
		return c, nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for gaps: %w", err)
	}
	return list, nil
}
