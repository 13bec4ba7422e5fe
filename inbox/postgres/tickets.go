package postgres

import (
	"context"
	"fmt"

	"github.com/poruch/poruch/inbox"
)

// LastTicket returns the conversation's unresolved ticket, else its newest.
func (t *tx) LastTicket(ctx context.Context, conversation int64) (inbox.Ticket, error) {
	var row ticketRow
	err := take(t.db(ctx).Where("conversation_id = ?", conversation).Order("state <> 'resolved' DESC, id DESC"), &row, "last ticket")
	return row.ticket(), err
}

// Ticket reads a ticket.
func (t *tx) Ticket(ctx context.Context, id int64) (inbox.Ticket, error) {
	var row ticketRow
	err := take(t.db(ctx).Where("id = ?", id), &row, fmt.Sprintf("ticket %d", id))
	return row.ticket(), err
}

// threadLocks is the class of the advisory locks that hold threads.
const threadLocks = 0x746872 // "thr"

// TicketInThread finds a ticket by its thread, and holds the thread. Two
// threads may share a lock; that costs a moment only.
func (t *tx) TicketInThread(ctx context.Context, at inbox.ThreadRef) (inbox.Ticket, error) {
	_, err := t.pgx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, hashtext($2))`, threadLocks, at.Channel+" "+at.TS)
	if err != nil {
		return inbox.Ticket{}, wrapped("hold thread", err)
	}
	var row ticketRow
	err = take(t.db(ctx).Where("thread_channel = ? AND thread_ts = ? AND thread_ts <> ''", at.Channel, at.TS), &row, "ticket in thread")
	return row.ticket(), err
}

// SaveTicket writes a ticket, and makes it when its ID is 0.
func (t *tx) SaveTicket(ctx context.Context, ticket *inbox.Ticket) error {
	row := rowOfTicket(*ticket)
	if ticket.ID != 0 {
		return wrapped(fmt.Sprintf("save ticket %d", ticket.ID), t.db(ctx).Select("*").Omit("OpenedAt", "ConversationID", "Brand").Updates(&row).Error)
	}
	if err := t.db(ctx).Create(&row).Error; err != nil {
		return wrapped("make ticket", err)
	}
	ticket.ID = row.ID
	return nil
}

// AddEvent appends to a ticket's history.
func (t *tx) AddEvent(ctx context.Context, e inbox.Event) error {
	return wrapped("add event", t.db(ctx).Exec(`
		INSERT INTO ticket_events (ticket_id, kind, actor_kind, actor_id, from_state, to_state, why, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Ticket, e.Kind, string(e.Actor.Kind), e.Actor.ID, string(e.From), string(e.To), e.Why, e.At).Error)
}
