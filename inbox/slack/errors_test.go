package slack_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// What Slack says becomes what the desk knows, as inbox.Console documents it.
func TestErrorsOfSlack(t *testing.T) {
	for code, c := range map[string]struct {
		check  func(*testing.T, error)
		advice string // what to mend
	}{
		"channel_not_found":                        {mustMend, "PORUCH_SLACK_CHANNEL"},
		"not_in_channel":                           {mustMend, "/invite"},
		"no_permission":                            {mustMend, "/invite"},
		"is_archived":                              {mustMend, "unarchive"},
		"missing_scope":                            {mustMend, "install it again"},
		"invalid_auth":                             {mustMend, "PORUCH_SLACK_BOT_TOKEN"},
		"not_authed":                               {mustMend, "PORUCH_SLACK_BOT_TOKEN"},
		"account_inactive":                         {mustMend, "PORUCH_SLACK_BOT_TOKEN"},
		"token_revoked":                            {mustMend, "PORUCH_SLACK_BOT_TOKEN"},
		"token_expired":                            {mustMend, "token rotation"},
		"not_allowed_token_type":                   {mustMend, "xoxb-"},
		"restricted_action":                        {mustMend, "does not let the app post"},
		"restricted_action_read_only_channel":      {mustMend, "does not let the app post"},
		"restricted_action_non_threadable_channel": {mustMend, "does not let the app post"},
		"ekm_access_denied":                        {mustMend, "administrators"},
		"thread_not_found":                         {mustMend, "thread is gone"},
		"msg_too_long":                             {mustReject, ""},
		"msg_blocks_too_long":                      {mustReject, ""},
		"invalid_blocks":                           {mustReject, ""},
		"no_text":                                  {mustReject, ""},
		"invalid_arguments":                        {mustReject, ""},
		"ratelimited":                              {mustRetry, ""},
		"service_unavailable":                      {mustRetry, ""},
		"request_timeout":                          {mustRetry, ""},
		"team_added_to_org":                        {mustRetry, ""},
		"internal_error":                           {mayHaveBeenPosted, ""},
		"fatal_error":                              {mayHaveBeenPosted, ""},
		"a_code_of_tomorrow":                       {mayHaveBeenPosted, ""},
	} {
		t.Run(code, func(t *testing.T) {
			w := newWorld(t)
			at := w.thread(t)
			w.Fault(slacktest.Fault{Kind: "error", Method: "chat.postMessage", Code: code})
			_, err := w.console.Post(t.Context(), at, post("job-1", "words of a customer"))
			c.check(t, err)
			if err != nil && !strings.Contains(err.Error(), c.advice) {
				t.Errorf("%q does not say %q", err, c.advice)
			}
			keepsSecrets(t, w, err)
		})
	}
}

// keepsSecrets: error texts reach logs.
func keepsSecrets(t *testing.T, w *world, err error) {
	t.Helper()
	for _, secret := range []string{botToken, appToken, "words of", w.address, "127.0.0.1"} {
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%q is in %q", secret, err)
		}
	}
}

func TestErrorsOfRealCalls(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	ctx := t.Context()
	p := post("job-1", "words of a customer")
	_, unknown := w.console.Open(ctx, "C0NOWHERE", card())
	mustMend(t, unknown)
	_, outside := w.console.Open(ctx, "C0OTHER", card())
	mustMend(t, outside)
	_, noThread := w.console.Post(ctx, inbox.ThreadRef{Channel: channel, TS: "1.000001"}, p)
	mustMend(t, noThread)
	mustReject(t, w.console.Revise(ctx, inbox.PostRef{Channel: channel, TS: "1.000001"}, p))
	theirs := w.says(t, at, olena, "моє")
	mustReject(t, w.console.Revise(ctx, inbox.PostRef{Channel: channel, TS: theirs}, p))
	for _, err := range []error{unknown, outside, noThread} {
		keepsSecrets(t, w, err)
	}
}

func TestBrokenCalls(t *testing.T) {
	for name, c := range map[string]struct {
		fault slacktest.Fault
		check func(*testing.T, error)
	}{
		"server error":      {slacktest.Fault{Kind: "server_error", Method: "chat.postMessage"}, mayHaveBeenPosted},
		"answer lost":       {slacktest.Fault{Kind: "disconnect", Method: "chat.postMessage"}, mayHaveBeenPosted},
		"rate limit":        {slacktest.Fault{Kind: "rate_limit", Method: "chat.postMessage", After: 7 * time.Second}, mustWait(7 * time.Second)},
		"rate limit of one": {slacktest.Fault{Kind: "rate_limit", Method: "chat.postMessage"}, mustWait(time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			at := w.thread(t)
			w.Fault(c.fault)
			_, err := w.console.Post(t.Context(), at, post("job-1", "words of a customer"))
			c.check(t, err)
			keepsSecrets(t, w, err)
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		w := newWorld(t, func(_ *slacktest.Config, c *slack.Config) { c.APIURL = "http://127.0.0.1:1/api/" })
		_, err := w.console.Post(t.Context(), inbox.ThreadRef{Channel: channel, TS: "1.0"}, post("job-1", "words of a customer"))
		mustRetry(t, err)
		keepsSecrets(t, w, err)
	})
}

func mustWait(want time.Duration) func(*testing.T, error) {
	return func(t *testing.T, err error) {
		t.Helper()
		var retry *bots.RetryError
		if !errors.As(err, &retry) || retry.After != want {
			t.Errorf("got %v, want a wait of %v", err, want)
		}
	}
}

func TestChannelsOwnPace(t *testing.T) {
	w := newWorld(t, func(c *slacktest.Config, _ *slack.Config) { c.RateLimits = true })
	at := w.thread(t)
	var err error
	for i := 0; err == nil && i < 10; i++ {
		_, err = w.console.Post(t.Context(), at, post("job-1", "ще"))
	}
	mustWait(time.Second)(t, err)
}
