package slacktest

import (
	"crypto/rand"
	"net/http"
	"slices"

	"github.com/gorilla/websocket"
)

type envelope struct {
	ID      string `json:"envelope_id"`
	Type    string `json:"type"`
	Payload any    `json:"payload"`
}

type socket struct{ conn *websocket.Conn }

func (s *Server) ticket() string { return rand.Text() }

// send gives an envelope to one socket and keeps it until it is acknowledged.
// The lock is held.
func (s *Server) send(kind string, payload any) {
	e := envelope{ID: rand.Text(), Type: kind, Payload: payload}
	s.waiting = append(s.waiting, e)
	if len(s.sockets) > 0 {
		_ = s.sockets[0].conn.WriteJSON(e) // a broken socket: the next one gets it again
	}
}

// connect serves one socket: what nobody acknowledged comes first.
func (s *Server) connect(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer conn.Close()
	k := &socket{conn}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	_ = conn.WriteJSON(map[string]any{"type": "hello", "num_connections": len(s.sockets) + 1})
	if len(s.sockets) == 0 {
		for _, e := range s.waiting {
			_ = conn.WriteJSON(e)
		}
	}
	s.sockets = append(s.sockets, k)
	s.mu.Unlock()
	for {
		var ack envelope
		err := conn.ReadJSON(&ack)
		s.mu.Lock()
		if err != nil {
			s.sockets = slices.DeleteFunc(s.sockets, func(o *socket) bool { return o == k })
			s.mu.Unlock()
			return
		}
		s.waiting = slices.DeleteFunc(s.waiting, func(e envelope) bool { return e.ID == ack.ID })
		s.mu.Unlock()
	}
}

// Close ends the sockets; no new ones are served.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, k := range s.sockets {
		_ = k.conn.Close()
	}
}
