package telegramtest

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"time"
)

// webhook is a delivery to the bot's own address, one update at a time, in
// order, until it answers 2xx.
type webhook struct {
	url, secret string
	lastError   string
	end         context.CancelFunc
}

// retryWebhook is the pause after a failed delivery. The real server's grows
// with each failure; a proof has no use for that.
const retryWebhook = 20 * time.Millisecond

var secretRE = regexp.MustCompile(`^[A-Za-z0-9_-]{0,256}$`)

func (s *Server) setWebhook(c *call) (any, *apiError) {
	if c.params["url"] == "" {
		return s.deleteWebhook(c)
	}
	if !secretRE.MatchString(c.params["secret_token"]) {
		return nil, badRequest("secret token contains unallowed characters")
	}
	if bad := c.decode("allowed_updates", &s.queue.allowed); bad != nil {
		return nil, bad
	}
	// The address that is set already stays as it is ("Webhook is already set"):
	// a delivery under way is not begun anew.
	if h := s.hook; h != nil && h.url == c.params["url"] && h.secret == c.params["secret_token"] {
		return true, nil
	}
	s.endWebhook()
	select {
	case <-s.closed:
		return true, nil
	default:
	}
	ctx, end := context.WithCancel(context.Background())
	h := &webhook{url: c.params["url"], secret: c.params["secret_token"], end: end}
	s.hook = h
	s.work.Go(func() { s.deliver(ctx, h) })
	return true, nil
}

func (s *Server) deleteWebhook(c *call) (any, *apiError) {
	s.endWebhook()
	if c.params["drop_pending_updates"] == "true" {
		s.queue.pending = nil
		s.changed()
	}
	return true, nil
}

func (s *Server) endWebhook() {
	if s.hook != nil {
		s.hook.end()
		s.hook = nil
	}
}

func (s *Server) getWebhookInfo(*call) (any, *apiError) {
	o := obj{"url": "", "has_custom_certificate": false, "pending_update_count": len(s.queue.pending)}
	if s.hook != nil {
		o["url"] = s.hook.url
		if s.hook.lastError != "" {
			o["last_error_message"] = s.hook.lastError
		}
	}
	return o, nil
}

func (s *Server) deliver(ctx context.Context, h *webhook) {
	defer h.end()
	client := &http.Client{Timeout: time.Minute}
	defer client.CloseIdleConnections()
	for {
		s.mu.Lock()
		wake := s.queue.wake
		batch := s.take(1)
		s.mu.Unlock()
		if len(batch) == 0 {
			select {
			case <-wake:
				continue
			case <-ctx.Done():
				return
			case <-s.closed:
				return
			}
		}
		if s.post(ctx, client, h, batch[0]) {
			continue
		}
		pause := time.NewTimer(retryWebhook)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return
		case <-s.closed:
			pause.Stop()
			return
		}
	}
}

// post delivers one update and, when it was taken, confirms it.
func (s *Server) post(ctx context.Context, client *http.Client, h *webhook, body []byte) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // ends with ctx, so with this call
		select {
		case <-s.closed:
			cancel()
		case <-ctx.Done():
		}
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(body))
	if err != nil {
		return s.failed(h, err.Error())
	}
	req.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	resp, err := client.Do(req)
	if err != nil {
		return s.failed(h, err.Error())
	}
	resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return s.failed(h, "Wrong response from the webhook: "+resp.Status)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h.lastError = ""
	if n := len(s.queue.pending); n > 0 && bytes.Equal(s.queue.pending[0].body, body) {
		s.confirm(s.queue.pending[0].id + 1)
	}
	return true
}

func (s *Server) failed(h *webhook, why string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.lastError = why
	return false
}
