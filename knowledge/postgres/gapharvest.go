package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/knowledge/gaps"
)

// Gap reads one gap whole.
func (t *gapTx) Gap(ctx context.Context, id int64) (*gaps.Gap, error) {
	g, err := gapOf(ctx, t.pgx, id)
	return &g, err
}

// Knows returns the pairs that are known.
func (t *gapTx) Knows(ctx context.Context, pairs []gaps.Pair) (map[gaps.Pair]bool, error) {
	known := map[gaps.Pair]bool{}
	if len(pairs) == 0 {
		return known, nil
	}
	ids, contacts := make([]int64, len(pairs)), make([]int64, len(pairs))
	for i, p := range pairs {
		ids[i], contacts[i] = p.Gap, p.Contact
	}
	rows, err := t.pgx.Query(ctx, `SELECT p.gap, p.contact FROM unnest($1::bigint[], $2::bigint[]) AS p(gap, contact)
		WHERE EXISTS (SELECT FROM gap_questions WHERE gap_id = p.gap AND contact_id = p.contact)`, ids, contacts)
	if err != nil {
		return nil, fmt.Errorf("look for contacts: %w", err)
	}
	var p gaps.Pair
	if _, err := pgx.ForEachRow(rows, []any{&p.Gap, &p.Contact}, func() error { known[p] = true; return nil }); err != nil {
		return nil, fmt.Errorf("look for contacts: %w", err)
	}
	return known, nil
}

// Save writes gaps first, whose IDs the rest needs.
func (t *gapTx) Save(ctx context.Context, h gaps.Harvest) error {
	b := &pgx.Batch{}
	for _, c := range h.Changed {
		values, err := gapValues(c.Gap)
		if err != nil {
			return err
		}
		if c.ID > 0 {
			b.Queue(updateGapSQL, append([]any{c.ID}, values...)...)
			continue
		}
		b.Queue(insertGapSQL, append([]any{c.Brand}, values...)...).QueryRow(func(row pgx.Row) error { return row.Scan(&c.Gap.ID) })
	}
	if err := t.pgx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("save gaps: %w", err)
	}
	b = &pgx.Batch{}
	t.saveQuestions(b, h)
	t.saveTerms(b, h)
	b.Queue(`UPDATE gap_cursors SET questions = questions + $2 WHERE brand = $1`, t.brand, h.Questions)
	if err := t.pgx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("save the questions of gaps: %w", err)
	}
	return nil
}

func (t *gapTx) saveQuestions(b *pgx.Batch, h gaps.Harvest) {
	const insert = `INSERT INTO gap_questions (message_id, gap_id, contact_id, asked_at, closeness) VALUES ($1, $2, $3, $4, $5)`
	for _, j := range h.Joined {
		b.Queue(insert, j.Question.Message, j.Gap.ID, j.Question.Contact, j.Question.At, j.Closeness)
	}
	for _, q := range h.Skipped {
		b.Queue(insert, q.Message, nil, q.Contact, q.At, 0)
	}
}

// saveTerms adds postings, and counts terms by questions and by gaps.
func (t *gapTx) saveTerms(b *pgx.Batch, h gaps.Harvest) {
	terms, counts := make([]int32, 0, len(h.Terms)), make([]int32, 0, len(h.Terms))
	for term, n := range h.Terms {
		terms, counts = append(terms, term), append(counts, int32(n))
	}
	b.Queue(`INSERT INTO gap_terms (brand, term, questions, gaps)
		SELECT $1, t.term, t.n, 0 FROM unnest($2::int[], $3::int[]) AS t(term, n)
		ON CONFLICT (brand, term) DO UPDATE SET questions = gap_terms.questions + excluded.questions`, t.brand, terms, counts)
	var fresh []int32
	var of []int64
	for _, c := range h.Changed {
		for _, term := range c.Fresh {
			fresh, of = append(fresh, term), append(of, c.ID)
		}
	}
	// A term that a gap had forgotten is posted already. Every term has its row
	// by now.
	b.Queue(`WITH added AS (
			INSERT INTO gap_postings (brand, term, gap_id) SELECT $1, p.term, p.gap FROM unnest($2::int[], $3::bigint[]) AS p(term, gap)
			ON CONFLICT DO NOTHING RETURNING term
		) UPDATE gap_terms SET gaps = gaps + n FROM (SELECT term, count(*) AS n FROM added GROUP BY term) AS a
		WHERE gap_terms.brand = $1 AND gap_terms.term = a.term`, t.brand, fresh, of)
}
