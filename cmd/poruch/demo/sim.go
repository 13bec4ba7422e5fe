package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// maxBody leaves room for a message of 100 kB and a file of a few MB in base64.
const maxBody = 8 << 20

// sim adds the control API. Every refusal is {"error": "…"} with a 4xx.
func (s *site) sim(mux *http.ServeMux) {
	mux.HandleFunc("GET /sim/info", s.simInfo)
	mux.HandleFunc("POST /sim/telegram/messages", call(s.simSay))
	mux.HandleFunc("POST /sim/telegram/edits", call(s.simEdit))
	mux.HandleFunc("GET /sim/telegram/chats/{chat}/messages", s.simChat)
	mux.HandleFunc("POST /sim/telegram/buttons", call(s.simPress))
	mux.HandleFunc("POST /sim/telegram/blocks", call(s.simBlock))
	mux.HandleFunc("POST /sim/telegram/migrations", call(s.simMigrate))
	mux.HandleFunc("GET /sim/slack/channels/{id}/messages", s.simChannel)
	mux.HandleFunc("GET /sim/slack/channels/{id}/ephemerals", s.simEphemerals)
	mux.HandleFunc("POST /sim/slack/messages", call(s.simPost))
	mux.HandleFunc("POST /sim/slack/edits", call(s.simSlackEdit))
	mux.HandleFunc("POST /sim/slack/deletes", call(s.simDelete))
	mux.HandleFunc("POST /sim/slack/reactions", call(s.simReact))
	mux.HandleFunc("POST /sim/slack/actions", call(s.simAct))
	mux.HandleFunc("GET /sim/slack/views", s.simViews)
	mux.HandleFunc("POST /sim/slack/submissions", call(s.simSubmit))
	mux.HandleFunc("POST /sim/slack/closes", call(s.simClose))
	mux.HandleFunc("POST /sim/faults", call(s.simFault))
	mux.HandleFunc("/sim/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, fmt.Errorf("there is no call %s %s", r.Method, r.URL.Path))
	})
}

// done is the answer of calls that have nothing to tell.
var done = map[string]bool{"ok": true}

// call reads one JSON value of the kind that do takes, strictly, and writes
// what do answers. An error of do is the caller's fault: 400.
func call[In any](do func(In) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		d := json.NewDecoder(r.Body)
		d.DisallowUnknownFields()
		err := d.Decode(&in)
		if err == nil {
			if _, more := d.Token(); !errors.Is(more, io.EOF) {
				err = errors.New("one JSON value is enough")
			}
		}
		var big *http.MaxBytesError
		switch {
		case errors.As(err, &big):
			refuse(w, http.StatusRequestEntityTooLarge, fmt.Errorf("the body is over %d bytes", big.Limit))
			return
		case err != nil:
			refuse(w, http.StatusBadRequest, fmt.Errorf("the body is not what this call takes: %w", err))
			return
		}
		out, err := do(in)
		if err != nil {
			refuse(w, http.StatusBadRequest, err)
			return
		}
		reply(w, http.StatusOK, out)
	}
}

func refuse(w http.ResponseWriter, code int, err error) {
	reply(w, code, map[string]string{"error": err.Error()})
}

func reply(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(body) // the client may have left; nobody else to tell
}

// need names the fields that are missing; name and value alternate.
func need(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" || pairs[i+1] == int64(0) || pairs[i+1] == 0 {
			return fmt.Errorf("%v is missing", pairs[i])
		}
	}
	return nil
}

func (s *site) simInfo(w http.ResponseWriter, _ *http.Request) {
	type user struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		IsBot bool   `json:"is_bot"`
	}
	var users []user
	for _, u := range s.cfg.Slack.Users() {
		users = append(users, user{u.ID, realName(u), u.IsBot})
	}
	bot, groups := s.cfg.Telegram.Info()
	reply(w, http.StatusOK, map[string]any{
		"brand": s.cfg.Brand,
		"telegram": map[string]any{
			"bot_username": bot, "groups": groups, "customers": s.cfg.Customers, "pending": s.cfg.Telegram.Pending(),
		},
		"slack": map[string]any{"inbox_channel": s.cfg.Inbox, "users": users},
	})
}
