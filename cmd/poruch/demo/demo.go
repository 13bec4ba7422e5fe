package demo

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"github.com/poruch/poruch/bots/telegram/telegramtest"
	"github.com/poruch/poruch/inbox/slack/slacktest"
	"github.com/poruch/poruch/internal/i18n"
)

//go:embed messages.uk.yaml messages.en.yaml
var messageFiles embed.FS

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// languages the page speaks; the first is the default.
var languages = []string{"uk", "en"}

// Config says what the page shows. Telegram, Slack, Inbox and at least one
// customer are needed; the caller keeps and closes both fakes.
type Config struct {
	Telegram  *telegramtest.Server
	Slack     *slacktest.Server
	Inbox     string // id of the Slack channel with the tickets
	Brand     string // the brand's name as people see it
	Customers []telegramtest.User
	Samples   []Sample
	Zone      *time.Location // of the times on the page; nil: time.Local
	Log       *slog.Logger   // nil: nothing is logged
}

// site is the page with what it remembers.
type site struct {
	cfg   Config
	log   *slog.Logger
	pages map[string]*template.Template // language -> templates
	text  *i18n.Catalog
	read  marks
}

// New makes the page and its control API. The streams under /events end with
// their requests; nothing else outlives a request.
func New(cfg Config) (http.Handler, error) {
	switch {
	case cfg.Telegram == nil || cfg.Slack == nil:
		return nil, errors.New("the demo needs both fakes")
	case cfg.Inbox == "":
		return nil, errors.New("the demo needs the id of the inbox channel")
	case len(cfg.Customers) == 0:
		return nil, errors.New("the demo needs a customer")
	}
	if cfg.Zone == nil {
		cfg.Zone = time.Local
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	text, err := i18n.Load(messageFiles)
	if err != nil {
		return nil, fmt.Errorf("load the page's texts: %w", err)
	}
	s := &site{cfg: cfg, log: cfg.Log, text: text, pages: map[string]*template.Template{}}
	for _, lang := range languages {
		t, err := template.New("").Funcs(s.funcs(lang)).ParseFS(templateFiles, "templates/*.html")
		if err != nil {
			return nil, fmt.Errorf("read the page's templates: %w", err)
		}
		s.pages[lang] = t
	}
	return s.routes(), nil
}

func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("POST /language", s.language)
	mux.HandleFunc("GET /events", s.events)
	mux.HandleFunc("GET /customer", s.customer)
	mux.HandleFunc("GET /customer/chat", s.chat)
	mux.HandleFunc("POST /customer/say", s.say)
	mux.HandleFunc("POST /customer/press", s.press)
	mux.HandleFunc("GET /team", s.team)
	mux.HandleFunc("GET /team/channel", s.channel)
	mux.HandleFunc("GET /team/thread", s.thread)
	mux.HandleFunc("GET /team/replies", s.replies)
	mux.HandleFunc("POST /team/post", s.post)
	mux.HandleFunc("POST /team/delete", s.remove)
	mux.HandleFunc("POST /team/react", s.react)
	mux.HandleFunc("POST /team/act", s.act)
	mux.HandleFunc("GET /team/modal", s.modal)
	mux.HandleFunc("POST /team/submit", s.submit)
	mux.HandleFunc("POST /team/close", s.closeModal)
	mux.HandleFunc("GET /media/telegram/{chat}/{message}/{n}", s.telegramMedia)
	mux.HandleFunc("GET /media/slack/{channel}/{ts}/{n}", s.slackMedia)
	mux.Handle("GET /static/", http.FileServerFS(staticFiles))
	s.sim(mux)
	// Another site in the visitor's browser must not drive the demo.
	return guarded(http.NewCrossOriginProtection().Handler(mux))
}

// guarded sets the headers that keep the page to itself: everything comes from
// this server, and no script or style is inline.
func guarded(next http.Handler) http.Handler {
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}
