package postgres

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/library"
	"github.com/poruch/poruch/knowledge/scorecard"
)

// Confirmed implements library.Store. A message that was deleted, or has no
// words, is left out.
func (s *Store) Confirmed(ctx context.Context, brand string) (list []library.Confirmed, err error) {
	var rows []struct {
		MessageID            int64
		Plain                string
		Expect, Not, Verdict string
	}
	// A confirmed clarification or suggestion names its entry as an answer does.
	err = s.gorm(ctx).Raw(`
		SELECT d.message_id, m.body->>'plain' AS plain, d.verdict,
		    CASE WHEN d.right_entry <> '' THEN d.right_entry
		         WHEN d.verdict = 'confirmed' THEN COALESCE(NULLIF(d.entries[1], ''), d.suggested)
		         ELSE '' END AS expect,
		    CASE WHEN d.verdict = 'wrong' THEN COALESCE(NULLIF(d.entries[1], ''), d.suggested) ELSE '' END AS not
		FROM decisions d JOIN messages m ON m.id = d.message_id
		WHERE d.brand = ? AND d.verdict IN ('confirmed', 'wrong', 'missed') AND NOT m.deleted AND m.body->>'plain' <> ''
		    AND (d.verdict <> 'confirmed' OR cardinality(d.entries) <= 1)
		ORDER BY d.judged_at DESC, d.message_id DESC`, brand).Scan(&rows).Error
	for _, r := range rows {
		list = append(list, library.Confirmed{Message: r.MessageID, Text: r.Plain, Expect: r.Expect, Not: r.Not})
	}
	return list, err
}

// Tallies implements library.Tx. A decision with two answers counts for both;
// one that was wrong counts against what was said or shown.
func (t *tx) Tallies(context.Context) (map[string]scorecard.Precision, error) {
	var rows []struct {
		Entry          string
		Rights, Wrongs int
	}
	err := t.g.Raw(`
		SELECT e.id AS entry, count(*) FILTER (WHERE d.verdict = 'confirmed') AS rights,
		    count(*) FILTER (WHERE d.verdict IN ('wrong', 'unhelpful')) AS wrongs
		FROM knowledge_entries e
		JOIN decisions d ON d.brand = e.brand AND d.judged_at >= e.judged_since
		    AND (e.id = ANY (d.entries) AND d.action = 'answer' OR e.id = d.suggested)
		WHERE e.brand = ? AND d.verdict IN ('confirmed', 'wrong', 'unhelpful')
		GROUP BY e.id`, t.book.Brand).Scan(&rows).Error
	tallies := make(map[string]scorecard.Precision, len(rows))
	for _, r := range rows {
		tallies[r.Entry] = scorecard.Precision{Right: r.Rights, Wrong: r.Wrongs}
	}
	return tallies, err
}

// mostJudged is how many verdicts a threshold is made of: a brand changes.
const mostJudged = 5000

// Judged implements library.Tx. An answer of two entries says nothing of either's
// confidence.
func (t *tx) Judged(context.Context) (list []library.Judged, err error) {
	err = t.g.Raw(`
		SELECT confidence, CASE WHEN right_entry <> '' THEN right_entry = top ELSE verdict = 'confirmed' END AS right
		FROM decisions
		WHERE brand = ? AND verdict IN ('confirmed', 'wrong', 'unhelpful', 'missed') AND action IN ('answer', 'handoff')
		    AND reason IN ('sure', 'unsure', 'withheld') AND cardinality(entries) <= 1 AND top <> '' AND confidence < ?
		ORDER BY judged_at DESC LIMIT ?`, t.book.Brand, knowledge.WordForWord-0.0005, mostJudged).Scan(&list).Error
	return list, err
}

// asked is a decision with the words it was about.
const asked = `
	SELECT d.message_id, m.body->>'plain' AS plain, d.lang, array_to_json(d.entries)::text AS entries, d.suggested
	FROM decisions d JOIN messages m ON m.id = d.message_id
	WHERE d.brand = ? AND NOT m.deleted `

type askedRow struct {
	MessageID   int64
	Plain, Lang string
	Entries     []string `gorm:"serializer:json"`
	Suggested   string
}

func (r askedRow) asked() library.Asked {
	return library.Asked{Message: r.MessageID, Text: r.Plain, Lang: knowledge.Lang(r.Lang), Entries: r.Entries, Suggested: r.Suggested}
}

// Question implements library.Tx.
func (t *tx) Question(_ context.Context, message int64) (library.Asked, error) {
	var row askedRow
	err := one(t.g.Raw(asked+"AND d.message_id = ?", t.book.Brand, message), &row)
	return row.asked(), err
}

// Reply implements library.Tx. The question is the last one before the reply
// on its ticket.
func (t *tx) Reply(_ context.Context, message int64) (library.Replied, error) {
	var reply struct {
		TicketID    int64
		Plain, Lang string
	}
	err := one(t.g.Raw(`
		SELECT m.ticket_id, m.body->>'plain' AS plain, k.lang FROM messages m JOIN tickets k ON k.id = m.ticket_id
		WHERE k.brand = ? AND m.id = ? AND m.direction = 'agent' AND NOT m.deleted`, t.book.Brand, message), &reply)
	if err != nil {
		return library.Replied{}, err
	}
	var row askedRow
	err = one(t.g.Raw(asked+"AND m.ticket_id = ? AND m.id < ? AND d.action <> 'ignore' ORDER BY m.id DESC LIMIT 1",
		t.book.Brand, reply.TicketID, message), &row)
	return library.Replied{Question: row.asked(), Text: reply.Plain, Lang: knowledge.Lang(reply.Lang)}, err
}

func one(q *gorm.DB, into any) error {
	err := q.Take(into).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return library.ErrNotFound
	}
	return err
}

// Judge implements library.Tx.
func (t *tx) Judge(_ context.Context, message int64, v library.Verdict, by library.By, at time.Time) error {
	return t.g.Exec(`UPDATE decisions SET verdict = ?, right_entry = ?, judged_by = ?, judged_at = ? WHERE brand = ? AND message_id = ?`,
		string(v.Kind), v.Right, by.Author, at, t.book.Brand, message).Error
}
