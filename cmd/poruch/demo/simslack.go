package demo

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/poruch/poruch/inbox/slack/slacktest"
)

type simPost struct {
	Channel  string    `json:"channel"`
	ThreadTS string    `json:"thread_ts"`
	User     string    `json:"user"`
	Text     string    `json:"text"`
	Files    []simFile `json:"files"`
}

func (s *site) simPost(in simPost) (any, error) {
	if err := need("channel", in.Channel, "user", in.User); err != nil {
		return nil, err
	}
	if in.Text == "" && len(in.Files) == 0 {
		return nil, fmt.Errorf("text is missing")
	}
	var files []slacktest.File
	for _, f := range in.Files {
		size := f.Size
		if size == 0 {
			size = int64(len(f.Data))
		}
		files = append(files, slacktest.File{Name: f.Name, Title: f.Name, MIME: f.MIME, Size: size, Data: f.Data})
	}
	ts, err := s.cfg.Slack.Post(in.Channel, in.ThreadTS, in.User, in.Text, files...)
	if err != nil {
		return nil, err
	}
	return map[string]string{"ts": ts}, nil
}

// simAt names a message and who does something to it.
type simAt struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	User    string `json:"user"`
}

func (a simAt) check() error { return need("channel", a.Channel, "ts", a.TS, "user", a.User) }

type simSlackEdit struct {
	simAt
	Text string `json:"text"`
}

func (s *site) simSlackEdit(in simSlackEdit) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := need("text", in.Text); err != nil {
		return nil, err
	}
	return done, s.cfg.Slack.Edit(in.Channel, in.TS, in.User, in.Text)
}

func (s *site) simDelete(in simAt) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return done, s.cfg.Slack.Delete(in.Channel, in.TS, in.User)
}

type simReact struct {
	simAt
	Name string `json:"name"` // without colons
	Add  *bool  `json:"add"`  // absent: true
}

func (s *site) simReact(in simReact) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := need("name", in.Name); err != nil {
		return nil, err
	}
	return done, s.cfg.Slack.React(in.Channel, in.TS, in.User, in.Name, in.Add == nil || *in.Add)
}

type simAct struct {
	simAt
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
}

func (s *site) simAct(in simAct) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := need("action_id", in.ActionID); err != nil {
		return nil, err
	}
	return done, s.cfg.Slack.Act(in.Channel, in.TS, in.ActionID, in.User, in.Value)
}

type simView struct {
	ID   string          `json:"id"`
	User string          `json:"user"`
	View json.RawMessage `json:"view"`
}

func (s *site) simViews(w http.ResponseWriter, r *http.Request) {
	user := r.URL.Query().Get("user")
	if user == "" {
		refuse(w, http.StatusBadRequest, fmt.Errorf("user is missing"))
		return
	}
	out := []simView{}
	for _, v := range s.cfg.Slack.Views(user) {
		out = append(out, simView{v.ID, v.User, v.JSON})
	}
	reply(w, http.StatusOK, out)
}

type simSubmit struct {
	View   string            `json:"view"`
	Values map[string]string `json:"values"` // action_id -> value
}

func (s *site) simSubmit(in simSubmit) (any, error) {
	errs, err := s.cfg.Slack.Submit(in.View, in.Values)
	if err != nil {
		return nil, err
	}
	if errs == nil {
		errs = map[string]string{}
	}
	return map[string]any{"errors": errs}, nil
}

type simClose struct {
	View string `json:"view"`
}

func (s *site) simClose(in simClose) (any, error) { return done, s.cfg.Slack.CloseView(in.View) }

type simReaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
	Count int      `json:"count"`
}

// slackMessage is a message as the control API shows it.
type slackMessage struct {
	TS        string          `json:"ts"`
	ThreadTS  string          `json:"thread_ts"`
	User      string          `json:"user"`
	Username  string          `json:"username"`
	IsBot     bool            `json:"is_bot"`
	Text      string          `json:"text"`
	Blocks    json.RawMessage `json:"blocks"`
	Reactions []simReaction   `json:"reactions"`
	Files     []simFile       `json:"files"`
	Metadata  json.RawMessage `json:"metadata,omitempty"`
	Edited    bool            `json:"edited"`
	Deleted   bool            `json:"deleted"`
}

func (s *site) simChannel(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !s.hasChannel(id) {
		refuse(w, http.StatusNotFound, fmt.Errorf("there is no channel %s", id))
		return
	}
	reply(w, http.StatusOK, showSlack(s.cfg.Slack.Messages(id)))
}

func (s *site) simEphemerals(w http.ResponseWriter, r *http.Request) {
	id, user := r.PathValue("id"), r.URL.Query().Get("user")
	if !s.hasChannel(id) {
		refuse(w, http.StatusNotFound, fmt.Errorf("there is no channel %s", id))
		return
	}
	reply(w, http.StatusOK, showSlack(s.cfg.Slack.Ephemerals(id, user)))
}

func (s *site) hasChannel(id string) bool {
	for _, c := range s.cfg.Slack.Channels() {
		if c.ID == id {
			return true
		}
	}
	return false
}

func showSlack(ms []slacktest.Message) []slackMessage {
	out := []slackMessage{}
	for _, m := range ms {
		shown := slackMessage{
			TS: m.TS, ThreadTS: m.ThreadTS, User: m.User, Username: m.Username, IsBot: m.IsBot, Text: m.Text,
			Blocks: m.Blocks, Reactions: []simReaction{}, Files: []simFile{}, Metadata: m.Metadata,
			Edited: m.Edited, Deleted: m.Deleted,
		}
		if len(shown.Blocks) == 0 {
			shown.Blocks = json.RawMessage("[]")
		}
		for _, x := range m.Reactions {
			shown.Reactions = append(shown.Reactions, simReaction{x.Name, x.Users, len(x.Users)})
		}
		for _, f := range m.Files {
			shown.Files = append(shown.Files, simFile{Name: f.Name, MIME: f.MIME, Size: f.Size})
		}
		out = append(out, shown)
	}
	return out
}
