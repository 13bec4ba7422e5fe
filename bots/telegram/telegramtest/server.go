package telegramtest

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config describes the bot and the chats it is in.
type Config struct {
	Token       string
	BotUsername string // without @; default "poruch_bot"
	Groups      []Group
	People      []User // who have written to the bot before
	Log         *slog.Logger
	// RateLimits makes the server enforce Telegram's published pace (one message
	// a second per private chat, 20 a minute per group, 30 a second in all).
	RateLimits bool
	// Privacy is the bot's privacy mode: in groups it then sees only commands,
	// mentions and replies to itself.
	Privacy bool
	Now     func() time.Time // default time.Now
}

// Server is the fake. It is an http.Handler; Close it when done.
type Server struct {
	cfg Config

	mu       sync.Mutex
	chats    map[int64]*chat
	nextID   int // the counter that private chats and basic groups share
	nextFile int
	nextAny  int64 // albums, callback queries, migrated chats
	files    map[string]*storedFile
	presses  map[string]*press
	commands json.RawMessage
	calls    map[string]int
	faults   map[string]*activeFault
	queue    queue
	hook     *webhook
	watchers map[chan struct{}]struct{}
	sent     []sending

	closed  chan struct{}
	closing sync.Once
	work    sync.WaitGroup
}

// New makes a server. It listens nowhere by itself: mount it, or give it to
// httptest.NewServer.
func New(cfg Config) *Server {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.BotUsername == "" {
		cfg.BotUsername = "poruch_bot"
	}
	s := &Server{
		cfg: cfg, chats: map[int64]*chat{}, files: map[string]*storedFile{}, presses: map[string]*press{},
		calls: map[string]int{}, faults: map[string]*activeFault{}, watchers: map[chan struct{}]struct{}{},
		closed: make(chan struct{}),
	}
	s.queue.init()
	for _, g := range cfg.Groups {
		s.chats[g.Chat] = newGroup(g)
	}
	for _, u := range cfg.People {
		s.chats[u.ID] = &chat{id: u.ID, user: u}
	}
	return s
}

// Close ends long polls and webhook deliveries and waits for the latter.
func (s *Server) Close() {
	s.closing.Do(func() { close(s.closed) })
	s.work.Wait()
}

// Info tells what the bot is called and which groups it is in.
func (s *Server) Info() (string, []Group) {
	return s.cfg.BotUsername, append([]Group(nil), s.cfg.Groups...)
}

// Calls counts the requests for a method, refused ones included.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[strings.ToLower(method)]
}

// Watch ticks after visible changes; several changes may share a tick.
func (s *Server) Watch() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	s.mu.Lock()
	s.watchers[ch] = struct{}{}
	s.mu.Unlock()
	return ch, func() {
		s.mu.Lock()
		delete(s.watchers, ch)
		s.mu.Unlock()
	}
}

// changed ticks the watchers; s.mu is held.
func (s *Server) changed() {
	for ch := range s.watchers {
		select {
		case ch <- struct{}{}:
		default: // a tick is already waiting
		}
	}
}

// ServeHTTP serves POST /bot<token>/<method> and GET /file/bot<token>/<path>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if rest, ok := strings.CutPrefix(path, "file/bot"); ok {
		s.serveFile(w, rest)
		return
	}
	rest, ok := strings.CutPrefix(path, "bot")
	if !ok {
		refuse(w, &apiError{code: http.StatusNotFound, what: "Not Found"})
		return
	}
	token, method, _ := strings.Cut(rest, "/")
	method = strings.ToLower(method) // the real server does not mind the case
	if token != s.cfg.Token {
		refuse(w, &apiError{code: http.StatusUnauthorized, what: "Unauthorized"})
		return
	}
	s.count(method)
	act, ok := methods[method]
	if !ok && method != "getupdates" {
		refuse(w, &apiError{code: http.StatusNotFound, what: "Not Found: method not found"})
		return
	}
	c, err := readCall(w, r, method)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		refuse(w, &apiError{code: http.StatusRequestEntityTooLarge, what: "Request Entity Too Large"})
		return
	}
	if err != nil {
		refuse(w, badRequest("can't parse the request: "+err.Error()))
		return
	}
	breakOff, done := s.suffer(w, r, c)
	if done {
		return
	}
	var result any
	var bad *apiError
	if method == "getupdates" {
		result, bad = s.getUpdates(r.Context(), c)
	} else {
		s.mu.Lock()
		result, bad = act(s, c)
		s.mu.Unlock()
	}
	if breakOff {
		panic(http.ErrAbortHandler)
	}
	if bad != nil {
		refuse(w, bad)
		return
	}
	answer(w, http.StatusOK, obj{"ok": true, "result": result})
}

func (s *Server) count(method string) {
	s.mu.Lock()
	s.calls[method]++
	s.mu.Unlock()
}

type obj = map[string]any

// apiError is a refusal as the real server words it.
type apiError struct {
	code       int
	what       string
	retryAfter int
	migrateTo  int64
}

func badRequest(what string) *apiError {
	return &apiError{code: http.StatusBadRequest, what: "Bad Request: " + what}
}

func refuse(w http.ResponseWriter, e *apiError) {
	body := obj{"ok": false, "error_code": e.code, "description": e.what}
	switch {
	case e.retryAfter > 0:
		w.Header().Set("Retry-After", strconv.Itoa(e.retryAfter))
		body["parameters"] = obj{"retry_after": e.retryAfter}
	case e.migrateTo != 0:
		body["parameters"] = obj{"migrate_to_chat_id": e.migrateTo}
	}
	answer(w, e.code, body)
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // the client may have left; nobody else to tell
}
