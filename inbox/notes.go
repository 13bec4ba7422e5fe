package inbox

import "github.com/poruch/poruch/knowledge"

// NotDelivered tells staff that a message can never arrive, and what to do.
func (p *Phrases) NotDelivered(l knowledge.Lang, why Failure) string {
	return p.say(l, "not_delivered_"+string(why), nil)
}

// CustomerBlocked tells staff that the customer shut the bot out.
func (p *Phrases) CustomerBlocked(l knowledge.Lang) string { return p.say(l, "customer_blocked", nil) }

// CustomerReturned tells staff that the customer let the bot in again.
func (p *Phrases) CustomerReturned(l knowledge.Lang) string {
	return p.say(l, "customer_returned", nil)
}

// PossibleDuplicate tells staff that a message may have arrived twice.
func (p *Phrases) PossibleDuplicate(l knowledge.Lang) string {
	return p.say(l, "possible_duplicate", nil)
}

// Reopened tells staff that the customer came back to a settled ticket.
func (p *Phrases) Reopened(l knowledge.Lang) string { return p.say(l, "reopened", nil) }

// SnoozeOver tells staff that a snoozed ticket is back.
func (p *Phrases) SnoozeOver(l knowledge.Lang) string { return p.say(l, "snooze_over", nil) }

// AlreadyClaimedBy tells an agent that a colleague was faster. The name may be
// empty.
func (p *Phrases) AlreadyClaimedBy(l knowledge.Lang, name string) string {
	if name == "" {
		return p.say(l, "already_claimed_unnamed", nil)
	}
	return p.say(l, "already_claimed", map[string]any{"Name": name})
}

// AlreadyResolved tells an agent that there is nothing left to settle.
func (p *Phrases) AlreadyResolved(l knowledge.Lang) string { return p.say(l, "already_resolved", nil) }

// LaterTicketOpen tells an agent why an old ticket cannot be reopened.
func (p *Phrases) LaterTicketOpen(l knowledge.Lang, ticket int64) string {
	return p.say(l, "later_ticket_open", map[string]any{"Ticket": ticket})
}

// UnknownSuggestion tells an agent that a suggested answer was taken out.
func (p *Phrases) UnknownSuggestion(l knowledge.Lang) string {
	return p.say(l, "unknown_suggestion", nil)
}

// NoteStaysInside tells an agent that a note does not become a reply by an edit.
func (p *Phrases) NoteStaysInside(l knowledge.Lang) string {
	return p.say(l, "note_stays_inside", nil)
}

// EditNotDelivered tells an agent that the customer still has the old words.
func (p *Phrases) EditNotDelivered(l knowledge.Lang) string {
	return p.say(l, "edit_not_delivered", nil)
}

// DeleteNotPossible tells an agent that the customer still has the message.
func (p *Phrases) DeleteNotPossible(l knowledge.Lang) string {
	return p.say(l, "delete_not_possible", nil)
}

// CustomerSaysHelped tells staff the customer's verdict.
func (p *Phrases) CustomerSaysHelped(l knowledge.Lang) string {
	return p.say(l, "customer_says_helped", nil)
}

// CustomerAsksPerson tells staff that the customer pressed the button for it.
func (p *Phrases) CustomerAsksPerson(l knowledge.Lang) string {
	return p.say(l, "customer_asks_person", nil)
}

// CustomerChose tells staff what the customer chose after they took over.
func (p *Phrases) CustomerChose(l knowledge.Lang, title string) string {
	return p.say(l, "customer_chose", map[string]any{"Title": title})
}

// CustomerChoseNone tells staff that the customer wanted none of the choices.
func (p *Phrases) CustomerChoseNone(l knowledge.Lang) string {
	return p.say(l, "customer_chose_none", nil)
}

// NothingToJudge tells an agent that a verdict came too late.
func (p *Phrases) NothingToJudge(l knowledge.Lang) string {
	return p.say(l, "nothing_to_judge", nil)
}

// FileNotFetched tells staff that a customer's file is missing.
func (p *Phrases) FileNotFetched(l knowledge.Lang, name string) string {
	return p.say(l, "file_not_fetched", map[string]any{"File": name})
}

// CannotShow tells staff that the console refuses a customer's words.
func (p *Phrases) CannotShow(l knowledge.Lang) string { return p.say(l, "cannot_show", nil) }

// StepFailed tells staff that a step of Poruch's own failed for good. job is
// its number in the log and in the table of jobs.
func (p *Phrases) StepFailed(l knowledge.Lang, job int64) string {
	return p.say(l, "step_failed", map[string]any{"Job": job})
}
