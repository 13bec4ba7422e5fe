package demo

import (
	"log/slog"
	"time"

	"github.com/poruch/poruch/bots/telegram/telegramtest"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// Fakes are the two platforms of the demo with people in them. Each server is
// an http.Handler to be served on a loopback address of its own; the tokens are
// what the production adapters need to speak to them.
type Fakes struct {
	Telegram      *telegramtest.Server
	TelegramToken string
	Slack         *slacktest.Server
	SlackBotToken string
	SlackAppToken string
	Inbox         string // id of the Slack channel for tickets
	Customers     []telegramtest.User
}

// FakesConfig has useful zero values: no logging, the system's clock and no
// rate limits.
type FakesConfig struct {
	Log        *slog.Logger
	Now        func() time.Time
	RateLimits bool
}

// NewFakes makes both platforms. The tokens open nothing outside of them.
func NewFakes(cfg FakesConfig) *Fakes {
	f := &Fakes{
		TelegramToken: "700000001:demo-token-that-opens-nothing", SlackBotToken: "xoxb-demo", SlackAppToken: "xapp-demo",
		Inbox: "C0INBOX", Customers: customers(),
	}
	f.Telegram = telegramtest.New(telegramtest.Config{
		Token: f.TelegramToken, BotUsername: "rankova_bot", Groups: groups(),
		Log: cfg.Log, RateLimits: cfg.RateLimits, Now: cfg.Now,
	})
	staff, bot := staff()
	members := []string{bot.ID}
	for _, u := range staff {
		members = append(members, u.ID)
	}
	f.Slack = slacktest.New(slacktest.Config{
		BotToken: f.SlackBotToken, AppToken: f.SlackAppToken, Team: "T0RANKOVA", Users: staff, BotUser: bot,
		Channels: []slacktest.Channel{{ID: f.Inbox, Name: "inbox", Members: members}},
		Log:      cfg.Log, RateLimits: cfg.RateLimits, Now: cfg.Now,
	})
	return f
}

// Page is the configuration of the page over these fakes.
func (f *Fakes) Page(brand string) Config {
	return Config{
		Telegram: f.Telegram, Slack: f.Slack, Inbox: f.Inbox, Brand: brand,
		Customers: f.Customers, Samples: Samples(),
	}
}

// Close ends the long polls and sockets of both platforms.
func (f *Fakes) Close() {
	f.Telegram.Close()
	f.Slack.Close()
}
