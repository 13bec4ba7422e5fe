package demo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// modalView is the uppermost modal that an agent has open.
type modalView struct {
	ID, Title, Submit, Close string
	Blocks                   []block
	Errors                   map[string]string // by block or action id; shown at the input
}

// openModal is nil when the agent has no modal open.
func (s *site) openModal(agent string) *modalView {
	views := s.cfg.Slack.Views(agent)
	if len(views) == 0 {
		return nil
	}
	return s.readModal(views[len(views)-1])
}

func (s *site) readModal(v slacktest.View) *modalView {
	var raw struct {
		Title, Submit, Close rawText
		Blocks               json.RawMessage
	}
	if err := json.Unmarshal(v.JSON, &raw); err != nil {
		s.log.Error("read a modal", "view", v.ID, "err", err)
	}
	return &modalView{
		ID: v.ID, Title: raw.Title.Text, Submit: raw.Submit.Text, Close: raw.Close.Text,
		Blocks: readBlocks(raw.Blocks, blockContext{names: s.viewer(v.User).names, ts: v.ID}),
	}
}

func (s *site) modal(w http.ResponseWriter, r *http.Request) {
	s.live(w, r, "modal", s.openModal(s.teamState(r).Agent.ID))
}

// valuePrefix sets the inputs of a modal apart from the page's own fields.
const valuePrefix = "value:"

func (s *site) submit(w http.ResponseWriter, r *http.Request) {
	m := s.openModal(s.teamState(r).Agent.ID)
	if m == nil || m.ID != r.FormValue("view") {
		settle(w, "slack", fmt.Errorf("this window is closed already"))
		return
	}
	values := map[string]string{}
	for name, given := range r.Form {
		if action, ok := strings.CutPrefix(name, valuePrefix); ok {
			values[action] = strings.Join(given, ",")
		}
	}
	errs, err := s.cfg.Slack.Submit(m.ID, values)
	if err != nil || len(errs) == 0 {
		settle(w, "slack", err)
		return
	}
	_, version, err := s.part(lang(r), "modal", m) // untouched, so that a tick leaves what was typed
	if err != nil {
		s.broken(w, "modal", err)
		return
	}
	m.keep(values, errs)
	html, _, err := s.part(lang(r), "modal", m)
	if err != nil {
		s.broken(w, "modal", err)
		return
	}
	writeHTML(w, versioned("modal", html, version))
}

// keep puts what was typed back, and each error at its input.
func (m *modalView) keep(values, errs map[string]string) {
	for i := range m.Blocks {
		b := &m.Blocks[i]
		if b.Input == nil {
			continue
		}
		given := values[b.Input.Action]
		b.Input.Initial = given
		for n := range b.Input.Options {
			b.Input.Options[n].Selected = b.Input.Options[n].Value == given
		}
		b.Error = errs[b.ID]
		if b.Error == "" {
			b.Error = errs[b.Input.Action]
		}
	}
}

func (s *site) closeModal(w http.ResponseWriter, r *http.Request) {
	settle(w, "slack", s.cfg.Slack.CloseView(r.FormValue("view")))
}
