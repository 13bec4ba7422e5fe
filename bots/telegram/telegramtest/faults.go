package telegramtest

import (
	"net/http"
	"time"
)

// Fault is a bad spell of the server. Kind is one of
//
//	rate_limit    429 with retry_after
//	server_error  502 with a page that is not JSON
//	timeout       the request is held, then its connection is closed
//	disconnect    the connection is closed; every other request is acted on first
//	duplicate     updates that were confirmed come once more
type Fault struct {
	Kind string
	For  time.Duration // by Config.Now; 0 ends this kind at once
	Rate float64       // share of calls, 0 < Rate <= 1; 0 means all
	Chat int64         // only calls about this chat; 0 means all
}

type activeFault struct {
	until time.Time
	rate  float64
	chat  int64
	owed  float64 // strikes come evenly, not by chance, so that proofs repeat
	count int
}

// Fault begins (or ends) a bad spell. Kinds add up.
func (s *Server) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.For <= 0 {
		delete(s.faults, f.Kind)
		return
	}
	if f.Rate <= 0 || f.Rate > 1 {
		f.Rate = 1
	}
	s.faults[f.Kind] = &activeFault{until: s.cfg.Now().Add(f.For), rate: f.Rate, chat: f.Chat}
}

// strikes says whether the fault hits this time, in a call about chat; s.mu is
// held.
func (s *Server) strikes(kind string, chat int64) bool {
	f, ok := s.faults[kind]
	if !ok || !s.cfg.Now().Before(f.until) {
		delete(s.faults, kind)
		return false
	}
	if f.chat != 0 && f.chat != chat {
		return false
	}
	f.owed += f.rate
	if f.owed < 1 {
		return false
	}
	f.owed--
	f.count++
	return true
}

// suffer applies the active faults to a request. done: it was answered.
// breakOff: act on it, then close the connection without an answer.
func (s *Server) suffer(w http.ResponseWriter, r *http.Request, c *call) (breakOff, done bool) {
	chat := c.int("chat_id")
	s.mu.Lock()
	switch {
	case s.strikes("rate_limit", chat):
		left := s.faults["rate_limit"].until.Sub(s.cfg.Now())
		s.mu.Unlock()
		refuse(w, tooMany(left))
		return false, true
	case s.strikes("server_error", chat):
		s.mu.Unlock()
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html><h1>502 Bad Gateway</h1></html>"))
		return false, true
	case s.strikes("timeout", chat):
		left := s.faults["timeout"].until.Sub(s.cfg.Now())
		s.mu.Unlock()
		timer := time.NewTimer(left)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
		case <-s.closed:
		}
		panic(http.ErrAbortHandler)
	case s.strikes("disconnect", chat):
		act := s.faults["disconnect"].count%2 == 1
		s.mu.Unlock()
		if !act {
			panic(http.ErrAbortHandler)
		}
		return true, false
	}
	s.mu.Unlock()
	return false, false
}

func tooMany(wait time.Duration) *apiError {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	return &apiError{code: http.StatusTooManyRequests, what: "Too Many Requests: retry after", retryAfter: seconds}
}

// sending is a send that the published pace counts.
type sending struct {
	chat int64
	at   time.Time
}

// Telegram's published pace: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
const (
	perSecond      = 30
	perGroupMinute = 20
)

// paced counts n messages to a chat against the pace; s.mu is held.
func (s *Server) paced(c *chat, n int) *apiError {
	if !s.cfg.RateLimits {
		return nil
	}
	now := s.cfg.Now()
	kept := s.sent[:0]
	for _, x := range s.sent {
		if now.Sub(x.at) < time.Minute {
			kept = append(kept, x)
		}
	}
	s.sent = kept
	all, here := 0, 0
	var wait time.Duration
	for _, x := range s.sent {
		age := now.Sub(x.at)
		if age < time.Second {
			all++
		}
		switch {
		case x.chat != c.id:
		case c.group != nil:
			if here++; here == 1 {
				wait = time.Minute - age
			}
		case age < time.Second:
			here, wait = perGroupMinute, time.Second-age
		}
	}
	switch {
	case here >= perGroupMinute:
		return tooMany(wait)
	case all >= perSecond:
		return tooMany(time.Second)
	}
	for range n {
		s.sent = append(s.sent, sending{c.id, now})
	}
	return nil
}
