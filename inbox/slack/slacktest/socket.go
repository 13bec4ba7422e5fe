package slacktest

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// ackTimeout is how long Slack waits for an acknowledgement:
	// https://docs.slack.dev/apis/events-api/using-socket-mode#acknowledge
	ackTimeout = 3 * time.Second
	// retries is how often an event is sent again.
	retries = 3
	// pingEvery is how often a socket is pinged; the app takes one that is not
	// for dead.
	pingEvery = 10 * time.Second
	// writeTimeout bounds one write to a socket that nobody reads.
	writeTimeout = 5 * time.Second
)

// envelope is what goes over a socket and waits to be acknowledged.
type envelope struct {
	ID       string `json:"envelope_id"`
	Type     string `json:"type"`
	Payload  any    `json:"payload"`
	Accepts  bool   `json:"accepts_response_payload"`
	Attempt  int    `json:"retry_attempt"`
	Reason   string `json:"retry_reason"`
	on       *socket
	acked    chan struct{}   // closed by the acknowledgement
	response json.RawMessage // what the acknowledgement carried
}

type socket struct{ conn *websocket.Conn }

func (k *socket) write(v any) bool {
	_ = k.conn.SetWriteDeadline(time.Now().Add(writeTimeout)) // fails only when closed
	return k.conn.WriteJSON(v) == nil
}

func (k *socket) ping(ended <-chan struct{}) {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
			// A socket that takes none is found out by whoever reads it.
			_ = k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout))
		}
	}
}

func (k *socket) cut() { _ = k.conn.Close() } // closed already, perhaps

// openConnection hands out a socket's address, once for each call, to the
// app-level token.
func (s *Server) openConnection(w http.ResponseWriter, r *http.Request) {
	token, _ := read(r)
	s.mu.Lock()
	s.calls["apps.connections.open"]++
	s.mu.Unlock()
	if s.strike(w, r, "apps.connections.open") == refused {
		return
	}
	switch {
	case token == "":
		s.say(w, failure("not_authed"))
	case token == s.cfg.BotToken:
		s.say(w, failure("not_allowed_token_type"))
	case token != s.cfg.AppToken:
		s.say(w, failure("invalid_auth"))
	default:
		ticket := rand.Text()
		s.mu.Lock()
		s.tickets[ticket] = true
		s.mu.Unlock()
		s.say(w, answer{"url": "ws://" + r.Host + "/socket?ticket=" + ticket})
	}
}

// connect serves one socket. What nobody has acknowledged and no other socket
// holds comes first.
func (s *Server) connect(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	ok := s.tickets[ticket] && !s.ended
	delete(s.tickets, ticket)
	if ok {
		s.running.Add(1)
		defer s.running.Done()
	}
	s.mu.Unlock()
	if !ok {
		http.Error(w, "unknown ticket", http.StatusForbidden)
		return
	}
	conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	k := &socket{conn}
	defer k.cut()
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return
	}
	s.sockets = append(s.sockets, k)
	s.changed()
	k.write(map[string]any{"type": "hello", "num_connections": len(s.sockets), "connection_info": map[string]any{"app_id": "A0PORUCH"}})
	for _, e := range slices.Clone(s.waiting) {
		if e.on == nil {
			s.deliver(e)
		}
	}
	s.mu.Unlock()
	ended := make(chan struct{})
	defer close(ended)
	s.running.Go(func() { k.ping(ended) })
	for {
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if conn.ReadJSON(&ack) != nil {
			s.lose(k)
			return
		}
		s.acknowledge(ack.ID, ack.Payload)
	}
}

// Emit sends an envelope of any kind and content, such as an event that this
// workspace does not know how to make. acked is closed once the app has
// acknowledged it.
func (s *Server) Emit(kind string, payload any) (acked <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.send(kind, payload).acked
}

// Unacked counts the envelopes that the app has not acknowledged.
func (s *Server) Unacked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting)
}

// Sockets counts the open sockets.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Disconnect asks the app to connect anew, as Slack does every few hours
// (refresh_requested), and closes its sockets:
// https://docs.slack.dev/apis/events-api/using-socket-mode#disconnect
func (s *Server) Disconnect(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		k.write(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "slacktest"}})
		k.cut()
	}
}

// send puts an envelope on its way. The lock is held.
func (s *Server) send(kind string, payload any) *envelope {
	e := &envelope{ID: rand.Text(), Type: kind, Payload: payload, Accepts: kind == "interactive", acked: make(chan struct{})}
	s.waiting = append(s.waiting, e)
	s.deliver(e)
	return e
}

// deliver gives an envelope to one socket, each in turn. Without one it waits.
// The lock is held.
func (s *Server) deliver(e *envelope) {
	e.on = nil
	for range len(s.sockets) {
		k := s.sockets[0]
		s.sockets = append(s.sockets[1:], k)
		if k.write(e) {
			e.on = k
			break
		}
	}
	if e.on == nil || e.Type != "events_api" || s.ended {
		return
	}
	attempt, late := e.Attempt, s.cfg.After(ackTimeout)
	s.running.Go(func() {
		select {
		case <-s.closed:
		case <-e.acked:
		case <-late:
			s.again(e, attempt)
		}
	})
}

// again sends an event that was not acknowledged in time, a few times.
func (s *Server) again(e *envelope, attempt int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.Attempt != attempt || !slices.Contains(s.waiting, e) || s.ended {
		return
	}
	if e.Attempt == retries {
		s.forget(e)
		return
	}
	e.Attempt++
	e.Reason = "timeout"
	s.deliver(e)
}

func (s *Server) forget(e *envelope) {
	s.waiting = slices.DeleteFunc(s.waiting, func(o *envelope) bool { return o == e })
}

func (s *Server) acknowledge(id string, payload json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.waiting {
		if e.ID == id {
			e.response = payload
			close(e.acked)
			s.forget(e)
			s.changed()
			return
		}
	}
}

// lose forgets a broken socket; what it held goes to the others, or waits.
func (s *Server) lose(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = slices.DeleteFunc(s.sockets, func(o *socket) bool { return o == k })
	s.changed()
	for _, e := range slices.Clone(s.waiting) {
		if e.on == k {
			s.deliver(e)
		}
	}
}
