package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

func TestEnvironmentBeatsFileBeatsDefault(t *testing.T) {
	path := filepath.Join(t.TempDir(), "poruch.yaml")
	if err := os.WriteFile(path, []byte("addr: 0.0.0.0:80\ndata: /srv\ntelegram: {rate: 5}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path, []string{"PORUCH_ADDR=127.0.0.1:9000", "PORUCH_ROLES=intake,web", "PATH=/bin", "PORUCH_SERVICE_HOST=10.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:9000" || c.Data != "/srv" || c.Telegram.Rate != 5 || c.Slack.APIURL != "https://slack.com/api/" {
		t.Errorf("loaded %+v", c)
	}
	if fmt.Sprint(c.Roles) != "[intake web]" {
		t.Errorf("roles %v", c.Roles)
	}
}

// The example file is what people copy: it must load, state the defaults, and
// name every key and its variable.
func TestExampleFileNamesEveryKey(t *testing.T) {
	const path = "../../configs/poruch.example.yaml"
	c, err := Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := Default(); !reflect.DeepEqual(c, want) {
		t.Errorf("the example says %+v, the defaults are %+v", c, want)
	}
	k := koanf.New(".")
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range keys {
		if !k.Exists(key) {
			t.Errorf("the example does not name the key %s", key)
		}
		if !strings.Contains(string(src), "# "+name) {
			t.Errorf("the example does not name the variable %s", name)
		}
	}
	if want, got := leaves(reflect.TypeFor[Config]()), len(keys); got != want {
		t.Errorf("%d variables for the %d fields of Config", got, want)
	}
}

// leaves counts the settings of a configuration.
func leaves(t reflect.Type) (n int) {
	for i := range t.NumField() {
		if f := t.Field(i).Type; f.Kind() == reflect.Struct {
			n += leaves(f)
		} else {
			n++
		}
	}
	return n
}

func TestMistypedNamesAreErrors(t *testing.T) {
	_, err := Load("", []string{"PORUCH_TELEGRAM_TOKN=1:x"})
	if err == nil || !strings.Contains(err.Error(), "PORUCH_TELEGRAM_TOKEN") || strings.Contains(err.Error(), "1:x") {
		t.Errorf("got %v, want the right name and no value", err)
	}
	path := filepath.Join(t.TempDir(), "poruch.yaml")
	if err := os.WriteFile(path, []byte("telegram: {tokens: secret-value}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Load(path, nil)
	if err == nil || !strings.Contains(err.Error(), "telegram.token") || strings.Contains(err.Error(), "secret-value") {
		t.Errorf("got %v, want the right key and no value", err)
	}
	if _, err = Load(filepath.Join(t.TempDir(), "no.yaml"), nil); err == nil || !strings.Contains(err.Error(), "there is no") {
		t.Errorf("missing file: %v", err)
	}
}

func TestSecretNeverPrints(t *testing.T) {
	const value = "123456:very-secret-value-of-a-token"
	c, err := Load("", []string{"PORUCH_TELEGRAM_TOKEN=" + value, "DATABASE_URL=" + value})
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("config", "token", c.Telegram.Token, "all", c)
	for _, printed := range []string{fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c.Telegram.Token, c.Telegram.Token), string(asJSON), logged.String(), fmt.Sprint(c.Validate())} {
		if strings.Contains(printed, "very-secret") {
			t.Errorf("a secret was printed: %s", printed)
		}
	}
	if c.Telegram.Token.Reveal() != value {
		t.Error("Reveal does not reveal")
	}
}

func TestValidateSaysWhatToDo(t *testing.T) {
	good := Default()
	good.Telegram.Token = "123456:abcdefghijklmnopqrstuvwxyz"
	good.Slack.BotToken, good.Slack.AppToken, good.Slack.Channel = "xoxb-1", "xapp-1", "C0123456789"
	if ps := good.Validate(); len(ps) != 0 {
		t.Fatalf("a good configuration has problems: %v", ps)
	}
	other := good
	other.Telegram.Token, other.Telegram.APIURL = "1:a", "http://127.0.0.1:9001"
	other.Slack.BotToken, other.Slack.AppToken, other.Slack.Channel, other.Slack.APIURL = "b", "a", "inbox", "http://127.0.0.1:9002/api/"
	if ps := other.Validate(); len(ps) != 0 {
		t.Errorf("another server's tokens have problems: %v", ps)
	}
	for _, address := range []string{"https://api.openai.com/v1", "http://127.0.0.1:11434/v1", "http://[::1]/v1", "http://10.0.0.7:8080", "http://ollama:11434/v1"} {
		good.Embeddings = Embeddings{URL: address, Key: "sk-1", Model: "m"}
		if ps := good.Validate(); len(ps) != 0 {
			t.Errorf("embeddings at %s have problems: %v", address, ps)
		}
	}
	good.Embeddings = Embeddings{}
	for name, c := range map[string]struct {
		break_  func(*Config)
		setting string
	}{
		"no token":            {func(c *Config) { c.Telegram.Token = "" }, "PORUCH_TELEGRAM_TOKEN"},
		"odd token":           {func(c *Config) { c.Telegram.Token = "abc" }, "PORUCH_TELEGRAM_TOKEN"},
		"mode":                {func(c *Config) { c.Telegram.Mode = "push" }, "PORUCH_TELEGRAM_MODE"},
		"webhook secret":      {func(c *Config) { c.Telegram.Mode, c.Telegram.WebhookURL = "webhook", "https://x.example" }, "PORUCH_TELEGRAM_WEBHOOK_SECRET"},
		"user token":          {func(c *Config) { c.Slack.BotToken = "xoxp-1" }, "PORUCH_SLACK_BOT_TOKEN"},
		"channel name":        {func(c *Config) { c.Slack.Channel = "#inbox" }, "PORUCH_SLACK_CHANNEL"},
		"role":                {func(c *Config) { c.Roles = []string{"everything"} }, "PORUCH_ROLES"},
		"workers":             {func(c *Config) { c.Workers = 0 }, "PORUCH_WORKERS"},
		"private workers":     {func(c *Config) { c.Workers = 41 }, "PORUCH_WORKERS"},
		"no channel":          {func(c *Config) { c.Slack.Channel, c.Slack.APIURL = "", "http://127.0.0.1:9002/api/" }, "PORUCH_SLACK_CHANNEL"},
		"no port":             {func(c *Config) { c.Addr = "localhost" }, "PORUCH_ADDR"},
		"embeddings":          {func(c *Config) { c.Embeddings = Embeddings{URL: "api.openai.com", Model: "m"} }, "PORUCH_EMBEDDINGS_URL"},
		"embeddings password": {func(c *Config) { c.Embeddings = Embeddings{URL: "https://a:b@x.example", Model: "m"} }, "PORUCH_EMBEDDINGS_URL"},
		"readable words":      {func(c *Config) { c.Embeddings = Embeddings{URL: "http://api.openai.com/v1", Model: "m"} }, "PORUCH_EMBEDDINGS_URL"},
		"no model":            {func(c *Config) { c.Embeddings.URL = "https://api.openai.com/v1" }, "PORUCH_EMBEDDINGS_MODEL"},
		"telegram address":    {func(c *Config) { c.Telegram.APIURL = "api.telegram.org" }, "PORUCH_TELEGRAM_API_URL"},
	} {
		broken := good
		c.break_(&broken)
		ps := broken.Validate()
		if len(ps) != 1 || ps[0].Setting != c.setting || ps[0].Say == "" {
			t.Errorf("%s: %v, want one problem of %s", name, ps, c.setting)
		}
	}
}

func TestDemoBrandLoads(t *testing.T) {
	b, err := LoadBrand("../../configs/brands/rankova")
	if err != nil {
		t.Fatal(err)
	}
	if b.ID != "rankova" || b.Groups != inbox.GroupConfident || b.KeepRaw != 30*24*time.Hour || b.Hours.Zone.String() != "Europe/Kyiv" {
		t.Errorf("brand %+v", b)
	}
	if got := b.Hours.Week[time.Saturday]; len(got) != 1 || got[0].From != 10*time.Hour || got[0].To != 18*time.Hour {
		t.Errorf("saturday %v", got)
	}
}

func TestBrandGreetsInItsOwnWords(t *testing.T) {
	b, err := parseBrand([]byte("id: a\nname: x\ngreeting:\n  uk: |\n    Вітаємо!\n    Питайте.\n  en: Hello!\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Greeting) != 2 || b.Greeting[knowledge.Ukrainian] != "Вітаємо!\nПитайте." || b.Greeting[knowledge.English] != "Hello!" {
		t.Errorf("greeting %q", b.Greeting)
	}
}

func TestBadBrandsAreExplained(t *testing.T) {
	for src, want := range map[string]string{
		"":                                     "id",
		"id: a\n":                              "name",
		"id: A b\nname: x\n":                   "small Latin",
		"id: a\nname: x\nlnag: uk\n":           "line 3",
		"id: a\nname: x\nlang: pl\n":           "uk, ru or en",
		"id: a\nname: x\nreply_within: soon\n": "line 3",
		"id: a\nname: x\nhours:\n  monday: 9-18\n":                       "line 4",
		"id: a\nname: x\nhours:\n  someday: closed\n":                    "monday to sunday",
		"id: a\nname: x\nhours:\n  monday: [09:00-13:00, 12:00-18:00]\n": "before the one above",
		"id: a\nname: x\nhours:\n  monday: 20:00-08:00\n":                "begin before it ends",
		"id: a\nname: x\nzone: Kyiv\n":                                   "Europe/Kyiv",
		"id: a\nname: x\nholidays: [tomorrow]\n":                         "date",
		"id: a\nname: x\ngroups: never\n":                                "addressed",
		"id: [\n":                                                        "line",
		"id: a\nname: x\ngreeting: Вітаємо\n":                            "line 3",
		"id: a\nname: x\ngreeting:\n  pl: Witamy\n":                      "line 4: greeting in \"pl\"",
		"id: a\nname: x\ngreeting:\n  uk: ' '\n":                         "line 4",
		"id: a\nname: x\ngreeting:\n  uk: [a]\n":                         "line 4",
		"id: a\nname: x\ngreeting:\n  uk: a\n  uk: b\n":                  "twice",
		"id: a\nname: x\ngreeting:\n  uk: " + strings.Repeat("я", 1001):  "1000 characters",
	} {
		if _, err := parseBrand([]byte(src)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("brand %q: %v, want words with %q", src, err, want)
		}
	}
}
