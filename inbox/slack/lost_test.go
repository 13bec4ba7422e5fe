package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/internal/i18n"
	"github.com/poruch/poruch/knowledge"
)

// deskAway stores nothing.
type deskAway struct{ tries int }

func (d *deskAway) HandleReply(context.Context, inbox.Reply) error {
	d.tries++
	return errors.New("the database is away")
}

func (d *deskAway) HandleAction(context.Context, inbox.Action) (string, error) { return "", nil }

// recorder answers each call with "ok".
type recorder struct{ calls map[string]url.Values }

func (r *recorder) Do(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	r.calls[strings.TrimPrefix(req.URL.Path, "/api/")] = values
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"ok":true}`))}, nil
}

// When the database stays away for minutes, the agent learns that the customer
// will not get these words; only then is Slack's envelope acknowledged.
func TestReplyThatIsLostIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		catalog, err := i18n.Load(messageFiles)
		if err != nil {
			t.Fatal(err)
		}
		wire := &recorder{calls: map[string]url.Values{}}
		c := &Console{
			cfg: Config{StaffLang: knowledge.English, Log: slog.New(slog.DiscardHandler), Now: time.Now}, words: words{catalog},
			api: slack.New("xoxb-1", slack.OptionHTTPClient(wire)),
		}
		c.people = newPeople(c.api, map[string]string{"U1": "Олена"}, c.cfg.Now)
		desk := &deskAway{}
		began, acked := time.Now(), false
		(&receiver{c: c, staff: desk}).handleEvent(t.Context(), envelope{
			ID: "e1", Type: "events_api", ack: func(any) { acked = true },
			Payload: json.RawMessage(`{"event_id":"Ev1","event":{"type":"message","channel":"C1","user":"U1","text":"так","ts":"2.0","thread_ts":"1.0"}}`),
		})
		if !acked || desk.tries != storeTries || time.Since(began) < 2*time.Minute {
			t.Errorf("acknowledged: %v, after %d tries in %v", acked, desk.tries, time.Since(began))
		}
		said := wire.calls["chat.postEphemeral"]
		if said.Get("user") != "U1" || said.Get("thread_ts") != "1.0" || !strings.Contains(said.Get("text"), "could not store") {
			t.Errorf("the agent reads %v", said)
		}
	})
}
