package demo

import (
	"fmt"
	"net/http"
	"time"
)

const (
	heartbeat = 15 * time.Second      // keeps proxies from closing a quiet stream
	calm      = 60 * time.Millisecond // a burst of changes becomes one redraw
)

// events streams the names of what changed, "telegram" and "slack", as
// server-sent events. Both come once at the start, so that a window that lost
// its stream catches up when it is back.
func (s *site) events(w http.ResponseWriter, r *http.Request) {
	telegram, stopTelegram := s.cfg.Telegram.Watch()
	defer stopTelegram()
	slack, stopSlack := s.cfg.Slack.Watch()
	defer stopSlack()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	send := func(text string) bool {
		_, err := fmt.Fprint(w, text)
		return err == nil && out.Flush() == nil
	}
	tick := func(name string) bool { return send("event: " + name + "\ndata: changed\n\n") }
	if !send("retry: 1000\n\n") || !tick("telegram") || !tick("slack") {
		return
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		name := ""
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			if !send(": still here\n\n") {
				return
			}
			continue
		case <-telegram:
			name = "telegram"
		case <-slack:
			name = "slack"
		}
		if !tick(name) {
			return
		}
		pause := time.NewTimer(calm)
		select {
		case <-r.Context().Done():
			pause.Stop()
			return
		case <-pause.C:
		}
	}
}
