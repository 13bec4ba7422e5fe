package postgres_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// said stores a contact's message with a decision on it.
func (q queue) said(t *testing.T, id string) (line inbox.Decided) {
	t.Helper()
	err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error {
		c, err := tx.ConversationFor(ctx, "b", bots.Message{From: bots.Address{Bot: "telegram", Chat: "1"}, Author: bots.Author{ID: "1"}})
		if err != nil {
			return err
		}
		m := inbox.Message{Conversation: c.ID, Direction: inbox.FromContact, ExternalID: bots.MessageID(id), Delivery: inbox.Received, SentAt: q.clock.Now()}
		if _, err := tx.AddMessage(ctx, c, &m); err != nil {
			return err
		}
		line = inbox.Decided{
			Message: m.ID, Brand: "b", Conversation: c.ID, Lang: knowledge.English, Action: knowledge.Answer, Reason: knowledge.Sure,
			Entries: []string{"a", "b"}, Top: "a", Confidence: 0.5, Threshold: 0.25, At: q.clock.Now(),
		}
		return tx.AddDecision(ctx, line)
	})
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func (q queue) line(t *testing.T, message int64) (line inbox.Decided) {
	t.Helper()
	err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) (err error) {
		line, err = tx.Decision(ctx, message)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestDecisionsAreKeptAsTheyWere(t *testing.T) {
	q := newQueue(t)
	want := q.said(t, "in1")
	got := q.line(t, want.Message)
	if !got.At.Equal(want.At) || !got.JudgedAt.IsZero() || !slices.Equal(got.Entries, want.Entries) {
		t.Errorf("read %+v, want %+v", got, want)
	}
	got.At, got.Entries, want.Entries = want.At, nil, nil
	if !same(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
	err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error {
		if ok, err := tx.Judge(ctx, want.Message+1, inbox.Judgement{Verdict: inbox.Wrong, By: "U1", JudgedAt: q.clock.Now()}); ok || err != nil {
			t.Errorf("judged what is not there: %t, %v", ok, err)
		}
		if _, err := tx.LastAnswer(ctx, 1); !errors.Is(err, inbox.ErrNotFound) {
			t.Errorf("an answer on no ticket: %v", err)
		}
		_, err := tx.Decision(ctx, want.Message+1)
		return err
	})
	if !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("a decision on nothing: %v", err)
	}
}

// same compares what is not a list or a time.
func same(a, b inbox.Decided) bool {
	return a.Message == b.Message && a.Brand == b.Brand && a.Conversation == b.Conversation && a.Ticket == b.Ticket && a.Lang == b.Lang &&
		a.Action == b.Action && a.Reason == b.Reason && a.Suggested == b.Suggested && a.Top == b.Top &&
		a.Confidence == b.Confidence && a.Threshold == b.Threshold && a.Judgement == b.Judgement
}

// A person of staff counts for more than the contact, and the contact for more
// than silence; among equals the last word counts.
func TestWhoseVerdictCounts(t *testing.T) {
	judges := []inbox.Judgement{
		{Verdict: inbox.Assumed, By: inbox.BySilence}, {Verdict: inbox.Unhelpful, By: inbox.ByContactSelf},
		{Verdict: inbox.Wrong, Right: "b", By: "U1"},
	}
	q := newQueue(t)
	for i, first := range judges {
		for j, second := range judges {
			line := q.said(t, first.By+second.By)
			var counts bool
			err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) (err error) {
				first.JudgedAt, second.JudgedAt = q.clock.Now(), q.clock.Now().Add(time.Hour)
				if ok, err := tx.Judge(ctx, line.Message, first); !ok || err != nil {
					t.Errorf("the first verdict: %t, %v", ok, err)
				}
				counts, err = tx.Judge(ctx, line.Message, second)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			want := first
			if j >= i {
				want = second
			}
			got := q.line(t, line.Message)
			if counts != (j >= i) || got.Verdict != want.Verdict || got.By != want.By || got.Right != want.Right || !got.JudgedAt.Equal(want.JudgedAt) {
				t.Errorf("%s after %s: counts %t, %+v", second.By, first.By, counts, got.Judgement)
			}
		}
	}
}
