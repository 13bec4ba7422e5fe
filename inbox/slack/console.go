package slack

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/internal/i18n"
	"github.com/poruch/poruch/knowledge"
)

// DefaultAPIURL is Slack's Web API.
const DefaultAPIURL = "https://slack.com/api/"

// callTimeout bounds one call of the Web API, file transfers excluded.
const callTimeout = 20 * time.Second

// Config is what a Console needs. Both tokens are required.
type Config struct {
	BotToken string // xoxb-…: what the app may do
	AppToken string // xapp-… with connections:write: opens Socket Mode
	APIURL   string // "": DefaultAPIURL
	// StaffLang is the language of dialogs and labels; "": Ukrainian.
	StaffLang knowledge.Lang
	// Agents maps user ids to the names that customers see, where they differ
	// from the ones in Slack.
	Agents map[string]string
	Log    *slog.Logger     // nil: discards
	Now    func() time.Time // nil: time.Now
}

// Console is one Slack app in one workspace. It is safe for concurrent use.
type Console struct {
	cfg    Config
	api    *slack.Client
	words  words
	people *people
}

var _ inbox.Console = (*Console)(nil)

// New makes a console. It talks to nobody yet: Check and Receive do.
func New(cfg Config) (*Console, error) {
	if cfg.BotToken == "" {
		return nil, errors.New("slack: no bot token: set PORUCH_SLACK_BOT_TOKEN to the app's Bot User OAuth Token (xoxb-…)")
	}
	if cfg.AppToken == "" {
		return nil, errors.New("slack: no app token: set PORUCH_SLACK_APP_TOKEN to an app-level token (xapp-…) with connections:write")
	}
	if cfg.APIURL == "" {
		cfg.APIURL = DefaultAPIURL
	}
	if !strings.HasSuffix(cfg.APIURL, "/") {
		cfg.APIURL += "/"
	}
	u, err := url.Parse(cfg.APIURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("slack: PORUCH_SLACK_API_URL must be a whole http or https address, such as " + DefaultAPIURL)
	}
	if cfg.StaffLang == "" {
		cfg.StaffLang = knowledge.Ukrainian
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	catalog, err := i18n.Load(messageFiles)
	if err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16 // workers and the receiver call one host
	c := &Console{cfg: cfg, words: words{catalog}}
	c.api = slack.New(cfg.BotToken, slack.OptionAppLevelToken(cfg.AppToken), slack.OptionAPIURL(cfg.APIURL),
		slack.OptionHTTPClient(&http.Client{Transport: transport}), slack.OptionLog(silence{}))
	c.people = newPeople(c.api, cfg.Agents, cfg.Now)
	return c, nil
}

// silence keeps out the library's own log, which may hold people's words.
type silence struct{}

func (silence) Output(int, string) error { return nil }
