package demo

import (
	"cmp"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/poruch/poruch/bots/telegram/telegramtest"
)

// customerState is who the visitor is and where he is looking.
type customerState struct {
	Me    telegramtest.User
	Chat  int64
	Topic int
}

func (c customerState) private() bool { return c.Chat == c.Me.ID }
func (c customerState) place() place  { return place{c.Me.ID, c.Chat, c.Topic} }

type person struct {
	ID       int64
	Name     string
	Initial  string
	Hue      int
	Language string
	Unread   int
	Active   bool
}

type chatLink struct {
	Chat           int64
	Topic          int
	Title, Part    string // Part is the topic's name
	Initial        string
	Hue            int
	Last           string // the newest words, if any
	Unread         int
	Group, Current bool
}

type bubble struct {
	Chat           int64
	ID             int
	Mine, Bot      bool
	Name, Initial  string
	Hue            int
	First          bool // the first of a run by one author
	HTML           template.HTML
	Text           string
	Time           time.Time
	Edited, Gone   bool
	ReplyTo        int
	ReplyName      string
	ReplyText      string
	Buttons        [][]telegramtest.Button
	Files          []telegramtest.File
	CanEdit, Group bool
}

type customerView struct {
	customerState
	People  []person
	Chats   []chatLink
	Title   string
	Part    string
	Group   bool
	Bubbles []bubble
	Samples []Sample
	Bot     string
}

// customerState reads the state from a request; whatever is missing or
// unknown becomes the first customer's private chat.
func (s *site) customerState(r *http.Request) customerState {
	st := customerState{Me: s.cfg.Customers[0]}
	me, _ := strconv.ParseInt(r.FormValue("me"), 10, 64) // a bad number is an unknown customer
	for _, c := range s.cfg.Customers {
		if c.ID == me {
			st.Me = c
		}
	}
	st.Chat = st.Me.ID
	chat, _ := strconv.ParseInt(r.FormValue("chat"), 10, 64)
	topic, _ := strconv.Atoi(r.FormValue("topic"))
	_, groups := s.cfg.Telegram.Info()
	for _, g := range groups {
		if g.Chat != chat {
			continue
		}
		st.Chat = chat
		if _, ok := g.Topics[topic]; ok && g.Forum {
			st.Topic = topic
		}
	}
	return st
}

func (s *site) customerView(st customerState) customerView {
	bot, groups := s.cfg.Telegram.Info()
	v := customerView{customerState: st, Samples: s.cfg.Samples, Bot: bot}
	v.Bubbles = s.bubbles(st) // first: it marks the place as read
	for _, c := range s.cfg.Customers {
		v.People = append(v.People, person{
			ID: c.ID, Name: c.Name, Initial: initial(c.Name), Hue: int(c.ID % hues), Language: c.Language,
			Unread: s.unread(place{me: c.ID, chat: c.ID}), Active: c.ID == st.Me.ID,
		})
	}
	v.Chats = append(v.Chats, s.chatLink(st, chatLink{Chat: st.Me.ID, Title: s.cfg.Brand}))
	for _, g := range groups {
		link := chatLink{Chat: g.Chat, Title: g.Title, Group: true}
		v.Chats = append(v.Chats, s.chatLink(st, link))
		topics := make([]int, 0, len(g.Topics))
		for id := range g.Topics {
			topics = append(topics, id)
		}
		slices.Sort(topics)
		for _, id := range topics {
			link.Topic, link.Part = id, g.Topics[id]
			v.Chats = append(v.Chats, s.chatLink(st, link))
		}
	}
	for _, c := range v.Chats {
		if c.Current {
			v.Title, v.Part, v.Group = c.Title, c.Part, c.Group
		}
	}
	return v
}

// in lists the messages of a place.
func (s *site) in(chat int64, topic int) []telegramtest.Message {
	all := s.cfg.Telegram.Messages(chat)
	return slices.DeleteFunc(all, func(m telegramtest.Message) bool { return m.Topic != topic })
}

func (s *site) unread(p place) int {
	n, read := 0, s.read.get(p)
	for _, m := range s.in(p.chat, p.topic) {
		if m.ID > read && m.From.ID != p.me && !m.Deleted {
			n++
		}
	}
	return n
}

func (s *site) chatLink(st customerState, c chatLink) chatLink {
	c.Initial, c.Hue = initial(cmp.Or(c.Part, c.Title)), hue(c.Title+c.Part)
	c.Unread = s.unread(place{st.Me.ID, c.Chat, c.Topic})
	c.Current = c.Chat == st.Chat && c.Topic == st.Topic
	for _, m := range slices.Backward(s.in(c.Chat, c.Topic)) {
		if !m.Deleted {
			c.Last = short(m.Text, 60)
			break
		}
	}
	return c
}

// short cuts a text to n letters.
func short(text string, n int) string {
	letters := []rune(text)
	if len(letters) <= n {
		return text
	}
	return string(letters[:n-1]) + "…"
}

func (s *site) bubbles(st customerState) []bubble {
	messages := s.in(st.Chat, st.Topic)
	byID := map[int]telegramtest.Message{}
	var out []bubble
	var last int64
	for _, m := range messages {
		byID[m.ID] = m
		name := m.From.Name
		if m.From.IsBot {
			name = s.cfg.Brand
		}
		b := bubble{
			Chat: st.Chat, ID: m.ID, Mine: m.From.ID == st.Me.ID, Bot: m.From.IsBot, Name: name, Initial: initial(name),
			Hue: int(m.From.ID % hues), First: m.From.ID != last, HTML: template.HTML(m.HTML), Text: m.Text, Time: m.Date, // the fake's HTML is made safe there
			Edited: m.Edited, Gone: m.Deleted, Buttons: m.Buttons, Files: m.Files, Group: !st.private(),
		}
		b.CanEdit = b.Mine && !b.Gone && m.Text != ""
		if to, ok := byID[m.ReplyTo]; ok {
			b.ReplyTo, b.ReplyName, b.ReplyText = to.ID, to.From.Name, short(to.Text, 80)
			if to.From.IsBot {
				b.ReplyName = s.cfg.Brand
			}
		}
		last = m.From.ID
		out = append(out, b)
		s.read.set(st.place(), m.ID)
	}
	return out
}

func (s *site) customer(w http.ResponseWriter, r *http.Request) {
	s.draw(w, r, "customer", s.customerView(s.customerState(r)))
}

func (s *site) chat(w http.ResponseWriter, r *http.Request) {
	s.live(w, r, "chat", s.customerView(s.customerState(r)))
}

func (s *site) say(w http.ResponseWriter, r *http.Request) {
	st := s.customerState(r)
	text := r.FormValue("text")
	reply, _ := strconv.Atoi(r.FormValue("reply_to")) // empty: no reply
	if id, _ := strconv.Atoi(r.FormValue("edit")); id != 0 {
		settle(w, "telegram", s.editOwn(st, id, text))
		return
	}
	say := telegramtest.Say{Chat: st.Chat, From: st.Me, Text: text, ReplyTo: reply, Topic: st.Topic}
	switch f, ok := sampleFile(r.FormValue("sample")); {
	case ok:
		say.Files = []telegramtest.File{{Kind: f.kind, Name: f.name, MIME: f.mime, Size: int64(len(f.data)), Data: f.data}}
	case text == "":
		settle(w, "telegram", errors.New(s.phrase(r, "error_empty")))
		return
	}
	_, err := s.cfg.Telegram.Say(say)
	settle(w, "telegram", err)
}

func (s *site) editOwn(st customerState, id int, text string) error {
	for _, m := range s.in(st.Chat, st.Topic) {
		if m.ID == id && m.From.ID == st.Me.ID {
			return s.cfg.Telegram.Edit(st.Chat, id, text)
		}
	}
	return errors.New("this message is not yours")
}

func (s *site) press(w http.ResponseWriter, r *http.Request) {
	st := s.customerState(r)
	id, err := strconv.Atoi(r.FormValue("message"))
	if err == nil {
		err = s.cfg.Telegram.Press(st.Chat, id, r.FormValue("data"), st.Me)
	}
	settle(w, "telegram", err)
}
