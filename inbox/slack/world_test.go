package slack_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/inbox/slack/slacktest"
	"github.com/poruch/poruch/knowledge"
)

const (
	botToken = "xoxb-the-bot-token"
	appToken = "xapp-the-app-token"
	channel  = "C0INBOX"
	olena    = "U0OLENA"
	taras    = "U0TARAS"
	bot      = "U0PORUCH"
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// world is a workspace, the app in it, and a desk that remembers what it was
// told.
type world struct {
	*slacktest.Server
	console *slack.Console
	staff   *staff
	address string
	timers  *timers

	mu   sync.Mutex
	wire map[string][]url.Values // the calls' arguments, by method
}

// ServeHTTP notes what the app says, and passes it on.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if method, ok := strings.CutPrefix(r.URL.Path, "/api/"); ok {
		body, _ := io.ReadAll(r.Body) // what is cut off shows in the test
		r.Body = io.NopCloser(bytes.NewReader(body))
		values, _ := url.ParseQuery(string(body))
		w.mu.Lock()
		w.wire[method] = append(w.wire[method], values)
		w.mu.Unlock()
	}
	w.Server.ServeHTTP(rw, r)
}

// said lists the arguments of a method's calls.
func (w *world) said(method string) []url.Values {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.wire[method])
}

// change alters the workspace or the app before they are made.
type change func(*slacktest.Config, *slack.Config)

func newWorld(t *testing.T, changes ...change) *world {
	t.Helper()
	w := &world{staff: newStaff(), timers: &timers{}, wire: map[string][]url.Values{}}
	workspace := slacktest.Config{
		BotToken: botToken, AppToken: appToken, Team: "T0RANKOVA", After: w.timers.after,
		Users: []slacktest.User{
			{ID: olena, Name: "olena", RealName: "Олена Коваль"},
			{ID: taras, Name: "taras", RealName: "Тарас Бондар"},
		},
		BotUser: slacktest.User{ID: bot, Name: "poruch", RealName: "Поруч", IsBot: true},
		Channels: []slacktest.Channel{
			{ID: channel, Name: "inbox", Members: []string{bot, olena, taras}},
			{ID: "C0OTHER", Name: "other", Members: []string{olena}},
		},
	}
	app := slack.Config{BotToken: botToken, AppToken: appToken, StaffLang: knowledge.English, Now: func() time.Time { return noon }}
	for _, do := range changes {
		do(&workspace, &app)
	}
	w.Server = slacktest.New(workspace)
	server := httptest.NewServer(w)
	t.Cleanup(func() {
		w.Close()
		server.Close()
	})
	w.address = server.URL
	if app.APIURL == "" {
		app.APIURL = server.URL + "/api/"
	}
	// The library's transport has no end of its own: its idle connections are
	// cut with the server.
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	var err error
	if w.console, err = slack.New(app); err != nil {
		t.Fatal(err)
	}
	return w
}

// receive runs Receive until the returned stop, or the test's end.
func (w *world) receive(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.console.Receive(ctx, w.staff) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Receive ended with %v", err)
		}
	})
	t.Cleanup(stop)
	w.until(func() bool { return w.Sockets() > 0 })
	return stop
}

// until waits until something is so, looking whenever the workspace changed.
func (w *world) until(so func() bool) {
	changed, stop := w.Watch()
	defer stop()
	for !so() {
		<-changed
	}
}

// settled waits until the app has acknowledged everything.
func (w *world) settled() { w.until(func() bool { return w.Unacked() == 0 }) }

// thread opens a ticket's thread.
func (w *world) thread(t *testing.T) inbox.ThreadRef {
	t.Helper()
	at, err := w.console.Open(t.Context(), channel, card())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// says writes as a person.
func (w *world) says(t *testing.T, at inbox.ThreadRef, user, text string, files ...slacktest.File) (ts string) {
	t.Helper()
	ts, err := w.Post(at.Channel, at.TS, user, text, files...)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

// shown is a message by its ts.
func (w *world) shown(t *testing.T, ts string) slacktest.Message {
	t.Helper()
	for _, m := range w.Messages(channel) {
		if m.TS == ts {
			return m
		}
	}
	t.Fatalf("there is no message %s", ts)
	return slacktest.Message{}
}

// timers are the workspace's time-outs, which end when a test says so.
type timers struct {
	mu  sync.Mutex
	set []chan time.Time
}

func (s *timers) after(time.Duration) <-chan time.Time {
	c := make(chan time.Time, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set = append(s.set, c)
	return c
}

// expire ends all that are set by now.
func (s *timers) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.set {
		c <- noon
	}
	s.set = nil
}
