package bots

import (
	"context"
	"io"
	"net/http"
)

// Intake is where an adapter hands over what its platform told it.
type Intake interface {
	// Cursor returns the Next of the bot's last committed batch; "" at first.
	Cursor(ctx context.Context, bot string) (string, error)
	// Deliver stores the batch and its cursor in one transaction. nil means
	// stored: only now may the adapter confirm to the platform. A batch that
	// was delivered before is a quiet success.
	Deliver(ctx context.Context, b Batch) error
}

// Batch is what one poll, or one webhook request, brought.
type Batch struct {
	Bot      string
	Messages []Message // in the platform's order
	// Unread holds payloads that the adapter could not or need not convert
	// (unknown kinds). They are kept, not handled.
	Unread []Unread
	Next   string // the cursor to continue from; "" for webhooks, which have none
}

// Unread is a payload that is kept without being handled.
type Unread struct {
	UpdateID string
	Raw      []byte
	Why      string
}

// Receiver brings messages in until ctx ends; then it returns nil. Any other
// return is an error that waiting does not cure (a wrong token).
type Receiver interface {
	Receive(ctx context.Context, in Intake) error
}

// Sender takes messages out. It returns an id of what it sent, for Editor and
// Deleter; where a message needed several on the platform, it stands for all.
// Errors are ErrUnreachable or ErrRejected (permanent), *MovedError,
// *RetryError (temporary, surely not sent), or anything else: temporary, and
// the message may or may not have been sent.
type Sender interface {
	Send(ctx context.Context, out Outgoing) (MessageID, error)
}

// Adapter is one bot on one platform.
type Adapter interface {
	Name() string // stable, unique within the installation, e.g. "telegram"
	Receiver
	Sender
}

// The abilities below belong to some platforms only; callers ask for them with
// a type assertion (Fleet does it for them).
type (
	// Editor changes a message that we sent.
	Editor interface {
		Edit(ctx context.Context, at Address, id MessageID, out Outgoing) error
	}
	// Deleter retracts a message that we sent.
	Deleter interface {
		Delete(ctx context.Context, at Address, id MessageID) error
	}
	// FileOpener fetches a file that a contact sent. The caller closes it.
	FileOpener interface {
		OpenFile(ctx context.Context, id FileID) (io.ReadCloser, error)
	}
	// Acknowledger ends the "loading" state of a pressed button, with an
	// optional short notice. Best effort: a late acknowledgement is no error.
	Acknowledger interface {
		Acknowledge(ctx context.Context, pressID, notice string) error
	}
	// Webhooker receives by HTTP instead of polling.
	Webhooker interface {
		Webhook(in Intake) http.Handler
	}
	// Checker says in words what is wrong with the adapter's configuration
	// (nil: all is well). It backs `poruch doctor` and start-up.
	Checker interface {
		Check(ctx context.Context) error
	}
)
