package slack

import (
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
)

func TestReadEvent(t *testing.T) {
	wrap := func(event string) []byte { return []byte(`{"event_id":"Ev1","event":` + event + `}`) }
	for name, c := range map[string]struct {
		raw  []byte
		kind bots.Kind // "": nothing for us
		text string
	}{
		"reply":             {wrap(`{"type":"message","channel":"C1","user":"U1","text":"так","ts":"2.000100","thread_ts":"1.000000"}`), bots.New, "так"},
		"file":              {wrap(`{"type":"message","subtype":"file_share","channel":"C1","user":"U1","text":"","ts":"2.0","thread_ts":"1.0","files":[{"id":"F1"}]}`), bots.New, ""},
		"broadcast":         {wrap(`{"type":"message","subtype":"thread_broadcast","channel":"C1","user":"U1","text":"усім","ts":"2.0","thread_ts":"1.0"}`), bots.New, "усім"},
		"edit":              {wrap(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"3.0","message":{"type":"message","user":"U1","text":"ні","ts":"2.0","thread_ts":"1.0"},"previous_message":{"user":"U1","text":"так","ts":"2.0","thread_ts":"1.0"}}`), bots.Edited, "ні"},
		"delete":            {wrap(`{"type":"message","subtype":"message_deleted","channel":"C1","ts":"3.0","deleted_ts":"2.0","previous_message":{"user":"U1","text":"так","ts":"2.0","thread_ts":"1.0"}}`), bots.Deleted, "так"},
		"tombstone":         {wrap(`{"type":"message","subtype":"message_changed","channel":"C1","ts":"3.0","message":{"subtype":"tombstone","user":"USLACKBOT","ts":"2.0","thread_ts":"1.0"},"previous_message":{"user":"U1","text":"так","ts":"2.0","thread_ts":"1.0"}}`), bots.Deleted, "так"},
		"unknown block":     {wrap(`{"type":"message","channel":"C1","user":"U1","text":"так","ts":"2.0","thread_ts":"1.0","blocks":[{"type":"hologram","depth":{}}]}`), bots.New, "так"},
		"our own":           {wrap(`{"type":"message","channel":"C1","user":"UBOT","bot_id":"B1","text":"я","ts":"2.0","thread_ts":"1.0"}`), "", ""},
		"our own file":      {[]byte(`{"event_id":"Ev1","authorizations":[{"user_id":"UBOT","is_bot":true}],"event":{"type":"message","subtype":"file_share","channel":"C1","user":"UBOT","text":"","ts":"2.0","thread_ts":"1.0","files":[{"id":"F1"}]}}`), "", ""},
		"another app":       {wrap(`{"type":"message","subtype":"bot_message","channel":"C1","bot_id":"B2","text":"я","ts":"2.0","thread_ts":"1.0"}`), "", ""},
		"edit by an app":    {wrap(`{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"UBOT","bot_id":"B1","ts":"2.0","thread_ts":"1.0"}}`), "", ""},
		"delete by an app":  {wrap(`{"type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"bot_id":"B1","ts":"2.0","thread_ts":"1.0"}}`), "", ""},
		"head":              {wrap(`{"type":"message","channel":"C1","user":"U1","text":"усім","ts":"2.0"}`), "", ""},
		"head with replies": {wrap(`{"type":"message","channel":"C1","user":"U1","text":"усім","ts":"2.0","thread_ts":"2.0"}`), "", ""},
		"join":              {wrap(`{"type":"message","subtype":"channel_join","channel":"C1","user":"U1","ts":"2.0"}`), "", ""},
		"reaction":          {wrap(`{"type":"reaction_added","user":"U1"}`), "", ""},
		"no event id":       {[]byte(`{"event":{"type":"message","channel":"C1","user":"U1","text":"так","ts":"2.0","thread_ts":"1.0"}}`), "", ""},
		"no message":        {wrap(`{"type":"message","subtype":"message_changed","channel":"C1"}`), "", ""},
		"other types":       {wrap(`{"type":"message","channel":7}`), "", ""},
		"not JSON":          {[]byte(`{`), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e, ok := readEvent(c.raw)
			if ok != (c.kind != "") || e.kind != c.kind && ok {
				t.Fatalf("got %q %v, want %q", e.kind, ok, c.kind)
			}
			if !ok {
				return
			}
			if e.message.Text != c.text || e.thread.Channel != "C1" || e.thread.TS[:1] != "1" || e.message.TS[:1] != "2" || e.id != "Ev1" {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestTimeOf(t *testing.T) {
	if got := timeOf("1795528800.000200"); !got.Equal(time.Unix(1795528800, 200_000)) {
		t.Errorf("got %v", got)
	}
	for _, ts := range []string{"", "x", "-5.0", "99999999999999999999.1"} {
		if got := timeOf(ts); !got.IsZero() {
			t.Errorf("timeOf(%q) = %v, want zero", ts, got)
		}
	}
}

// An envelope is acknowledged as long as it says who it is.
func TestReadEnvelope(t *testing.T) {
	for raw, want := range map[string]string{
		`{"envelope_id":"e1","type":"events_api","payload":{}}`: "e1",
		`{"envelope_id":"e1","type":7,"payload":"x"}`:           "e1",
		`{"envelope_id":"e1"}`:                                  "e1",
		`{"envelope_id":7,"type":"events_api"}`:                 "",
		`[]`:                                                    "",
		`{`:                                                     "",
		``:                                                      "",
	} {
		if e := readEnvelope([]byte(raw)); e.ID != want {
			t.Errorf("%s: got %q", raw, e.ID)
		}
	}
}
