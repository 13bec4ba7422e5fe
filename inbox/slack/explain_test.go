package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/bots"
)

// An error tells whether something may have been posted, and no address.
func TestExplain(t *testing.T) {
	broken := func(err error) error {
		return &url.Error{Op: "Post", URL: "https://slack.com/api/chat.postMessage?token=xoxb-1", Err: err}
	}
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	for name, c := range map[string]struct {
		err   error
		sure  bool // surely not posted
		after time.Duration
	}{
		"rate limit":          {&slack.RateLimitedError{RetryAfter: 30 * time.Second}, true, 30 * time.Second},
		"rate limit without":  {slack.StatusCodeError{Code: 429}, true, 0},
		"unavailable":         {slack.StatusCodeError{Code: 503}, true, 0},
		"bad gateway":         {slack.StatusCodeError{Code: 502}, false, 0},
		"server error":        {slack.StatusCodeError{Code: 500}, false, 0},
		"cannot connect":      {broken(dial), true, 0},
		"time-out":            {broken(context.DeadlineExceeded), false, 0},
		"cancelled":           {broken(context.Canceled), false, 0},
		"broken connection":   {broken(io.EOF), false, 0},
		"reset while reading": {broken(&net.OpError{Op: "read", Err: errors.New("connection reset")}), false, 0},
		"half an answer":      {io.ErrUnexpectedEOF, false, 0},
		"not JSON":            {fmt.Errorf("invalid character '<' in xoxb-1"), false, 0},
		"odd code":            {slack.SlackErrorResponse{Err: "<@U1> xoxb-1 " + strings.Repeat("x", 500)}, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			err := explain("chat.postMessage", c.err)
			var retry *bots.RetryError
			if errors.As(err, &retry) != c.sure || c.sure && retry.After != c.after {
				t.Errorf("got %#v", err)
			}
			if errors.Is(err, bots.ErrRejected) || errors.Is(err, bots.ErrUnreachable) {
				t.Errorf("permanent: %v", err)
			}
			if said := err.Error(); !strings.Contains(said, "chat.postMessage") || strings.Contains(said, "xoxb-") || strings.Contains(said, "https:") || len(said) > 200 {
				t.Errorf("says %q", said)
			}
		})
	}
	if explain("chat.postMessage", nil) != nil {
		t.Error("nil is no error")
	}
}
