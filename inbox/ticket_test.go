package inbox

import (
	"slices"
	"testing"
	"time"
)

// The state machine as docs/architecture.md draws it.
func TestTicketMoves(t *testing.T) {
	states := []State{StateNew, StateAnswered, StateOpen, StatePending, StateSnoozed, StateResolved}
	allowed := map[State][]State{
		StateNew:      {StateAnswered, StateOpen},
		StateAnswered: {StateOpen, StatePending, StateSnoozed, StateResolved},
		StateOpen:     {StatePending, StateSnoozed, StateResolved},
		StatePending:  {StateOpen, StateSnoozed, StateResolved},
		StateSnoozed:  {StateOpen, StatePending, StateResolved},
		StateResolved: {StateOpen, StateAnswered, StatePending},
	}
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, from := range states {
		for _, to := range states {
			ticket := Ticket{State: from, SnoozedUntil: now}
			err := ticket.MoveTo(to, now)
			if ok := from == to || slices.Contains(allowed[from], to); ok != (err == nil) {
				t.Errorf("%s -> %s: %v", from, to, err)
			}
			if err != nil && ticket.State != from {
				t.Errorf("%s -> %s failed and changed the ticket", from, to)
			}
			if err != nil || from == to {
				continue
			}
			people := to == StateOpen || to == StatePending || to == StateSnoozed
			if ticket.HandedOff != people || ticket.ResolvedAt.IsZero() == (to == StateResolved) || ticket.SnoozedUntil.IsZero() == (to == StateSnoozed) {
				t.Errorf("%s -> %s left %+v", from, to, ticket)
			}
		}
	}
}
