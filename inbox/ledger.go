package inbox

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// Decided is a line of the ledger: what was decided on a contact's message, as
// it was carried out, and what came of it.
type Decided struct {
	Message      int64
	Brand        string
	Conversation int64
	Ticket       int64 // 0: the message is on no ticket
	Lang         knowledge.Lang
	Action       knowledge.Action
	Reason       knowledge.Reason
	Entries      []string // answered with, or offered
	Suggested    string   // for a hand-off: what people were shown as the bot's answer; "" for nothing
	Top          string   // the first candidate; "" when there was none
	Confidence   float64  // 0..1, of the first candidate
	Threshold    float64  // 0..1
	At           time.Time
	Judgement
}

// Judgement is what came of a decision. Its zero value: nobody has judged yet.
type Judgement struct {
	Verdict  Verdict
	Right    string // the entry that a person named as the right one; "" for none
	By       string // ByContactSelf, BySilence, or the id of an agent or trainer
	JudgedAt time.Time
}

// Verdict is a judgement in one word.
type Verdict string

// The verdicts.
const (
	Confirmed Verdict = "confirmed" // the contact says that it helped, or a person that it is right
	Assumed   Verdict = "assumed"   // an answered ticket was settled by silence
	Unhelpful Verdict = "unhelpful" // the contact asked for a person, or said that it did not help
	Wrong     Verdict = "wrong"     // a person says that the answer or suggestion is wrong
	Missed    Verdict = "missed"    // nothing was answered or suggested, and a person named what is right
)

// Who judges, besides agents and trainers. A person of staff counts for more
// than the contact, and the contact for more than silence.
const (
	ByContactSelf = "contact"
	BySilence     = "silence"
)

// chosen is the reason of an answer that the contact chose from those offered.
const chosen knowledge.Reason = "chosen"

// byStaff says whether a person of staff has judged.
func (j Judgement) byStaff() bool { return j.By != "" && j.By != ByContactSelf && j.By != BySilence }

// given are the entries that the contact was answered with, or that staff were
// shown as the bot's answer.
func (d Decided) given() []string {
	switch {
	case d.Action == knowledge.Answer:
		return d.Entries
	case d.Suggested != "":
		return []string{d.Suggested}
	}
	return nil
}

// enter writes a decision that was carried out into the ledger.
func (d *Desk) enter(ctx context.Context, tx Tx, m *matter, decision knowledge.Decision) error {
	return tx.AddDecision(ctx, d.lineOf(m, decision))
}

// amendLine writes what became of a decision to ask back. When it was decided,
// and how surely, stays.
func (d *Desk) amendLine(ctx context.Context, tx Tx, m *matter, decision knowledge.Decision) error {
	line, err := tx.Decision(ctx, m.msg.ID)
	if errors.Is(err, ErrNotFound) {
		return d.enter(ctx, tx, m, decision)
	}
	if err != nil {
		return err
	}
	line.Ticket, line.Action, line.Reason, line.Judgement = m.msg.Ticket, decision.Action, decision.Reason, Judgement{}
	line.Entries, line.Suggested = decision.Entries, decision.Suggested
	return tx.AddDecision(ctx, line)
}

func (d *Desk) lineOf(m *matter, decision knowledge.Decision) Decided {
	line := Decided{
		Message: m.msg.ID, Brand: m.c.Brand, Conversation: m.c.ID, Ticket: m.msg.Ticket, Lang: decision.Lang,
		Action: decision.Action, Reason: decision.Reason, Entries: decision.Entries, Suggested: decision.Suggested,
		Confidence: decision.Confidence, Threshold: decision.Threshold, At: d.Now(),
	}
	if line.Lang == "" {
		line.Lang = m.lang
	}
	if len(decision.Candidates) > 0 {
		line.Top = decision.Candidates[0].EntryID
	}
	return line
}

// heard writes the contact's own verdict on the decision about a message; what
// was said before there was a ledger is about none.
func (d *Desk) heard(ctx context.Context, tx Tx, message int64, v Verdict) error {
	_, err := tx.Judge(ctx, message, Judgement{Verdict: v, By: ByContactSelf, JudgedAt: d.Now()})
	return err
}

// judge takes an agent's verdict on what the bot answered, or would have.
func (d *Desk) judge(ctx context.Context, tx Tx, t Ticket, a Action) (string, error) {
	line, err := tx.Decision(ctx, a.Message)
	if errors.Is(err, ErrNotFound) || err == nil && (line.Ticket != t.ID || len(line.given()) == 0) {
		return d.Phrases.NothingToJudge(d.brand(t.Brand).StaffLang), nil
	}
	if err != nil {
		return "", err
	}
	v := Judgement{Verdict: Confirmed, By: a.Agent.ID, JudgedAt: d.Now()}
	if a.Kind == Refute {
		v.Verdict = Wrong
	}
	return "", d.judged(ctx, tx, t, line.Message, v)
}

// judged writes a verdict of staff's and shows it on the card.
func (d *Desk) judged(ctx context.Context, tx Tx, t Ticket, message int64, v Judgement) error {
	counts, err := tx.Judge(ctx, message, v)
	if err != nil || !counts {
		return err
	}
	if err := d.change(ctx, tx, &t, change{kind: "judged", by: byAgent(Agent{ID: v.By}), why: string(v.Verdict)}); err != nil {
		return err
	}
	return d.card(ctx, tx, t)
}

// judgeSent reads a verdict out of what an agent sent with a button: it is the
// right answer to the question that the ticket is about. What an agent has
// judged before stands, but for a right entry that was not named yet.
func (d *Desk) judgeSent(ctx context.Context, tx Tx, t Ticket, by Agent, entry string) error {
	line, err := tx.Decision(ctx, t.Message)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil || line.Ticket != t.ID {
		return err
	}
	v := Judgement{Verdict: Missed, Right: entry, By: by.ID, JudgedAt: d.Now()}
	switch given := line.given(); {
	case slices.Contains(given, entry):
		v.Verdict, v.Right = Confirmed, ""
	case len(given) > 0:
		v.Verdict = Wrong
	case line.Reason == knowledge.Person, line.Reason == knowledge.Negative:
		return nil // the words ask for people, not for an entry
	}
	if line.byStaff() && (line.Verdict != Wrong || line.Right != "" || v.Verdict != Wrong) {
		return nil
	}
	return d.judged(ctx, tx, t, line.Message, v)
}
