package telegram

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot"

	"github.com/poruch/poruch/bots"
)

// errToken ends Receive: waiting does not cure it.
var errToken = errors.New("telegram refuses the token: copy it anew from @BotFather into PORUCH_TELEGRAM_TOKEN")

// statusError is an answer of the server, or of something before it, that is
// no answer of the API.
type statusError struct{ code int }

func (e *statusError) Error() string { return "the server answered " + strconv.Itoa(e.code) }

// statusTransport turns 5xx and 413 answers into errors: their bodies may be
// anything, and the library would put them into its error's text.
type statusTransport struct{ next http.RoundTripper }

func (t statusTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil || resp.StatusCode < 500 && resp.StatusCode != http.StatusRequestEntityTooLarge {
		return resp, err
	}
	_ = resp.Body.Close()
	return nil, &statusError{resp.StatusCode}
}

// The library keeps a moved chat's new id in an int, which must hold 64 bits:
// this does not compile where it cannot.
const _ int = 1<<63 - 1

// clean classifies an error of the library, and leaves the token, addresses and
// people's words out of its text.
func (b *Bot) clean(method string, err error) error {
	if err == nil {
		return nil
	}
	var many *bot.TooManyRequestsError
	var migrate *bot.MigrateError
	var status *statusError
	var dial *net.OpError
	var address *url.Error
	say := func(kind error, detail string) error {
		return fmt.Errorf("telegram %s: %w: %s", method, kind, strings.ReplaceAll(detail, b.cfg.Token, "***"))
	}
	switch {
	case errors.As(err, &many):
		return &bots.RetryError{After: time.Duration(max(many.RetryAfter, 1)) * time.Second, Err: fmt.Errorf("telegram %s: too many requests", method)}
	case errors.As(err, &migrate):
		return &bots.MovedError{Chat: bots.ChatID(strconv.Itoa(migrate.MigrateToChatID))}
	case errors.Is(err, bot.ErrorUnauthorized):
		// The token may be put right; until then nothing is lost.
		return &bots.RetryError{After: time.Minute, Wide: true, Err: fmt.Errorf("telegram %s: %w", method, errToken)}
	case errors.Is(err, bot.ErrorForbidden):
		return say(bots.ErrUnreachable, description(err, bot.ErrorForbidden))
	case errors.Is(err, bot.ErrorBadRequest):
		return b.badRequest(say, description(err, bot.ErrorBadRequest))
	case errors.Is(err, bot.ErrorConflict):
		return &bots.RetryError{Err: fmt.Errorf("telegram %s: conflict", method)}
	case errors.Is(err, bot.ErrorNotFound) && method == "getMe": // what a malformed token gets
		return errToken
	case errors.Is(err, bot.ErrorNotFound):
		return say(bots.ErrRejected, "no such method or bot")
	case errors.As(err, &status) && status.code == http.StatusRequestEntityTooLarge:
		return say(bots.ErrRejected, "the file is too large")
	case errors.As(err, &status) && status.code == http.StatusServiceUnavailable:
		return &bots.RetryError{Err: fmt.Errorf("telegram %s: %w", method, status)}
	case errors.As(err, &status): // it may come after the deed
		return fmt.Errorf("telegram %s: %w", method, status)
	case errors.As(err, &dial) && dial.Op == "dial":
		return &bots.RetryError{Err: fmt.Errorf("telegram %s: cannot connect", method)}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("telegram %s: %w", method, ctxError(err))
	case errors.As(err, &address):
		return fmt.Errorf("telegram %s: the connection broke", method)
	}
	return fmt.Errorf("telegram %s: the answer could not be read", method)
}

func ctxError(err error) error {
	if errors.Is(err, context.Canceled) {
		return context.Canceled
	}
	return context.DeadlineExceeded
}

// description is Telegram's own words after the library's prefix.
func description(err, kind error) string {
	return strings.TrimPrefix(err.Error(), kind.Error()+", ")
}

// gone are the descriptions of 400 answers that mean that the chat is no more.
// The texts are the server's: tdlib/telegram-bot-api, Client.cpp.
var gone = []string{"chat not found", "user not found", "PEER_ID_INVALID", "group chat was deactivated", "have no rights to send", "not enough rights to send", "CHAT_WRITE_FORBIDDEN", "TOPIC_CLOSED"}

func (b *Bot) badRequest(say func(error, string) error, detail string) error {
	for _, g := range gone {
		if strings.Contains(detail, g) {
			return say(bots.ErrUnreachable, detail)
		}
	}
	return say(bots.ErrRejected, detail)
}

// refusedAs: Telegram refused for good, in these words.
func refusedAs(err error, words string) bool {
	return errors.Is(err, bots.ErrRejected) && strings.Contains(err.Error(), words)
}

// permanent: trying again cannot help.
func permanent(err error) bool {
	return errors.Is(err, bots.ErrRejected) || errors.Is(err, bots.ErrUnreachable) || errors.Is(err, bots.ErrUnsupported)
}
