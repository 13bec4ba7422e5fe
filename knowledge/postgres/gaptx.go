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

const questionColumns = `d.message_id, c.contact_id, d.lang, CASE WHEN c.private THEN '' ELSE c.title END,
	d.decided_at, m.body->>'plain', m.command <> ''`

const questionJoins = `FROM decisions d
	JOIN messages m ON m.id = d.message_id AND NOT m.deleted
	JOIN conversations c ON c.id = d.conversation_id
	WHERE d.brand = $1 AND NOT EXISTS (SELECT FROM gap_questions q WHERE q.message_id = d.message_id)`

// Unanswered returns unsure decisions first, then those that people or
// customers judged to be wrong.
func (t *gapTx) Unanswered(ctx context.Context, limit int) ([]gaps.Question, error) {
	unsure, err := t.questions(ctx, `SELECT `+questionColumns+`, d.decided_at `+questionJoins+`
		AND d.decided_at > $2 AND d.action = 'handoff' AND d.reason = 'unsure' AND d.verdict <> 'confirmed'
		ORDER BY d.decided_at, d.message_id LIMIT $3`, &t.cursor.decided, limit)
	if err != nil {
		return nil, err
	}
	// A question may be in both; the first list takes it.
	judged, err := t.questions(ctx, `SELECT `+questionColumns+`, d.judged_at `+questionJoins+`
		AND d.judged_at > $2 AND d.verdict IN ('wrong', 'unhelpful', 'missed')
		AND d.action IN ('answer', 'clarify', 'handoff') AND d.reason NOT IN ('complaint', 'person', 'negative', 'files', 'spam')
		ORDER BY d.judged_at, d.message_id LIMIT $3`, &t.cursor.judged, limit-len(unsure))
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
	postingsOfTerm = 2000
	postingsInAll  = 6000
)

// Candidates returns the gaps with the most telling terms in common.
func (t *gapTx) Candidates(ctx context.Context, terms []int32, telling []float64) ([]*gaps.Gap, error) {
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
		SELECT `+gapColumns+` FROM gaps WHERE id = ANY(ARRAY(SELECT gap_id FROM found))`,
		t.brand, terms, telling, gaps.MaxCandidates, postingsOfTerm, postingsInAll)
	if err != nil {
		return nil, fmt.Errorf("look for gaps: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*gaps.Gap, error) {
		g, err := scanGap(row)
		return &g, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for gaps: %w", err)
	}
	return list, nil
}

// Knows says whether a contact asked this before.
func (t *gapTx) Knows(ctx context.Context, gap, contact int64) (known bool, err error) {
	err = t.pgx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM gap_questions WHERE gap_id = $1 AND contact_id = $2)`, gap, contact).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look for the contact: %w", err)
	}
	return known, nil
}

// Join saves a gap and its new question.
func (t *gapTx) Join(ctx context.Context, j gaps.Joined) error {
	b := &pgx.Batch{}
	if j.Gap.ID == 0 {
		if err := insertGap(ctx, t.pgx, j.Gap); err != nil {
			return err
		}
	} else {
		values, err := gapValues(j.Gap)
		if err != nil {
			return err
		}
		b.Queue(updateGapSQL, append([]any{j.Gap.ID}, values...)...)
	}
	b.Queue(`INSERT INTO gap_questions (message_id, gap_id, contact_id, asked_at, closeness) VALUES ($1, $2, $3, $4, $5)`,
		j.Question.Message, j.Gap.ID, j.Question.Contact, j.Question.At, j.Closeness)
	if len(j.Fresh) > 0 {
		// A term that the gap had forgotten is there already.
		b.Queue(`WITH added AS (
				INSERT INTO gap_postings (brand, term, gap_id) SELECT $1, term, $3 FROM unnest($2::int[]) AS term
				ON CONFLICT DO NOTHING RETURNING term
			) INSERT INTO gap_terms (brand, term, questions, gaps) SELECT $1, term, 0, 1 FROM added ORDER BY term
			ON CONFLICT (brand, term) DO UPDATE SET gaps = gap_terms.gaps + 1`, t.brand, j.Fresh, j.Gap.ID)
	}
	if err := t.pgx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("join gap %d: %w", j.Gap.ID, err)
	}
	return nil
}

// Skip remembers a question without words.
func (t *gapTx) Skip(ctx context.Context, q gaps.Question) error {
	_, err := t.pgx.Exec(ctx, `INSERT INTO gap_questions (message_id, contact_id, asked_at, closeness) VALUES ($1, $2, $3, 0)`,
		q.Message, q.Contact, q.At)
	if err != nil {
		return fmt.Errorf("skip question %d: %w", q.Message, err)
	}
	return nil
}

// Count adds to how common terms are.
func (t *gapTx) Count(ctx context.Context, terms map[int32]int, questions int) error {
	list, counts := make([]int32, 0, len(terms)), make([]int32, 0, len(terms))
	for term, n := range terms {
		list, counts = append(list, term), append(counts, int32(n))
	}
	b := &pgx.Batch{}
	b.Queue(`INSERT INTO gap_terms (brand, term, questions, gaps)
		SELECT $1, t.term, t.n, 0 FROM unnest($2::int[], $3::int[]) AS t(term, n) ORDER BY t.term
		ON CONFLICT (brand, term) DO UPDATE SET questions = gap_terms.questions + excluded.questions`, t.brand, list, counts)
	b.Queue(`UPDATE gap_cursors SET questions = questions + $2 WHERE brand = $1`, t.brand, questions)
	if err := t.pgx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("count terms: %w", err)
	}
	return nil
}
