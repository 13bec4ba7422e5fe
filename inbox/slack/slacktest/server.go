package slacktest

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Server is the workspace as an http.Handler. Close ends its sockets.
type Server struct {
	cfg Config
	mux *http.ServeMux

	mu       sync.Mutex
	last     int64 // microseconds of the newest ts
	messages []Message
	sockets  []*socket
	waiting  []envelope // not acknowledged, oldest first
	closed   bool
}

// New makes a workspace.
func New(cfg Config) *Server {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{cfg: cfg, mux: http.NewServeMux()}
	s.method("auth.test", cfg.BotToken, func(*http.Request) map[string]any {
		return map[string]any{"ok": true, "team": cfg.Team, "team_id": cfg.Team,
			"user": cfg.BotUser.Name, "user_id": cfg.BotUser.ID, "bot_id": "B" + cfg.BotUser.ID}
	})
	s.method("chat.postMessage", cfg.BotToken, s.postMessage)
	s.method("apps.connections.open", cfg.AppToken, func(r *http.Request) map[string]any {
		return map[string]any{"ok": true, "url": "ws://" + r.Host + "/socket?ticket=" + s.ticket()}
	})
	s.mux.HandleFunc("/socket", s.connect)
	return s
}

// ServeHTTP serves /api/<method>, /<method> and the sockets.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func (s *Server) method(name, token string, do func(*http.Request) map[string]any) {
	h := func(w http.ResponseWriter, r *http.Request) {
		given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if given == "" {
			given = r.FormValue("token")
		}
		answer := map[string]any{"ok": false, "error": "invalid_auth"}
		if token != "" && given == token {
			answer = do(r)
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer) // the client left: nobody to tell
	}
	s.mux.HandleFunc("/api/"+name, h)
	s.mux.HandleFunc("/"+name, h)
}

func (s *Server) postMessage(r *http.Request) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.channel(r.FormValue("channel"))
	if !ok {
		return map[string]any{"ok": false, "error": "channel_not_found"}
	}
	m := Message{Channel: c.ID, ThreadTS: r.FormValue("thread_ts"), User: s.cfg.BotUser.ID, IsBot: true,
		Username: r.FormValue("username"), Text: r.FormValue("text"),
		Blocks: json.RawMessage(r.FormValue("blocks")), Metadata: json.RawMessage(r.FormValue("metadata"))}
	if m.Text == "" && len(m.Blocks) == 0 {
		return map[string]any{"ok": false, "error": "no_text"}
	}
	return map[string]any{"ok": true, "channel": c.ID, "ts": s.add(m)}
}
