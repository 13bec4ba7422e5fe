package slacktest

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// User is a member of the workspace.
type User struct {
	ID, Name, RealName string // Name is the handle
	IsBot              bool
}

// Channel is a public channel; Members are user ids.
type Channel struct {
	ID, Name string
	Members  []string
}

// Reaction is an emoji under a message, with who put it there.
type Reaction struct {
	Name  string
	Users []string
}

// File is a file with its bytes.
type File struct {
	ID, Name, MIME, Title string
	Size                  int64
	Data                  []byte
}

// Message is what a channel or thread shows.
type Message struct {
	Channel, TS, ThreadTS string // ThreadTS is "" outside of threads
	User, Username        string // Username: as set with chat:write.customize
	IsBot                 bool
	Text                  string // as Slack keeps it: mrkdwn, escaped
	Blocks                json.RawMessage
	Reactions             []Reaction
	Files                 []File
	Edited, Deleted       bool
	Metadata              json.RawMessage

	replies int // that are still there; of a thread's head
}

// View is a modal that somebody has open; JSON as the app opened it.
type View struct {
	ID, User string
	JSON     json.RawMessage
}

// Config describes the workspace.
type Config struct {
	BotToken, AppToken string
	Team               string
	Channels           []Channel
	Users              []User
	BotUser            User
	Scopes             []string // of the bot token; nil: all
	RateLimits         bool     // one post a second per channel, four at once
	Log                *slog.Logger
	Now                func() time.Time                     // nil: time.Now
	After              func(time.Duration) <-chan time.Time // nil: time.After; times redelivery
}

// stamp makes a ts that is unique and increasing. The lock is held.
func (s *Server) stamp() string {
	micro := max(s.cfg.Now().UnixMicro(), s.last+1)
	s.last = micro
	return fmt.Sprintf("%d.%06d", micro/1e6, micro%1e6)
}

// id makes a new id of a kind. The lock is held.
func (s *Server) id(kind string) string {
	s.ids++
	return fmt.Sprintf("%s%08d", kind, s.ids)
}

// Users lists the people of the workspace, without the app.
func (s *Server) Users() []User { return slices.Clone(s.cfg.Users) }

// Bot is the app's own user.
func (s *Server) Bot() User { return s.cfg.BotUser }

// Channels lists the channels.
func (s *Server) Channels() []Channel {
	out := slices.Clone(s.cfg.Channels)
	for i := range out {
		out[i].Members = slices.Clone(out[i].Members)
	}
	return out
}

func (s *Server) channel(id string) (Channel, bool) {
	i := slices.IndexFunc(s.cfg.Channels, func(c Channel) bool { return c.ID == id })
	if i < 0 {
		return Channel{}, false
	}
	return s.cfg.Channels[i], true
}

func (s *Server) user(id string) (User, bool) {
	if id == s.cfg.BotUser.ID {
		return s.cfg.BotUser, true
	}
	i := slices.IndexFunc(s.cfg.Users, func(u User) bool { return u.ID == id })
	if i < 0 {
		return User{}, false
	}
	return s.cfg.Users[i], true
}

// message finds a message that is still there. The lock is held.
func (s *Server) message(channel, ts string) *Message {
	for _, m := range s.messages {
		if m.Channel == channel && m.TS == ts && !m.Deleted {
			return m
		}
	}
	return nil
}

func (m *Message) copy() Message {
	c := *m
	c.Files = slices.Clone(m.Files)
	c.Reactions = slices.Clone(m.Reactions)
	for i := range c.Reactions {
		c.Reactions[i].Users = slices.Clone(c.Reactions[i].Users)
	}
	return c
}

// Messages lists a channel with its threads, oldest first. Deleted ones stay,
// marked.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.messages {
		if m.Channel == channel {
			out = append(out, m.copy())
		}
	}
	return out
}

// Ephemerals lists what only one person sees in a channel, oldest first.
func (s *Server) Ephemerals(channel, user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, e := range s.ephemerals {
		if e.Channel == channel && e.to == user {
			out = append(out, e.Message)
		}
	}
	return out
}

// Watch tells of every change: the channel holds at most one signal. stop ends it.
func (s *Server) Watch() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[c] = true
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, c)
	}
}

// changed wakes the watchers. The lock is held.
func (s *Server) changed() {
	for c := range s.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
