package bots

import (
	"errors"
	"fmt"
	"time"
)

// Permanent failures: trying again cannot help.
var (
	// ErrUnreachable: the contact blocked the bot, left, or the chat is gone.
	ErrUnreachable = errors.New("contact cannot be reached")
	// ErrRejected: the platform refuses this very message.
	ErrRejected = errors.New("message was rejected")
	// ErrUnsupported: the platform has no such ability.
	ErrUnsupported = errors.New("not supported by the platform")
)

// RetryError is a temporary failure in which the message was surely not sent.
type RetryError struct {
	After time.Duration // not before this; 0 leaves it to the caller
	// Wide: the whole bot must wait, not only this chat.
	Wide bool
	Err  error
}

func (e *RetryError) Error() string {
	if e.After > 0 {
		return fmt.Sprintf("%v (retry after %s)", e.Err, e.After)
	}
	return e.Err.Error()
}

func (e *RetryError) Unwrap() error { return e.Err }

// MovedError: the chat has a new id (a Telegram group became a supergroup).
// Nothing was sent; send again to Chat.
type MovedError struct{ Chat ChatID }

func (e *MovedError) Error() string { return "chat has moved" }
