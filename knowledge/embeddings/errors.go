package embeddings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// ErrAnswer is an answer that cannot be used, whatever its status: not JSON,
// too large, too few vectors, vectors of different sizes, numbers that are none.
var ErrAnswer = errors.New("the embeddings endpoint's answer cannot be used")

// errRedirect is a redirect that would carry words, or the key, elsewhere.
var errRedirect = errors.New("the embeddings endpoint redirects to another place; put its final address into PORUCH_EMBEDDINGS_URL")

// StatusError is an answer with another status than 200.
type StatusError struct {
	Code       int
	Kind       string        // the endpoint's own word for it, such as model_not_found; "" when it has none
	RetryAfter time.Duration // 0: it does not say
}

// Error says what a person can do about it.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("the embeddings endpoint answers %d", e.Code)
	if e.Kind != "" {
		text += " (" + e.Kind + ")"
	}
	switch e.Code {
	case http.StatusUnauthorized, http.StatusForbidden:
		text += "; check PORUCH_EMBEDDINGS_KEY"
	case http.StatusNotFound:
		text += "; check PORUCH_EMBEDDINGS_URL, which ends before /embeddings, and PORUCH_EMBEDDINGS_MODEL"
	case http.StatusTooManyRequests:
		text += "; the account's limit is reached"
	}
	return text
}

// The bounds of what is read of a failure.
const (
	mostOfFailure = 8 << 10
	mostWaiting   = 10 * time.Minute
)

// kinds lets words through that a program made; an endpoint's message may hold
// a part of the key.
var kinds = regexp.MustCompile(`^[a-z][a-z_]{0,39}$`)

func newStatusError(answer *http.Response, now time.Time) *StatusError {
	e := &StatusError{Code: answer.StatusCode, RetryAfter: retryAfter(answer.Header.Get("Retry-After"), now)}
	var body struct {
		Error struct {
			Code any    `json:"code"` // a word, a number or null
			Type string `json:"type"`
		} `json:"error"`
	}
	if json.NewDecoder(io.LimitReader(answer.Body, mostOfFailure)).Decode(&body) != nil {
		return e
	}
	if code, ok := body.Error.Code.(string); ok && kinds.MatchString(code) {
		e.Kind = code
	} else if kinds.MatchString(body.Error.Type) {
		e.Kind = body.Error.Type
	}
	return e
}

// retryAfter reads seconds or a date, at most mostWaiting.
func retryAfter(text string, now time.Time) time.Duration {
	if text == "" {
		return 0
	}
	wait := time.Duration(0)
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 {
		wait = time.Duration(min(seconds, mostWaiting.Seconds()) * float64(time.Second))
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), mostWaiting)
}

// withoutURL drops the address from an error of net/http: it may hold a secret.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
