package inbox

import (
	"context"
	"errors"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/knowledge"
)

// buryAfter is how many attempts a job has whose failure lies in the data or in
// the program. All other failures pass some day, and are waited for.
const buryAfter = 5

var errPanic = errors.New("the program panicked")

// hopeless says whether a failure lies in the data or in the program itself.
func hopeless(err error) bool {
	return errors.Is(err, ErrNotFound) || errors.Is(err, ErrInvalid) || errors.Is(err, errNoWay) || errors.Is(err, errPanic)
}

// bury ends a job that failed for good, so that its lane goes on. What it was
// about ends where a person sees it; the job itself stays in its table.
func (d *Desk) bury(ctx context.Context, j Job, cause error) {
	d.Log.ErrorContext(ctx, "job failed for good", "job", j.ID, "kind", j.Kind, "ticket", j.Ticket, "message", j.Message, "err", cause)
	err := d.inTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := d.lament(ctx, tx, j); err != nil {
			return err
		}
		return tx.Bury(ctx, j, cause.Error())
	})
	if err == nil || errors.Is(err, ErrLeaseLost) {
		return
	}
	d.Log.ErrorContext(ctx, "people could not be told in the ticket's thread", "job", j.ID, "err", err)
	err = d.Store.InTx(ctx, func(ctx context.Context, tx Tx) error { return tx.Bury(ctx, j, cause.Error()) })
	if err != nil && !errors.Is(err, ErrLeaseLost) {
		d.Log.ErrorContext(ctx, "cannot bury a job; its lease will end", "job", j.ID, "err", err)
	}
}

// lament tells people of a job that failed for good. A message that nobody
// could decide on becomes theirs.
func (d *Desk) lament(ctx context.Context, tx Tx, j Job) error {
	if j.Kind == JobDecide {
		m, err := d.matter(ctx, tx, j.Message)
		if err != nil {
			return err
		}
		decision := knowledge.Decision{Action: knowledge.HandOff, Reason: knowledge.Unsure}
		if err := d.handOff(ctx, tx, &m, decision); err != nil {
			return err
		}
		return d.enter(ctx, tx, &m, decision)
	}
	if j.Kind == JobPress && j.Payload.Button != pressHelped {
		return d.lamentPress(ctx, tx, j)
	}
	s, err := d.sceneIn(ctx, tx, j)
	if err != nil {
		return err
	}
	if j.Kind == JobSend && s.msg.Delivery == Waiting {
		return d.fail(ctx, tx, j, s, bots.ErrRejected)
	}
	if s.t.ID == 0 || !s.t.broughtToPeople() || j.Kind == JobNote { // a note about a note would never end
		return nil
	}
	return d.note(ctx, tx, s.t, d.Phrases.StepFailed(s.b.StaffLang, j.ID))
}

// lamentPress gives people the question of a contact who asked for more, or
// chose an answer, and got nothing.
func (d *Desk) lamentPress(ctx context.Context, tx Tx, j Job) error {
	m, err := d.matter(ctx, tx, j.Message)
	if err != nil {
		return err
	}
	switch {
	case j.Payload.Presser != m.c.Contact.User || m.t.ID == 0:
		return nil
	case !m.t.Settled() && m.t.HandedOff:
		return d.note(ctx, tx, m.t, d.Phrases.StepFailed(m.b.StaffLang, j.ID))
	}
	if err := d.returnTo(ctx, tx, &m, m.about()); err != nil {
		return err
	}
	return d.handOff(ctx, tx, &m, knowledge.Decision{Action: knowledge.HandOff, Reason: knowledge.Unsure})
}
