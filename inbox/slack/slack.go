package slack

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/internal/i18n"
	"github.com/poruch/poruch/knowledge"
)

//go:embed messages/messages.*.yaml
var messageFiles embed.FS

// Config is one workspace's app. Zero values stand for the defaults named
// beside them.
type Config struct {
	BotToken  string // xoxb-…; needed
	AppToken  string // xapp-…, with connections:write; needed
	APIURL    string // https://slack.com/api/
	StaffLang knowledge.Lang
	Agents    map[string]string // public names by user id, where they differ from Slack's
	Log       *slog.Logger      // discards
	Now       func() time.Time  // time.Now
}

// Console is the staff side. Its methods may be called from several goroutines.
type Console struct {
	cfg    Config
	api    *slack.Client
	http   *http.Client
	text   *i18n.Catalog
	people *people
}

var _ inbox.Console = (*Console)(nil)

// callTimeout bounds one call that carries no file.
const callTimeout = 20 * time.Second

// New prepares a console; it calls nobody yet.
func New(cfg Config) (*Console, error) {
	switch {
	case !strings.HasPrefix(cfg.BotToken, "xoxb-"):
		return nil, errors.New("PORUCH_SLACK_BOT_TOKEN must be the app's Bot User OAuth Token, which starts with xoxb-")
	case !strings.HasPrefix(cfg.AppToken, "xapp-"):
		return nil, errors.New("PORUCH_SLACK_APP_TOKEN must be an App-Level Token with connections:write, which starts with xapp-")
	}
	if cfg.APIURL == "" {
		cfg.APIURL = slack.APIURL
	}
	if !strings.HasSuffix(cfg.APIURL, "/") {
		cfg.APIURL += "/"
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	files, err := fs.Sub(messageFiles, "messages")
	if err != nil {
		return nil, fmt.Errorf("open message files: %w", err)
	}
	texts, err := i18n.Load(files)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	c := &Console{cfg: cfg, text: texts, http: &http.Client{Transport: transport}}
	c.api = slack.New(cfg.BotToken, slack.OptionAppLevelToken(cfg.AppToken), slack.OptionAPIURL(cfg.APIURL),
		slack.OptionHTTPClient(c.http), slack.OptionLog(silence{}))
	c.people = newPeople(c.api, cfg.Agents, cfg.Now)
	return c, nil
}

// silence keeps the library's own log, which may hold people's words, out.
type silence struct{}

func (silence) Output(int, string) error { return nil }

// say prints a text for staff.
func (c *Console) say(lang knowledge.Lang, id string, data map[string]any) string {
	if lang == "" {
		lang = c.cfg.StaffLang
	}
	return c.text.Text(string(lang), id, data)
}
