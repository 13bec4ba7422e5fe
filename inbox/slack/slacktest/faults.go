package slacktest

import (
	"io"
	"net/http"
	"time"
)

// Fault makes the workspace misbehave: rate_limit (429), server_error (502),
// timeout (the call hangs, without effect), disconnect (the effect stays, the
// answer is lost, and sockets break), duplicate (events come twice).
type Fault struct {
	Kind string
	For  time.Duration // 0: until the next Fault
	Rate float64       // the share of calls that it hits; 0: all
}

type faults struct {
	Fault
	until time.Time // zero: no end
	hits  float64
}

// Fault replaces the present fault; the zero Fault ends it.
func (s *Server) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = faults{Fault: f}
	if f.For > 0 {
		s.faults.until = s.cfg.Now().Add(f.For)
	}
	if f.Rate <= 0 || f.Rate > 1 {
		s.faults.Rate = 1
	}
	if f.Kind == "disconnect" {
		for _, k := range s.sockets {
			k.cut()
		}
	}
}

// hit says whether the present fault, if it is of this kind, strikes now; it
// counts, so that the same calls are hit each time. The lock is held.
func (s *Server) hit(kind string) bool {
	f := &s.faults
	if f.Kind != kind || !f.until.IsZero() && s.cfg.Now().After(f.until) {
		return false
	}
	f.hits += f.Rate
	if f.hits < 1 {
		return false
	}
	f.hits--
	return true
}

// blow is what a fault does to a call.
type blow int

const (
	spared blow = iota
	refused
	cutAfter
)

func (s *Server) strike(w http.ResponseWriter, r *http.Request, _ string) blow {
	s.mu.Lock()
	limit, broken, hang, cut := s.hit("rate_limit"), s.hit("server_error"), s.hit("timeout"), s.hit("disconnect")
	left := 10 * time.Minute
	if !s.faults.until.IsZero() {
		left = s.faults.until.Sub(s.cfg.Now())
	}
	s.mu.Unlock()
	switch {
	case limit:
		limitRate(w)
	case broken:
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html><body>502 Bad Gateway</body></html>") // the client left
	case hang:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		case <-s.cfg.After(left):
		}
		panic(http.ErrAbortHandler)
	case cut:
		return cutAfter
	default:
		return spared
	}
	return refused
}

func limitRate(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(w, `{"ok":false,"error":"ratelimited"}`) // the client left
}

// burst is how many posts a channel takes at once; then one a second:
// https://docs.slack.dev/apis/web-api/rate-limits#posting
const burst = 4

// tooFast counts a post. The lock is held.
func (s *Server) tooFast(channel string) bool {
	if !s.cfg.RateLimits {
		return false
	}
	now := s.cfg.Now()
	recent := s.posted[channel][:0]
	for _, at := range s.posted[channel] {
		if now.Sub(at) < burst*time.Second {
			recent = append(recent, at)
		}
	}
	s.posted[channel] = recent
	if len(recent) >= burst {
		return true
	}
	s.posted[channel] = append(recent, now)
	return false
}
