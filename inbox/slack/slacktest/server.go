package slacktest

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is the workspace as an http.Handler. Close ends its sockets.
type Server struct {
	cfg Config
	mux *http.ServeMux

	mu         sync.Mutex
	last       int64 // microseconds of the newest ts
	ids        int
	host       string // under which the app calls us
	messages   []*Message
	ephemerals []ephemeral
	views      []*view
	triggers   map[string]trigger
	uploads    map[string]*File // by id, until shared
	sockets    []*socket
	waiting    []*envelope // not acknowledged, oldest first
	tickets    map[string]bool
	calls      map[string]int
	posted     map[string][]time.Time // by channel, for rate limits
	faults     faults
	watchers   map[chan struct{}]bool
	closed     chan struct{}
	ended      bool
	running    sync.WaitGroup
}

type ephemeral struct {
	Message
	to string
}

// answer is what a method says, without "ok".
type answer map[string]any

// failure is an error that a method says.
func failure(code string) answer { return answer{"error": code} }

// args are a call's arguments, from a form or JSON.
type args map[string]string

func (a args) limit(most int) int {
	n, err := strconv.Atoi(a["limit"])
	if err != nil || n <= 0 {
		n = 100
	}
	return min(n, most)
}

// New makes a workspace.
func New(cfg Config) *Server {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.After == nil {
		cfg.After = time.After
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		cfg: cfg, mux: http.NewServeMux(), triggers: map[string]trigger{}, uploads: map[string]*File{},
		tickets: map[string]bool{}, calls: map[string]int{}, posted: map[string][]time.Time{},
		watchers: map[chan struct{}]bool{}, closed: make(chan struct{}),
	}
	s.method("auth.test", "", s.authTest)
	s.method("chat.postMessage", "chat:write", s.postMessage)
	s.method("chat.update", "chat:write", s.update)
	s.method("chat.delete", "chat:write", s.deleteMessage)
	s.method("chat.postEphemeral", "chat:write", s.postEphemeral)
	s.method("reactions.add", "reactions:write", s.addReaction)
	s.method("reactions.remove", "reactions:write", s.removeReaction)
	s.method("conversations.info", "channels:read", s.info)
	s.method("conversations.history", "channels:history", s.history)
	s.method("conversations.replies", "channels:history", s.replies)
	s.method("users.info", "users:read", s.userInfo)
	s.method("users.list", "users:read", s.userList)
	s.method("views.open", "", s.openView)
	s.method("files.getUploadURLExternal", "files:write", s.uploadURL)
	s.method("files.completeUploadExternal", "files:write", s.completeUpload)
	s.method("files.info", "files:read", s.fileInfo)
	s.mux.HandleFunc("POST /api/apps.connections.open", s.openConnection)
	s.mux.HandleFunc("POST /apps.connections.open", s.openConnection)
	s.mux.HandleFunc("/socket", s.connect)
	s.mux.HandleFunc("POST /upload/{id}", s.upload)
	s.mux.HandleFunc("GET /files/{id}/{name}", s.download)
	s.mux.HandleFunc("/api/{method}", s.unknown)
	return s
}

// ServeHTTP serves /api/<method>, /<method>, the sockets, uploads and files.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.host = r.Host
	s.mu.Unlock()
	s.mux.ServeHTTP(w, r)
}

// Close ends the sockets and the calls that hang; no new ones are served.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.ended {
		s.ended = true
		close(s.closed)
		for _, k := range s.sockets {
			k.cut()
		}
	}
	s.mu.Unlock()
	s.running.Wait()
}

// Calls counts the calls of a method, refused ones included.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

func (s *Server) unknown(w http.ResponseWriter, _ *http.Request) { s.say(w, failure("unknown_method")) }

// method serves a method of the bot token. do runs under the lock.
func (s *Server) method(name, scope string, do func(args) answer) {
	h := func(w http.ResponseWriter, r *http.Request) {
		token, a := read(r)
		s.mu.Lock()
		s.calls[name]++
		s.changed()
		s.mu.Unlock()
		after := s.strike(w, r, name)
		if after == refused {
			return
		}
		out := s.refuse(token, scope)
		if out == nil {
			out = s.locked(w, name, a, do)
			if out == nil {
				return // rate limited; answered
			}
		}
		if after == cutAfter {
			panic(http.ErrAbortHandler) // the effect stays, the answer is lost
		}
		s.say(w, out)
	}
	s.mux.HandleFunc("POST /api/"+name, h)
	s.mux.HandleFunc("POST /"+name, h)
}

func (s *Server) locked(w http.ResponseWriter, name string, a args, do func(args) answer) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "chat.postMessage" && s.tooFast(a["channel"]) {
		limitRate(w, 0)
		return nil
	}
	out := do(a)
	s.changed()
	return out
}

// refuse checks a bot token and what it may do:
// https://docs.slack.dev/authentication/tokens
func (s *Server) refuse(token, scope string) answer {
	switch {
	case token == "":
		return failure("not_authed")
	case token == s.cfg.AppToken:
		return failure("not_allowed_token_type")
	case token != s.cfg.BotToken:
		return failure("invalid_auth")
	case scope != "" && s.cfg.Scopes != nil && !slices.Contains(s.cfg.Scopes, scope):
		return answer{"error": "missing_scope", "needed": scope, "provided": strings.Join(s.cfg.Scopes, ",")}
	}
	return nil
}

func (s *Server) say(w http.ResponseWriter, a answer) {
	out := map[string]any{"ok": a["error"] == nil}
	for k, v := range a {
		out[k] = v
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if s.cfg.Scopes != nil {
		w.Header().Set("X-OAuth-Scopes", strings.Join(s.cfg.Scopes, ","))
	}
	_ = json.NewEncoder(w).Encode(out) // the client left: nobody to tell
}

// maxBody bounds a call's body, in bytes.
const maxBody = 4 << 20

// read takes the token and the arguments, which may come as a form or as JSON.
func read(r *http.Request) (token string, a args) {
	a = args{}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		raw, _ := io.ReadAll(r.Body) // what is cut off does not parse
		var body map[string]json.RawMessage
		_ = json.Unmarshal(raw, &body) // no arguments then
		for k, v := range body {
			var text string
			if json.Unmarshal(v, &text) != nil {
				text = string(v)
			}
			a[k] = text
		}
	} else {
		_ = r.ParseForm() // no arguments then
		for k := range r.Form {
			a[k] = r.Form.Get(k)
		}
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		token = a["token"]
	}
	return token, a
}

func (s *Server) authTest(args) answer {
	return answer{"url": "https://" + strings.ToLower(s.cfg.Team) + ".slack.com/", "team": s.cfg.Team, "team_id": s.cfg.Team,
		"user": s.cfg.BotUser.Name, "user_id": s.cfg.BotUser.ID, "bot_id": botID(s.cfg.BotUser)}
}

func botID(u User) string { return "B" + strings.TrimPrefix(u.ID, "U") }
