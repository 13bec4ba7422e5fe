package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/bots"
)

// advice says what to do about the errors that people must mend; the words of
// https://docs.slack.dev/reference/methods/chat.postMessage#errors.
var advice = map[string]string{
	"channel_not_found":      "the channel is unknown or private: check PORUCH_SLACK_CHANNEL, and invite the app into it with /invite",
	"not_in_channel":         "the app is not in the channel: write /invite and the app's name there",
	"is_archived":            "the channel is archived: unarchive it, or set another in PORUCH_SLACK_CHANNEL",
	"is_inactive":            "the channel is archived: unarchive it, or set another in PORUCH_SLACK_CHANNEL",
	"restricted_action":      "the workspace does not let the app post in this channel",
	"no_permission":          "the app may not write in the channel: write /invite and the app's name there",
	"access_denied":          "the workspace does not let the app in: ask its administrators",
	"ekm_access_denied":      "the workspace's administrators have suspended posting",
	"invalid_auth":           "Slack refuses the token: copy it anew into PORUCH_SLACK_BOT_TOKEN",
	"not_authed":             "Slack got no token: set PORUCH_SLACK_BOT_TOKEN",
	"account_inactive":       "the app was removed from the workspace: install it again, and copy the token into PORUCH_SLACK_BOT_TOKEN",
	"token_revoked":          "the token was revoked: install the app again, and copy the token into PORUCH_SLACK_BOT_TOKEN",
	"token_expired":          "the token has expired: switch token rotation off (see `poruch slack manifest`), and install the app again",
	"not_allowed_token_type": "this is another kind of token: PORUCH_SLACK_BOT_TOKEN starts with xoxb-, PORUCH_SLACK_APP_TOKEN with xapp-",
	"missing_scope":          "the app lacks a permission: update it from `poruch slack manifest`, and install it again",
	"thread_not_found":       "the thread is gone",
}

// refused are errors that lie in the post itself.
var refused = []string{"msg_too_long", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "no_text", "invalid_arguments",
	"message_not_found", "cant_update_message", "block_mismatch", "edit_window_closed", "file_not_found"}

// passing are errors of Slack itself in which nothing was done. Its
// internal_error and fatal_error are not among them: some of the work may have
// succeeded.
var passing = []string{"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "request_timeout", "accesslimited"}

// explain classifies an error of the library and leaves addresses, tokens and
// people's words out of its text.
func explain(method string, err error) error {
	if err == nil {
		return nil
	}
	var limited *slack.RateLimitedError
	var said slack.SlackErrorResponse
	var status slack.StatusCodeError
	var dial *net.OpError
	var address *url.Error
	switch {
	case errors.As(err, &limited):
		return &bots.RetryError{After: max(limited.RetryAfter, time.Second), Err: fmt.Errorf("slack %s: rate limited", method)}
	case errors.As(err, &said):
		return saidError(method, said)
	case errors.As(err, &status) && (status.Code == http.StatusServiceUnavailable || status.Code == http.StatusTooManyRequests):
		return &bots.RetryError{Err: fmt.Errorf("slack %s: the server answered %d", method, status.Code)}
	case errors.As(err, &status):
		return fmt.Errorf("slack %s: the server answered %d", method, status.Code)
	case errors.As(err, &dial) && dial.Op == "dial":
		return &bots.RetryError{Err: fmt.Errorf("slack %s: cannot connect", method)}
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("slack %s: %w", method, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("slack %s: %w", method, context.DeadlineExceeded)
	case errors.As(err, &address):
		return fmt.Errorf("slack %s: the connection broke", method)
	}
	return fmt.Errorf("slack %s: the answer could not be read", method)
}

func saidError(method string, said slack.SlackErrorResponse) error {
	code := said.Err
	say, ok := advice[code]
	if !ok && strings.HasPrefix(code, "restricted_action") { // _read_only_channel, _thread_only_channel, …
		say, ok = advice["restricted_action"], true
	}
	if ok {
		if said.Needed != "" {
			say += " (it needs " + said.Needed + ")"
		}
		return fmt.Errorf("slack %s: %w: %s", method, bots.ErrUnreachable, say)
	}
	if slices.Contains(refused, code) {
		return fmt.Errorf("slack %s: %w: %s", method, bots.ErrRejected, code)
	}
	if slices.Contains(passing, code) {
		return &bots.RetryError{Err: fmt.Errorf("slack %s: %s", method, code)}
	}
	return fmt.Errorf("slack %s: %s", method, safeCode(code))
}

// safeCode keeps an unknown error code to what a code looks like.
func safeCode(code string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, code[:min(len(code), 60)])
}

// codeOf is Slack's error code, or "".
func codeOf(err error) string {
	var e slack.SlackErrorResponse
	if errors.As(err, &e) {
		return e.Err
	}
	return ""
}
