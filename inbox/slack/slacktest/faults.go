package slacktest

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// Fault makes the workspace misbehave: rate_limit (429), server_error (502),
// timeout (the call hangs, without effect), disconnect (the effect stays, the
// answer is lost, and sockets break), error (the method says Code, without
// effect), duplicate (events come twice).
type Fault struct {
	Kind   string
	Method string        // only calls of this method; sockets stay then. "": all
	Code   string        // of error, such as is_archived
	After  time.Duration // what rate_limit asks for, in whole seconds; 0: one
	For    time.Duration // 0: until the next Fault
	Rate   float64       // the share of calls that it hits; 0: all
	Times  int           // how many calls it hits before it ends; 0: no end
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
	if f.Kind == "disconnect" && f.Method == "" {
		for _, k := range s.sockets {
			k.cut()
		}
	}
}

// hit says whether the present fault, if it is of this kind, strikes now; it
// counts, so that the same calls are hit each time. The lock is held.
func (s *Server) hit(kind, method string) bool {
	f := &s.faults
	if f.Kind != kind || f.Method != "" && f.Method != method || !f.until.IsZero() && s.cfg.Now().After(f.until) {
		return false
	}
	f.hits += f.Rate
	if f.hits < 1 {
		return false
	}
	f.hits--
	if f.Times > 0 {
		if f.Times--; f.Times == 0 {
			f.Kind = ""
		}
	}
	return true
}

// blow is what a fault does to a call.
type blow int

const (
	spared blow = iota
	refused
	cutAfter
)

func (s *Server) strike(w http.ResponseWriter, r *http.Request, method string) blow {
	s.mu.Lock()
	kind := s.faults.Kind
	if kind == "duplicate" || !s.hit(kind, method) { // events come twice, not calls
		kind = ""
	}
	code, after := s.faults.Code, s.faults.After
	left := 10 * time.Minute
	if !s.faults.until.IsZero() {
		left = s.faults.until.Sub(s.cfg.Now())
	}
	s.mu.Unlock()
	switch kind {
	case "rate_limit":
		limitRate(w, after)
	case "error":
		s.say(w, failure(code))
	case "server_error":
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html><body>502 Bad Gateway</body></html>") // the client left
	case "timeout":
		select {
		case <-r.Context().Done():
		case <-s.closed:
		case <-s.cfg.After(left):
		}
		panic(http.ErrAbortHandler)
	case "disconnect":
		return cutAfter
	default:
		return spared
	}
	return refused
}

func limitRate(w http.ResponseWriter, after time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(after.Seconds()))))
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
