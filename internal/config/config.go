package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
)

// Config is one installation.
type Config struct {
	DatabaseURL Secret   `koanf:"database_url"` // "": a private Postgres in Data
	RedisURL    Secret   `koanf:"redis_url"`    // "": an in-process one
	Data        string   `koanf:"data"`         // "": the system's usual place
	Addr        string   `koanf:"addr"`         // health, metrics, webhooks
	Brand       string   `koanf:"brand"`        // a folder; "": a plain default brand
	Roles       []string `koanf:"roles"`
	Workers     int      `koanf:"workers"` // jobs at once
	Log         Log      `koanf:"log"`
	Telegram    Telegram `koanf:"telegram"`
	Slack       Slack    `koanf:"slack"`

	Embeddings Embeddings `koanf:"embeddings"`
}

// Log says how the program talks to its operator.
type Log struct {
	Level  string `koanf:"level"`  // debug, info, warn, error
	Format string `koanf:"format"` // text or json
}

// Telegram is the bot.
type Telegram struct {
	Token         Secret  `koanf:"token"`
	APIURL        string  `koanf:"api_url"`
	Mode          string  `koanf:"mode"` // poll or webhook
	WebhookURL    string  `koanf:"webhook_url"`
	WebhookSecret Secret  `koanf:"webhook_secret"`
	Rate          float64 `koanf:"rate"` // messages a second; 0: not paced
}

// Slack is the staff side.
type Slack struct {
	BotToken Secret `koanf:"bot_token"`
	AppToken Secret `koanf:"app_token"`
	Channel  string `koanf:"channel"`
	APIURL   string `koanf:"api_url"`
}

// Embeddings is an outside model that helps the matcher. Customers' words are
// sent to it.
type Embeddings struct {
	URL   string `koanf:"url"` // "": off
	Key   Secret `koanf:"key"`
	Model string `koanf:"model"`
}

// The roles that a replica can take.
const (
	RoleIntake = "intake" // receives from the platforms
	RoleWorker = "worker" // decides, sends, posts
	RoleSlack  = "slack"  // receives from the staff side
	RoleWeb    = "web"    // health, metrics, webhooks
)

// Roles lists all of them.
var Roles = []string{RoleIntake, RoleWorker, RoleSlack, RoleWeb}

// Default is what holds where neither file nor environment says otherwise.
// 30 messages a second is what Telegram asks of a bot:
// https://core.telegram.org/bots/faq#broadcasting-to-users.
func Default() Config {
	return Config{
		Addr: "127.0.0.1:8085", Roles: Roles, Workers: 12,
		Log:      Log{Level: "info", Format: "text"},
		Telegram: Telegram{APIURL: "https://api.telegram.org", Mode: "poll", Rate: 30},
		Slack:    Slack{APIURL: "https://slack.com/api/"},
	}
}

// keys maps every environment variable to its place in the file.
var keys = map[string]string{
	"DATABASE_URL": "database_url", "REDIS_URL": "redis_url",
	"PORUCH_DATA": "data", "PORUCH_ADDR": "addr", "PORUCH_BRAND": "brand", "PORUCH_ROLES": "roles",
	"PORUCH_WORKERS": "workers", "PORUCH_LOG_LEVEL": "log.level", "PORUCH_LOG_FORMAT": "log.format",
	"PORUCH_TELEGRAM_TOKEN": "telegram.token", "PORUCH_TELEGRAM_API_URL": "telegram.api_url",
	"PORUCH_TELEGRAM_MODE": "telegram.mode", "PORUCH_TELEGRAM_WEBHOOK_URL": "telegram.webhook_url",
	"PORUCH_TELEGRAM_WEBHOOK_SECRET": "telegram.webhook_secret", "PORUCH_TELEGRAM_RATE": "telegram.rate",
	"PORUCH_SLACK_BOT_TOKEN": "slack.bot_token", "PORUCH_SLACK_APP_TOKEN": "slack.app_token",
	"PORUCH_SLACK_CHANNEL": "slack.channel", "PORUCH_SLACK_API_URL": "slack.api_url",
	"PORUCH_EMBEDDINGS_URL": "embeddings.url", "PORUCH_EMBEDDINGS_KEY": "embeddings.key", "PORUCH_EMBEDDINGS_MODEL": "embeddings.model",
}

// elsewhere are variables with our prefix that other packages read.
var elsewhere = []string{"PORUCH_PG_BIN", "PORUCH_CONFIG"}

// Load reads a file (path "" for none) and an environment of "NAME=value"
// lines. Names that are not known are errors: a mistyped one would otherwise be
// a setting that silently does nothing.
func Load(path string, environ []string) (Config, error) {
	k := koanf.New(".")
	if path != "" {
		if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
			return Config{}, fmt.Errorf("read the configuration file: %w", unread(path, err))
		}
		if err := knownKeys(k); err != nil {
			return Config{}, fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := knownNames(environ); err != nil {
		return Config{}, err
	}
	err := k.Load(env.Provider(".", env.Opt{
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			key, ok := keys[name]
			if !ok || value == "" {
				return "", nil
			}
			if key == "roles" {
				return key, strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
			}
			return key, value
		},
	}), nil)
	if err != nil {
		return Config{}, fmt.Errorf("read the environment: %w", err)
	}
	c := Default()
	if err := k.Unmarshal("", &c); err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	return c, nil
}

func unread(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no %s", path)
	}
	return err
}

func knownKeys(k *koanf.Koanf) error {
	known := make([]string, 0, len(keys))
	for _, key := range keys {
		known = append(known, key)
	}
	for _, key := range k.Keys() {
		if !slices.Contains(known, key) {
			return fmt.Errorf("unknown setting %q; did you mean %q?", key, nearest(key, known))
		}
	}
	return nil
}

// knownNames refuses mistyped PORUCH_ variables. Kubernetes adds some of its
// own for a service that is called poruch; those pass.
func knownNames(environ []string) error {
	var known []string
	for name := range keys {
		known = append(known, name)
	}
	for _, line := range environ {
		name, _, _ := strings.Cut(line, "=")
		if !strings.HasPrefix(name, "PORUCH_") || slices.Contains(known, name) || slices.Contains(elsewhere, name) ||
			strings.HasPrefix(name, "PORUCH_SERVICE_") || strings.HasPrefix(name, "PORUCH_PORT") || strings.HasPrefix(name, "PORUCH_TEST_") {
			continue
		}
		return fmt.Errorf("unknown environment variable %s; did you mean %s?", name, nearest(name, known))
	}
	return nil
}

// nearest is the known word with the smallest edit distance.
func nearest(word string, known []string) string {
	slices.Sort(known)
	best, distance := "", 1<<30
	for _, k := range known {
		if d := edits(word, k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// edits is the Levenshtein distance of two words.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, last+1)
		}
	}
	return row[len(b)]
}

// Environ is the process's environment, for Load.
func Environ() []string { return os.Environ() }
