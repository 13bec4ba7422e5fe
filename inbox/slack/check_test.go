package slack_test

import (
	"strings"
	"testing"

	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

func TestNewNamesTheSetting(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  slack.Config
		want string
	}{
		"no bot token": {slack.Config{AppToken: "xapp-1"}, "PORUCH_SLACK_BOT_TOKEN"},
		"no app token": {slack.Config{BotToken: "xoxb-1"}, "PORUCH_SLACK_APP_TOKEN"},
		"bad address":  {slack.Config{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: "slack.com/api"}, "PORUCH_SLACK_API_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := slack.New(c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	set := func(do func(*slacktest.Config, *slack.Config)) []change { return []change{do} }
	for name, c := range map[string]struct {
		changes []change
		channel string
		want    []string // nil: all is well
	}{
		"all is well":  {nil, channel, nil},
		"all scopes":   {set(func(w *slacktest.Config, _ *slack.Config) { w.Scopes = slack.Scopes }), channel, nil},
		"no channel":   {nil, "", []string{"PORUCH_SLACK_CHANNEL"}},
		"unknown":      {nil, "C0NOWHERE", []string{"PORUCH_SLACK_CHANNEL", "/invite"}},
		"not invited":  {nil, "C0OTHER", []string{"/invite"}},
		"scope gone":   {set(func(w *slacktest.Config, _ *slack.Config) { w.Scopes = slack.Scopes[:5] }), channel, []string{"chat:write.customize", "users:read"}},
		"wrong tokens": {set(func(_ *slacktest.Config, c *slack.Config) { c.BotToken, c.AppToken = "xoxb-x", "xapp-x" }), channel, []string{"PORUCH_SLACK_BOT_TOKEN", "PORUCH_SLACK_APP_TOKEN"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := newWorld(t, c.changes...).console.Check(t.Context(), c.channel)
			if (err == nil) != (c.want == nil) {
				t.Fatalf("got %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not name %s", err, want)
				}
			}
		})
	}
}
