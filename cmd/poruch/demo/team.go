package demo

import (
	"cmp"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// teamState is which member of staff the visitor is and which thread is open.
type teamState struct {
	Agent  slacktest.User
	Thread string // "" when none is open
}

type agent struct {
	ID, Name, Initial string
	Hue               int
	Active            bool
}

type reactionView struct {
	Name, Glyph string
	Count       int
	Mine        bool
}

type slackFile struct {
	Name, URL string
	Size      int64
	Picture   bool
}

// post is a message as the channel or a thread shows it.
type post struct {
	TS, Key        string // Key is the ts as an HTML id
	Name, Initial  string
	Hue            int
	App, Mine      bool
	Time           time.Time
	Text           template.HTML
	Source         string // the text to edit
	Blocks         []block
	Files          []slackFile
	Reactions      []reactionView
	Edited, Gone   bool
	Private        bool // only this agent sees it
	Internal       bool // begins with the mark of a note
	Root, Open     bool
	Replies        int
	LastReply      time.Time
	QuickReactions []reactionView
}

type teamView struct {
	teamState
	Inbox, Channel string
	Agents         []agent
	Posts          []post // of the channel
	ThreadPosts    []post
	Modal          *modalView
}

func realName(u slacktest.User) string { return cmp.Or(u.RealName, u.Name, u.ID) }

func (s *site) staff() []slacktest.User {
	return slices.DeleteFunc(s.cfg.Slack.Users(), func(u slacktest.User) bool { return u.IsBot })
}

func (s *site) teamState(r *http.Request) teamState {
	var st teamState
	for i, u := range s.staff() {
		if i == 0 || u.ID == r.FormValue("agent") {
			st.Agent = u
		}
	}
	for _, m := range s.cfg.Slack.Messages(s.cfg.Inbox) {
		if m.TS == r.FormValue("thread") && isRoot(m) {
			st.Thread = m.TS
		}
	}
	return st
}

func isRoot(m slacktest.Message) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS }

func (s *site) teamView(st teamState) teamView {
	v := teamView{teamState: st, Inbox: s.cfg.Inbox, Channel: s.cfg.Inbox}
	for _, c := range s.cfg.Slack.Channels() {
		if c.ID == s.cfg.Inbox {
			v.Channel = c.Name
		}
	}
	for _, u := range s.staff() {
		name := realName(u)
		v.Agents = append(v.Agents, agent{u.ID, name, initial(name), hue(name), u.ID == st.Agent.ID})
	}
	v.Posts, v.ThreadPosts = s.posts(st)
	v.Modal = s.openModal(st.Agent.ID)
	return v
}

// posts splits the inbox into what its channel shows and the open thread.
func (s *site) posts(st teamState) (channel, thread []post) {
	d := s.viewer(st.Agent.ID)
	at := map[string]int{} // root ts -> index in channel
	for _, m := range s.cfg.Slack.Messages(s.cfg.Inbox) {
		p := d.post(m)
		if isRoot(m) {
			if st.Thread == m.TS {
				thread = append(thread, p)
			}
			p.Root, p.Open = true, st.Thread == m.TS
			at[m.TS] = len(channel)
			channel = append(channel, p)
			continue
		}
		if i, ok := at[m.ThreadTS]; ok && !m.Deleted {
			channel[i].Replies++
			channel[i].LastReply = p.Time
		}
		if st.Thread == m.ThreadTS && !m.Deleted {
			thread = append(thread, p)
		}
	}
	channel = slices.DeleteFunc(channel, func(p post) bool { return p.Gone && p.Replies == 0 })
	for _, m := range s.cfg.Slack.Ephemerals(s.cfg.Inbox, st.Agent.ID) {
		p := d.post(m)
		p.Private = true
		switch m.ThreadTS {
		case "":
			channel = append(channel, p)
		case st.Thread:
			thread = append(thread, p)
		}
	}
	return channel, thread
}

// viewer turns messages into posts for one agent.
type viewer struct {
	agent   string
	channel string
	users   map[string]slacktest.User
	names   names
}

func (s *site) viewer(agent string) viewer {
	d := viewer{agent: agent, channel: s.cfg.Inbox, users: map[string]slacktest.User{}, names: names{}}
	for _, u := range s.cfg.Slack.Users() {
		d.users[u.ID] = u
		d.names["@"+u.ID] = realName(u)
	}
	bot := s.cfg.Slack.Bot()
	d.names["@"+bot.ID] = realName(bot)
	for _, c := range s.cfg.Slack.Channels() {
		d.names["#"+c.ID] = c.Name
	}
	return d
}

// quick are the reactions one click away.
var quick = []string{"white_check_mark", "eyes", "+1", "pray"}

func (d viewer) post(m slacktest.Message) post {
	name := cmp.Or(m.Username, d.names["@"+m.User], m.User)
	p := post{
		TS: m.TS, Key: strings.ReplaceAll(m.TS, ".", "-"), Name: name, Initial: initial(name), Hue: hue(name),
		App: m.IsBot, Mine: m.User == d.agent && !m.IsBot, Time: moment(m.TS), Text: mrkdwn(m.Text, d.names),
		Source: plain(m.Text), Edited: m.Edited, Gone: m.Deleted,
	}
	p.Internal = p.isNote()
	p.Blocks = readBlocks(m.Blocks, blockContext{names: d.names, channel: m.Channel, ts: m.TS, files: m.Files})
	for i, f := range m.Files {
		p.Files = append(p.Files, slackFile{
			Name: cmp.Or(f.Title, f.Name), URL: "/media/slack/" + m.Channel + "/" + m.TS + "/" + strconv.Itoa(i),
			Size: f.Size, Picture: picture(f.MIME),
		})
	}
	for _, x := range m.Reactions {
		p.Reactions = append(p.Reactions, reactionView{x.Name, emoji(x.Name), len(x.Users), slices.Contains(x.Users, d.agent)})
	}
	for _, n := range quick {
		p.QuickReactions = append(p.QuickReactions, reactionView{Name: n, Glyph: emoji(n)})
	}
	return p
}

func (p post) isNote() bool {
	text := strings.ToLower(strings.TrimSpace(p.Source))
	return !p.App && (strings.HasPrefix(text, "//") || strings.HasPrefix(text, "note:"))
}

// moment is the time in a Slack ts; a ts that is none is the zero time.
func moment(ts string) time.Time {
	seconds, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0)
}

func (s *site) team(w http.ResponseWriter, r *http.Request) {
	s.draw(w, r, "team", s.teamView(s.teamState(r)))
}

func (s *site) channel(w http.ResponseWriter, r *http.Request) {
	s.live(w, r, "channel", s.teamView(s.teamState(r)))
}

func (s *site) thread(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("HX-Trigger-After-Settle", "poruch-slack") // the channel marks the open thread
	s.draw(w, r, "thread", s.teamView(s.teamState(r)))
}

func (s *site) replies(w http.ResponseWriter, r *http.Request) {
	s.live(w, r, "replies", s.teamView(s.teamState(r)))
}

func (s *site) post(w http.ResponseWriter, r *http.Request) {
	st := s.teamState(r)
	text := strings.TrimSpace(r.FormValue("text"))
	if ts := r.FormValue("edit"); ts != "" {
		settle(w, "slack", s.cfg.Slack.Edit(s.cfg.Inbox, ts, st.Agent.ID, text))
		return
	}
	var files []slacktest.File
	if f, ok := sampleFile(r.FormValue("sample")); ok {
		files = append(files, slacktest.File{Name: f.name, Title: f.name, MIME: f.mime, Size: int64(len(f.data)), Data: f.data})
	}
	if text == "" && len(files) == 0 {
		settle(w, "slack", errors.New(s.phrase(r, "error_empty")))
		return
	}
	_, err := s.cfg.Slack.Post(s.cfg.Inbox, st.Thread, st.Agent.ID, text, files...)
	settle(w, "slack", err)
}

func (s *site) remove(w http.ResponseWriter, r *http.Request) {
	settle(w, "slack", s.cfg.Slack.Delete(s.cfg.Inbox, r.FormValue("ts"), s.teamState(r).Agent.ID))
}

func (s *site) react(w http.ResponseWriter, r *http.Request) {
	settle(w, "slack", s.cfg.Slack.React(s.cfg.Inbox, r.FormValue("ts"), s.teamState(r).Agent.ID,
		r.FormValue("name"), r.FormValue("add") == "true"))
}

func (s *site) act(w http.ResponseWriter, r *http.Request) {
	settle(w, "slack", s.cfg.Slack.Act(s.cfg.Inbox, r.FormValue("ts"), r.FormValue("action"), s.teamState(r).Agent.ID,
		r.FormValue("value")))
}
