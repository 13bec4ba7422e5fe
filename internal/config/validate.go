package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with the configuration, and what to do.
type Problem struct {
	Setting string // the environment variable
	Say     string
}

// String is one line for people.
func (p Problem) String() string { return p.Setting + ": " + p.Say }

var (
	telegramToken = regexp.MustCompile(`^\d+:[A-Za-z0-9_-]{20,}$`)
	slackChannel  = regexp.MustCompile(`^[CG][A-Z0-9]{2,}$`)
	telegramHook  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`) // https://core.telegram.org/bots/api#setwebhook
)

// Each worker may hold one connection, and the program needs some beside them;
// the private Postgres allows 60.
const (
	maxWorkers        = 256
	maxPrivateWorkers = 40
)

// Validate lists what would keep `poruch serve` from working. No problem holds
// a secret's value.
func (c Config) Validate() []Problem {
	var ps []Problem
	add := func(setting, say string) { ps = append(ps, Problem{setting, say}) }
	switch {
	case !c.Telegram.Token.Set():
		add("PORUCH_TELEGRAM_TOKEN", "is missing; create a bot with @BotFather in Telegram and put the token it gives you here")
	case isAt(c.Telegram.APIURL, "telegram.org") && !telegramToken.MatchString(c.Telegram.Token.Reveal()):
		add("PORUCH_TELEGRAM_TOKEN", "does not look like a bot token (digits, a colon, letters); copy it anew from @BotFather")
	}
	if !isHTTP(c.Telegram.APIURL) {
		add("PORUCH_TELEGRAM_API_URL", "must be an http or https address; leave it out to use Telegram's own")
	}
	switch c.Telegram.Mode {
	case "poll":
	case "webhook":
		if !isHTTP(c.Telegram.WebhookURL) {
			add("PORUCH_TELEGRAM_WEBHOOK_URL", "must be the public https address that leads to this program, without a path")
		}
		if !telegramHook.MatchString(c.Telegram.WebhookSecret.Reveal()) {
			add("PORUCH_TELEGRAM_WEBHOOK_SECRET", "must be 1 to 256 letters, digits, _ or -; make one with: openssl rand -hex 32")
		}
	default:
		add("PORUCH_TELEGRAM_MODE", "must be poll or webhook")
	}
	if c.Telegram.Rate < 0 {
		add("PORUCH_TELEGRAM_RATE", "must be 0 (not paced) or more messages a second")
	}
	ps = append(ps, c.Slack.validate()...)
	ps = append(ps, c.Embeddings.validate()...)
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		add("PORUCH_ADDR", "must be host:port, such as 127.0.0.1:8085")
	}
	for _, r := range c.Roles {
		if !slices.Contains(Roles, r) {
			add("PORUCH_ROLES", "holds an unknown role; the roles are "+strings.Join(Roles, ", "))
		}
	}
	if len(c.Roles) == 0 {
		add("PORUCH_ROLES", "names no role; the roles are "+strings.Join(Roles, ", "))
	}
	switch most := maxWorkers; {
	case c.Workers < 1 || c.Workers > most:
		add("PORUCH_WORKERS", fmt.Sprintf("must be from 1 to %d", most))
	case !c.DatabaseURL.Set() && c.Workers > maxPrivateWorkers:
		add("PORUCH_WORKERS", fmt.Sprintf("must be at most %d with the private Postgres; set DATABASE_URL for more", maxPrivateWorkers))
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log.Level) {
		add("PORUCH_LOG_LEVEL", "must be debug, info, warn or error")
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		add("PORUCH_LOG_FORMAT", "must be text or json")
	}
	return ps
}

func (s Slack) validate() []Problem {
	var ps []Problem
	vendor := isAt(s.APIURL, "slack.com")
	for _, t := range []struct {
		setting, prefix, where string
		token                  Secret
	}{
		{"PORUCH_SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions, Bot User OAuth Token", s.BotToken},
		{"PORUCH_SLACK_APP_TOKEN", "xapp-", "Basic Information, App-Level Tokens, with connections:write", s.AppToken},
	} {
		switch {
		case !t.token.Set():
			ps = append(ps, Problem{t.setting, "is missing; make the app with `poruch slack manifest`, then copy it from " + t.where})
		case vendor && !strings.HasPrefix(t.token.Reveal(), t.prefix):
			ps = append(ps, Problem{t.setting, "must start with " + t.prefix + "; copy it from " + t.where})
		}
	}
	if s.Channel == "" || vendor && !slackChannel.MatchString(s.Channel) {
		ps = append(ps, Problem{"PORUCH_SLACK_CHANNEL", "must be a channel's id such as C0123456789 (in Slack: the channel's name, then the foot of About), not its #name"})
	}
	if !isHTTP(s.APIURL) {
		ps = append(ps, Problem{"PORUCH_SLACK_API_URL", "must be an http or https address; leave it out to use Slack's own"})
	}
	return ps
}

func (e Embeddings) validate() []Problem {
	if e.URL == "" {
		return nil
	}
	var ps []Problem
	u, err := url.Parse(e.URL)
	switch {
	case err != nil || !isHTTP(e.URL):
		ps = append(ps, Problem{"PORUCH_EMBEDDINGS_URL", "must be an http or https address without /embeddings, such as https://api.openai.com/v1; leave it out to decide by words alone"})
	case u.User != nil:
		ps = append(ps, Problem{"PORUCH_EMBEDDINGS_URL", "must not hold a password; put the key into PORUCH_EMBEDDINGS_KEY"})
	case u.Scheme == "http" && !isNear(u.Hostname()):
		ps = append(ps, Problem{"PORUCH_EMBEDDINGS_URL", "must be https: customers' words and the key would travel readable; http is for a server on this machine or network"})
	}
	if e.Model == "" {
		ps = append(ps, Problem{"PORUCH_EMBEDDINGS_MODEL", "is missing; name the model as the endpoint calls it, such as text-embedding-3-small"})
	}
	return ps
}

// isNear says whether a host is on this machine or a private network: by its
// address, or by a name that only such a network knows.
func isNear(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	return !strings.Contains(host, ".") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal")
}

// isAt says whether an address is the vendor's own: other servers that speak its
// protocol may have ids and tokens of other forms.
func isAt(address, domain string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Hostname() == domain || strings.HasSuffix(u.Hostname(), "."+domain))
}

func isHTTP(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
