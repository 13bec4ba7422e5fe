package slacktest

import (
	"encoding/json"
	"fmt"
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

// Message is what a channel or thread shows.
type Message struct {
	Channel, TS, ThreadTS string // ThreadTS is "" outside of threads
	User, Username        string // Username: as set with chat:write.customize
	IsBot                 bool
	Text                  string
	Blocks                json.RawMessage
	Metadata              json.RawMessage
}

// Config describes the workspace.
type Config struct {
	BotToken, AppToken string
	Team               string
	Channels           []Channel
	Users              []User
	BotUser            User
	Now                func() time.Time // nil: time.Now
}

// stamp makes a ts that is unique and increasing. The lock is held.
func (s *Server) stamp() string {
	micro := max(s.cfg.Now().UnixMicro(), s.last+1)
	s.last = micro
	return fmt.Sprintf("%d.%06d", micro/1e6, micro%1e6)
}

func (s *Server) channel(id string) (Channel, bool) {
	for _, c := range s.cfg.Channels {
		if c.ID == id {
			return c, true
		}
	}
	return Channel{}, false
}

// Messages lists a channel with its threads, oldest first.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.messages {
		if m.Channel == channel {
			out = append(out, m)
		}
	}
	return out
}
