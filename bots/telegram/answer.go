package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/poruch/poruch/bots"
)

// maxBatch bounds an answer to getUpdates: 100 updates are far below it.
const maxBatch = 32 << 20

// maxKept bounds what is kept of an update that cannot be read.
const maxKept = 64 << 10

// readAnswer reads an answer to getUpdates. When one update breaks the JSON of
// the whole, those before it are returned, so that it is the first the next
// time; when it is the first, the error is an *unreadableError.
func readAnswer(body []byte) ([]json.RawMessage, error) {
	var answer struct {
		OK         bool              `json:"ok"`
		Result     []json.RawMessage `json:"result"`
		ErrorCode  int               `json:"error_code"`
		Parameters struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	err := json.Unmarshal(body, &answer)
	switch {
	case err == nil && answer.OK:
		return answer.Result, nil
	case err == nil:
		return nil, pollError(answer.ErrorCode, answer.Parameters.RetryAfter)
	}
	whole, broken := salvage(body)
	switch {
	case len(whole) > 0:
		return whole, nil
	case len(broken) > 0:
		return nil, &unreadableError{raw: broken[:min(len(broken), maxKept)]}
	}
	return nil, errors.New("telegram getUpdates: the answer could not be read")
}

// unreadableError: the first update of an answer is not JSON, or never ends.
type unreadableError struct{ raw json.RawMessage }

func (e *unreadableError) Error() string {
	return "telegram getUpdates: an update could not be read"
}

// salvage reads the updates of an answer one by one, as far as they are JSON;
// broken is what begins with the first that is not.
func salvage(body []byte) (whole []json.RawMessage, broken []byte) {
	d := json.NewDecoder(bytes.NewReader(body))
	for {
		word, err := d.Token()
		if err != nil {
			return nil, nil
		}
		if word == "result" {
			break
		}
	}
	if list, err := d.Token(); err != nil || list != json.Delim('[') {
		return nil, nil
	}
	for d.More() {
		var u json.RawMessage
		if d.Decode(&u) != nil {
			break
		}
		whole = append(whole, u)
	}
	return whole, bytes.TrimLeft(body[d.InputOffset():], ", \t\r\n")
}

var errTwoPollers = errors.New("another program polls this bot: stop it, or give this installation a bot of its own")

func pollError(code, retryAfter int) error {
	switch code {
	case http.StatusUnauthorized, http.StatusNotFound:
		return errToken
	case http.StatusConflict:
		return errTwoPollers
	case http.StatusTooManyRequests:
		return &bots.RetryError{After: time.Duration(max(retryAfter, 1)) * time.Second, Err: errors.New("telegram getUpdates: too many requests")}
	}
	return fmt.Errorf("telegram getUpdates: the server answered %d", code)
}
