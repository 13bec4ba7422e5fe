package telegram_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/telegram/telegramtest"
)

// behind answers the first sends by itself and lets the others through.
type behind struct {
	http.Handler
	calls   int
	answers map[int]string // by number of the send, from 1
}

func (b *behind) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(strings.ToLower(r.URL.Path), "/send") {
		b.Handler.ServeHTTP(w, r)
		return
	}
	b.calls++
	answer, ok := b.answers[b.calls]
	if !ok {
		b.Handler.ServeHTTP(w, r)
		return
	}
	var code int
	_, _ = fmt.Sscan(answer, &code)
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(code)
	_, _ = w.Write([]byte(strings.TrimLeft(answer, "0123456789 ")))
}

// What fails after a first part is not begun again as long as that can help.
func TestLaterPartsThatFail(t *testing.T) {
	long := strings.Repeat("слово ", 1000) // two parts
	for name, c := range map[string]struct {
		answers map[int]string
		want    error // nil with uncertain false: sent
		unsure  bool
		parts   int
	}{
		"a short wait is waited out": {map[int]string{2: `429 {"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}`}, nil, false, 2},
		"a long wait is not":         {map[int]string{2: `429 {"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 99", "parameters": {"retry_after": 99}}`}, nil, true, 1},
		"a refusal is one":           {map[int]string{2: `400 {"ok": false, "error_code": 400, "description": "Bad Request: message is too long"}`}, bots.ErrRejected, false, 1},
		"a block is one":             {map[int]string{2: `403 {"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}`}, bots.ErrUnreachable, false, 1},
		"nonsense is uncertain":      {map[int]string{2: `200 <html>`}, nil, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, nil)
			front := httptest.NewServer(&behind{Handler: s.fake, answers: c.answers})
			t.Cleanup(front.Close)
			s = newSceneAt(t, s.fake, front.URL, nil)
			_, err := s.bot.Send(t.Context(), bots.Outgoing{To: to(1001), Text: bots.Plain(long)})
			var retry *bots.RetryError
			switch {
			case c.unsure && (err == nil || errors.As(err, &retry) || errors.Is(err, bots.ErrRejected)):
				t.Errorf("Send: %v, want an uncertain error", err)
			case !c.unsure && !errors.Is(err, c.want):
				t.Errorf("Send: %v, want %v", err, c.want)
			}
			if n := len(s.sent(1001)); n != c.parts {
				t.Errorf("%d parts arrived, want %d", n, c.parts)
			}
		})
	}
}

func TestWhatTelegramAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		wants  func(error) bool
	}{
		"413 is for good":       {`413 <html>Request Entity Too Large</html>`, rejected},
		"a moved chat, 64 bits": {`400 {"ok": false, "error_code": 400, "description": "Bad Request: group chat was upgraded", "parameters": {"migrate_to_chat_id": -1009876543210}}`, movedTo("-1009876543210")},
		"no retry_after":        {`429 {"ok": false, "error_code": 429, "description": "Too Many Requests"}`, waits(time.Second)},
		"401 waits for people":  {`401 {"ok": false, "error_code": 401, "description": "Unauthorized"}`, waits(time.Minute)},
		"a redirect":            {`302 `, func(err error) bool { return err != nil && !rejected(err) }},
		"no rights":             {`400 {"ok": false, "error_code": 400, "description": "Bad Request: not enough rights to send text messages to the chat"}`, unreachable},
		"a token in the words":  {`400 {"ok": false, "error_code": 400, "description": "Bad Request: odd /bot` + token + `/x"}`, rejected},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, nil)
			front := httptest.NewServer(&behind{Handler: s.fake, answers: map[int]string{1: c.answer, 2: c.answer}})
			t.Cleanup(front.Close)
			s = newSceneAt(t, s.fake, front.URL, nil)
			_, err := s.bot.Send(t.Context(), bots.Outgoing{To: to(1001), Text: bots.Plain("агов")})
			if !c.wants(err) {
				t.Errorf("Send: %v", err)
			}
			if err != nil && strings.Contains(err.Error(), token) {
				t.Errorf("the token is in %v", err)
			}
		})
	}
}

func rejected(err error) bool    { return errors.Is(err, bots.ErrRejected) }
func unreachable(err error) bool { return errors.Is(err, bots.ErrUnreachable) }

func movedTo(chat bots.ChatID) func(error) bool {
	return func(err error) bool {
		var moved *bots.MovedError
		return errors.As(err, &moved) && moved.Chat == chat
	}
}

func waits(after time.Duration) func(error) bool {
	return func(err error) bool {
		var retry *bots.RetryError
		return errors.As(err, &retry) && retry.After == after
	}
}

func TestOpenFileClasses(t *testing.T) {
	s := newScene(t, nil)
	for name, c := range map[string]struct {
		getFile, download string // "" leaves it to the fake
		wants             func(error) bool
	}{
		"gone":                 {"", "404 Not Found", rejected},
		"too many":             {"", "429 ", waits(7 * time.Second)},
		"token":                {"", "401 ", waits(time.Minute)},
		"away":                 {"", "502 <html>", uncertain},
		"too big":              {`400 {"ok": false, "error_code": 400, "description": "Bad Request: file is too big"}`, "", rejected},
		"for now":              {`400 {"ok": false, "error_code": 400, "description": "Bad Request: wrong file_id or the file is temporarily unavailable"}`, "", waits(0)},
		"away before the file": {`503 <html>`, "", waits(0)},
	} {
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := c.getFile
			if strings.HasPrefix(r.URL.Path, "/file/") {
				answer = c.download
			} else if answer == "" {
				answer = `200 {"ok": true, "result": {"file_id": "x", "file_path": "documents/file_1.pdf"}}`
			}
			var code int
			_, _ = fmt.Sscan(answer, &code)
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(code)
			_, _ = w.Write([]byte(strings.TrimLeft(answer, "0123456789 ")))
		}))
		bot := newSceneAt(t, s.fake, front.URL, nil).bot
		r, err := bot.OpenFile(t.Context(), "x")
		if err == nil {
			_ = r.Close()
		}
		if !c.wants(err) || strings.Contains(err.Error(), "secret-token") {
			t.Errorf("%s: %v", name, err)
		}
		front.Close()
	}
}

// uncertain: temporary, and the deed may have been done.
func uncertain(err error) bool {
	var retry *bots.RetryError
	return err != nil && !errors.As(err, &retry) && !rejected(err) && !unreachable(err)
}

// A server error, too, may come after the deed, but for one that says that it
// did not begin.
func TestServerErrors(t *testing.T) {
	for code, wants := range map[int]func(error) bool{500: uncertain, 502: uncertain, 503: waits(0), 504: uncertain} {
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }))
		_, err := newSceneAt(t, newScene(t, nil).fake, front.URL, nil).bot.Send(t.Context(), bots.Outgoing{To: to(1001), Text: bots.Plain("агов")})
		if !wants(err) {
			t.Errorf("%d: %v", code, err)
		}
		front.Close()
	}
}

// An answer that never came leaves open whether the message was sent.
func TestLostAnswersAreUncertain(t *testing.T) {
	s := newScene(t, nil)
	s.fake.Fault(telegramtest.Fault{Kind: "disconnect", For: time.Hour})
	_, err := s.bot.Send(t.Context(), bots.Outgoing{To: to(1001), Text: bots.Plain("агов")})
	if !uncertain(err) || strings.Contains(err.Error(), "secret-token") {
		t.Errorf("Send: %v, want an uncertain error", err)
	}
	if n := len(s.sent(1001)); n != 1 {
		t.Errorf("%d messages arrived", n)
	}
}
