package slack_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

func TestReconnectLosesNothing(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested"} {
		t.Run(reason, func(t *testing.T) {
			w := newWorld(t)
			at := w.thread(t)
			w.receive(t)
			started, release := make(chan struct{}, 1), make(chan struct{})
			w.staff.judge(func(attempt int) error {
				if attempt == 1 {
					started <- struct{}{}
					<-release
				}
				return nil
			})
			w.says(t, at, olena, "перше")
			<-started
			w.Disconnect(reason) // before the first is acknowledged
			w.says(t, at, olena, "друге")
			close(release)
			got := []string{w.staff.fresh().Text.Plain, w.staff.fresh().Text.Plain}
			if diff := cmp.Diff([]string{"перше", "друге"}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			w.settled()
		})
	}
}

func TestBrokenSocketIsMadeAgain(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	for i := range 3 {
		w.Fault(slacktest.Fault{Kind: "disconnect"})
		w.Fault(slacktest.Fault{})
		w.says(t, at, olena, fmt.Sprint("номер ", i))
		if r := w.staff.fresh(); r.Text.Plain != fmt.Sprint("номер ", i) {
			t.Fatalf("got %q", r.Text.Plain)
		}
	}
}

// What waiting does not cure ends Receive, with words that say what to mend.
func TestReceiveEndsWithAdvice(t *testing.T) {
	refuse := func(method, code string) func(*world) {
		return func(w *world) { w.Fault(slacktest.Fault{Kind: "error", Method: method, Code: code}) }
	}
	tokens := func(bot, app string) change {
		return func(_ *slacktest.Config, c *slack.Config) { c.BotToken, c.AppToken = bot, app }
	}
	const open = "apps.connections.open"
	for name, c := range map[string]struct {
		change change
		fault  func(*world)
		want   []string
	}{
		"wrong bot token":        {tokens("xoxb-wrong", appToken), nil, []string{"PORUCH_SLACK_BOT_TOKEN"}},
		"tokens swapped":         {tokens(appToken, botToken), nil, []string{"PORUCH_SLACK_BOT_TOKEN", "xoxb-"}},
		"bot token revoked":      {nil, refuse("auth.test", "token_revoked"), []string{"PORUCH_SLACK_BOT_TOKEN", "install"}},
		"wrong app token":        {tokens(botToken, "xapp-wrong"), nil, []string{"PORUCH_SLACK_APP_TOKEN"}},
		"bot token as app token": {tokens(botToken, botToken), nil, []string{"PORUCH_SLACK_APP_TOKEN", "xapp-"}},
		"no connections:write":   {nil, refuse(open, "missing_scope"), []string{"PORUCH_SLACK_APP_TOKEN", "connections:write"}},
		"no permission":          {nil, refuse(open, "no_permission"), []string{"PORUCH_SLACK_APP_TOKEN", "connections:write"}},
		"app removed":            {nil, refuse(open, "account_inactive"), []string{"install", "tokens"}},
		"Socket Mode off":        {nil, refuse(open, "forbidden_team"), []string{"Socket Mode"}},
	} {
		t.Run(name, func(t *testing.T) {
			var changes []change
			if c.change != nil {
				changes = append(changes, c.change)
			}
			w := newWorld(t, changes...)
			if c.fault != nil {
				c.fault(w)
			}
			err := w.console.Receive(t.Context(), w.staff) // ends by itself
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not name %q", err, want)
				}
			}
			if strings.Contains(err.Error(), botToken) || strings.Contains(err.Error(), appToken) || strings.Contains(err.Error(), "wrong") {
				t.Errorf("a token is in %q", err)
			}
		})
	}
}

func TestReceiveEndsWithItsContext(t *testing.T) {
	t.Run("connected", func(t *testing.T) {
		w := newWorld(t)
		stop := w.receive(t)
		stop() // which checks for nil
		w.until(func() bool { return w.Sockets() == 0 })
	})
	t.Run("while the desk stores", func(t *testing.T) {
		w := newWorld(t)
		at := w.thread(t)
		stop := w.receive(t)
		w.settled()
		started := make(chan struct{}, 1)
		w.staff.judge(func(attempt int) error {
			if attempt == 1 {
				started <- struct{}{}
			}
			return errors.New("the database is away")
		})
		w.says(t, at, olena, "пізніше")
		<-started
		stop()
		if w.Unacked() != 1 {
			t.Error("what was not stored was acknowledged")
		}
		w.staff.judge(nil)
		w.receive(t) // the next run gets it
		if r := <-w.staff.replies; r.Text.Plain != "пізніше" {
			t.Errorf("got %q", r.Text.Plain)
		}
	})
	t.Run("before it began", func(t *testing.T) {
		w := newWorld(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.console.Receive(ctx, w.staff); err != nil {
			t.Errorf("got %v", err)
		}
	})
}
