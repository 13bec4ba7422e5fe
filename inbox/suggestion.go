package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/poruch/poruch/bots/markdown"
	"github.com/poruch/poruch/knowledge"
)

// cardSuggestions is how many answers a card offers to send, and
// leastSuggested how sure the matcher must be of each: the rest is noise.
const (
	cardSuggestions = 3
	leastSuggested  = 0.05
)

// verdicts is what the ledger says of a ticket.
type verdicts struct {
	decision Decided // on the message that the ticket is about; zero: none
	answer   Decided // the last that the bot answered; zero: none
}

func verdictsOn(ctx context.Context, tx Tx, t Ticket) (v verdicts, err error) {
	if v.decision, err = tx.Decision(ctx, t.Message); err != nil && !errors.Is(err, ErrNotFound) {
		return v, err
	}
	if v.answer, err = tx.LastAnswer(ctx, t.ID); err != nil && !errors.Is(err, ErrNotFound) {
		return v, err
	}
	return v, nil
}

// staffVerdict is a person of staff's verdict, for the card; "" for none.
func (d Decided) staffVerdict() Verdict {
	if !d.byStaff() {
		return ""
	}
	return d.Verdict
}

// answeredOn is what the bot answered last, for staff to judge.
func (d *Desk) answeredOn(ctx context.Context, t Ticket, last Decided) (Answered, error) {
	a := Answered{Message: last.Message, Verdict: last.staffVerdict()}
	for _, id := range last.Entries {
		entry, ok, err := d.Answers.Entry(ctx, t.Brand, id)
		if err != nil {
			return Answered{}, fmt.Errorf("read entry %s: %w", id, err)
		}
		if !ok || entry.Title == "" {
			entry.Title = id
		}
		a.Titles = append(a.Titles, entry.Title)
	}
	return a, nil
}

// suggestionsFor are the answers that staff can send: first the one that the
// bot would have given, then what resembles the question most.
func (d *Desk) suggestionsFor(ctx context.Context, t Ticket, asked time.Time, on Decided) ([]Suggestion, error) {
	of := t.Decision
	ids := []string{of.Suggested}
	sure := map[string]float64{of.Suggested: of.Confidence}
	for _, c := range of.Candidates {
		sure[c.EntryID] = c.Confidence
		if c.EntryID != of.Suggested && c.Confidence >= leastSuggested {
			ids = append(ids, c.EntryID)
		}
	}
	var suggestions []Suggestion
	for _, id := range ids {
		if id == "" || len(suggestions) == cardSuggestions {
			continue
		}
		entry, ok, err := d.Answers.Entry(ctx, t.Brand, id)
		if err != nil {
			return nil, fmt.Errorf("read entry %s: %w", id, err)
		}
		if meant := id == of.Suggested; !ok || !meant && (entry.Trust == knowledge.Off || !entry.Valid(d.Now())) {
			continue // gone, or not to be said
		}
		text, _ := entry.Answer(t.Lang, d.brand(t.Brand).Lang)
		s := Suggestion{EntryID: id, Title: entry.Title, Text: markdown.Parse(text), Links: entry.Links, Confidence: sure[id]}
		for _, f := range entry.Files {
			s.Files = append(s.Files, f.Name)
		}
		if id == of.Suggested {
			s.Meant, s.Because, s.Verdict = true, withheld(of.Reason, entry, asked), on.staffVerdict()
		}
		suggestions = append(suggestions, s)
	}
	return suggestions, nil
}

// withheld says what kept an entry from answering a question that was asked at
// a time.
func withheld(r knowledge.Reason, e knowledge.Entry, asked time.Time) Withholding {
	switch {
	case r != knowledge.Withheld:
		return ""
	case e.Trust == knowledge.Shadow:
		return InShadow
	case e.Trust == knowledge.Suggest:
		return SuggestOnly
	case e.Valid(asked):
		return ""
	case asked.Before(e.From):
		return TooEarly
	}
	return Expired
}

// choicesOf are the words on the buttons of a message's choices.
func choicesOf(m Message) (labels []string) {
	for n := range m.Choices {
		if n < len(m.Buttons) && len(m.Buttons[n]) > 0 && m.Buttons[n][0].URL == "" {
			labels = append(labels, m.Buttons[n][0].Label)
		}
	}
	return labels
}
