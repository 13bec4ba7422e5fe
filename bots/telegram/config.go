package telegram

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Mode is how updates come in.
type Mode string

// The modes of intake.
const (
	Poll    Mode = "poll"    // long polling: needs no public address
	Webhook Mode = "webhook" // Telegram calls us over https
)

// Config is one bot. Zero values stand for the defaults named beside them.
type Config struct {
	Name          string // "telegram"; the adapter's stable name
	Token         string // from @BotFather; needed
	APIURL        string // https://api.telegram.org
	Mode          Mode   // Poll
	WebhookURL    string // for Webhook: the public https address of this program
	WebhookSecret string // for Webhook: 1-256 of A-Z a-z 0-9 _ -
	// PollTimeout is how long one poll waits for news: 50 s, which is also
	// the most that the server allows.
	PollTimeout time.Duration
	Log         *slog.Logger      // discards
	Transport   http.RoundTripper // http.DefaultTransport's settings
}

// maxPollTimeout is the server's cap on getUpdates' timeout, as in
// tdlib/telegram-bot-api.
const maxPollTimeout = 50 * time.Second

// allowedUpdates names what we handle; the rest is not sent to us.
// https://core.telegram.org/bots/api#getupdates
var allowedUpdates = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// secretRE is what Telegram takes: https://core.telegram.org/bots/api#setwebhook
var secretRE = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (c *Config) complete() error {
	if c.Name == "" {
		c.Name = "telegram"
	}
	if c.APIURL == "" {
		c.APIURL = "https://api.telegram.org"
	}
	c.APIURL = strings.TrimRight(c.APIURL, "/")
	if c.Mode == "" {
		c.Mode = Poll
	}
	if c.PollTimeout <= 0 || c.PollTimeout > maxPollTimeout {
		c.PollTimeout = maxPollTimeout
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = 32
		c.Transport = t
	}
	switch u, err := url.Parse(c.APIURL); {
	case c.Token == "" || strings.ContainsAny(c.Token, "/?#% \t\r\n"):
		return errors.New("the Telegram token is missing or malformed: put the one from @BotFather in PORUCH_TELEGRAM_TOKEN")
	case err != nil || u.Host == "":
		return errors.New("PORUCH_TELEGRAM_API_URL is not an address such as https://api.telegram.org")
	case c.Mode != Poll && c.Mode != Webhook:
		return errors.New("PORUCH_TELEGRAM_MODE must be poll or webhook")
	case c.Mode == Webhook && (c.WebhookURL == "" || c.WebhookSecret == ""):
		return errors.New("webhook mode needs PORUCH_TELEGRAM_WEBHOOK_URL and PORUCH_TELEGRAM_WEBHOOK_SECRET")
	case c.Mode == Webhook && !secretRE.MatchString(c.WebhookSecret):
		return errors.New("PORUCH_TELEGRAM_WEBHOOK_SECRET must be 1 to 256 of the characters A-Z a-z 0-9 _ -")
	}
	return nil
}
