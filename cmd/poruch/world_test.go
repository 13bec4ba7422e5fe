package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/bots/telegram/telegramtest"
	"github.com/poruch/poruch/cmd/poruch/demo"
	"github.com/poruch/poruch/inbox/slack/slacktest"
	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/internal/database/databasetest"
)

// asProgram makes this test binary run as the program itself.
const asProgram = "PORUCH_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(databasetest.Main(m))
}

// world is the two pretended platforms on loopback addresses, for a real
// Poruch to talk to.
type world struct {
	*demo.Fakes
	telegramURL, slackURL string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	fakes := demo.NewFakes(demo.FakesConfig{})
	telegram, slack := httptest.NewServer(fakes.Telegram), httptest.NewServer(fakes.Slack)
	t.Cleanup(func() {
		fakes.Close()
		telegram.Close()
		slack.Close()
	})
	return &world{fakes, telegram.URL, slack.URL + "/api/"}
}

func (w *world) config() config.Config {
	c := config.Default()
	c.Brand = "../../configs/brands/rankova"
	c.Telegram.Token, c.Telegram.APIURL, c.Telegram.Rate = config.Secret(w.TelegramToken), w.telegramURL, 0
	c.Slack.BotToken, c.Slack.AppToken = config.Secret(w.SlackBotToken), config.Secret(w.SlackAppToken)
	c.Slack.Channel, c.Slack.APIURL = w.Inbox, w.slackURL
	return c
}

// environ is the same configuration as environment alone.
func (w *world) environ(extra ...string) []string {
	return append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PORUCH_ADDR=127.0.0.1:0",
		"PORUCH_BRAND=../../configs/brands/rankova",
		"PORUCH_TELEGRAM_TOKEN=" + w.TelegramToken, "PORUCH_TELEGRAM_API_URL=" + w.telegramURL,
		"PORUCH_SLACK_BOT_TOKEN=" + w.SlackBotToken, "PORUCH_SLACK_APP_TOKEN=" + w.SlackAppToken,
		"PORUCH_SLACK_CHANNEL=" + w.Inbox, "PORUCH_SLACK_API_URL=" + w.slackURL,
	}, extra...)
}

// runApp runs the real App on a database of its own until the test ends.
func runApp(t *testing.T, w *world) *App { return runAppWith(t, w.config(), nil) }

// runAppWith serves the web role on l, when there is one. What alters the app
// does so before it runs.
func runAppWith(t *testing.T, c config.Config, l net.Listener, alter ...func(*App)) *App {
	t.Helper()
	c.DatabaseURL = config.Secret(databasetest.URL(t))
	ctx, stop := context.WithCancel(context.Background())
	app, err := NewApp(ctx, Options{Config: c, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		stop()
		t.Fatal(err)
	}
	for _, do := range alter {
		do(app)
	}
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the app ended with %v", err)
		}
		if err := app.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return app
}

// until waits until something is so, looking whenever a platform changed. The
// generous limit only bounds a broken run.
func (w *world) until(t *testing.T, what string, so func() bool) {
	t.Helper()
	tg, stopTG := w.Telegram.Watch()
	defer stopTG()
	sl, stopSL := w.Slack.Watch()
	defer stopSL()
	limit := time.NewTimer(time.Minute)
	defer limit.Stop()
	tick := time.NewTicker(50 * time.Millisecond) // for what no platform shows
	defer tick.Stop()
	for !so() {
		select {
		case <-tg:
		case <-sl:
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("never happened: %s\n%s", what, w.describe())
		}
	}
}

// describe is what everybody sees, for a failed test.
func (w *world) describe() string {
	var b strings.Builder
	for _, chat := range w.Telegram.Chats() {
		for _, m := range w.Telegram.Messages(chat) {
			b.WriteString(m.From.Name + ": " + m.Text + "\n")
		}
	}
	for _, m := range w.Slack.Messages(w.Inbox) {
		b.WriteString("slack " + m.ThreadTS + " " + m.TS + " " + m.Username + ": " + m.Text + "\n")
	}
	return b.String()
}

func customer(id int64, name string) telegramtest.User {
	return telegramtest.User{ID: id, Name: name, Language: "uk"}
}

// asks writes to the bot in private.
func (w *world) asks(t *testing.T, from telegramtest.User, text string) int {
	t.Helper()
	id, err := w.Telegram.Say(telegramtest.Say{Chat: from.ID, From: from, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// fromBot lists what the bot said in a chat.
func (w *world) fromBot(chat int64) (ms []telegramtest.Message) {
	for _, m := range w.Telegram.Messages(chat) {
		if m.From.IsBot && !m.Deleted {
			ms = append(ms, m)
		}
	}
	return ms
}

// heads lists the threads' first messages that show a text.
func (w *world) heads(text string) (ms []slacktest.Message) {
	for _, m := range w.Slack.Messages(w.Inbox) {
		if (m.ThreadTS == "" || m.ThreadTS == m.TS) && shows(m, text) {
			ms = append(ms, m)
		}
	}
	return ms
}

// inThread lists a thread's messages that show a text.
func (w *world) inThread(head slacktest.Message, text string) (ms []slacktest.Message) {
	for _, m := range w.Slack.Messages(w.Inbox) {
		if m.ThreadTS == head.TS && m.TS != head.TS && !m.Deleted && shows(m, text) {
			ms = append(ms, m)
		}
	}
	return ms
}

// shows says whether a message has a text in its words or its blocks.
func shows(m slacktest.Message, text string) bool {
	if strings.Contains(m.Text, text) {
		return true
	}
	var blocks any
	if json.Unmarshal(m.Blocks, &blocks) != nil {
		return false
	}
	return holds(blocks, text)
}

func holds(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, text)
	case []any:
		for _, x := range v {
			if holds(x, text) {
				return true
			}
		}
	case map[string]any:
		for _, x := range v {
			if holds(x, text) {
				return true
			}
		}
	}
	return false
}
