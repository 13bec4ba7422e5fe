package slack

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/inbox"
)

// people knows the workspace's members: the public names of agents, and which
// names a customer must not pass for.
type people struct {
	api   *slack.Client
	given map[string]string
	now   func() time.Time

	mu      sync.Mutex
	names   map[string]named
	members map[string]bool // folded
	listed  time.Time
}

type named struct {
	name string
	at   time.Time
}

// remember is how long a name is believed.
const remember = 30 * time.Minute

func newPeople(api *slack.Client, given map[string]string, now func() time.Time) *people {
	return &people{api: api, given: given, now: now, names: map[string]named{}, members: map[string]bool{}}
}

// agent is a member with the name that customers may see; the name is "" when
// Slack does not tell it.
func (p *people) agent(ctx context.Context, id string) inbox.Agent {
	if name, ok := p.given[id]; ok {
		return inbox.Agent{ID: id, Name: name}
	}
	p.mu.Lock()
	known, ok := p.names[id]
	p.mu.Unlock()
	if ok && p.now().Sub(known.at) < remember {
		return inbox.Agent{ID: id, Name: known.name}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second) // Slack waits for an ack meanwhile
	defer cancel()
	u, err := p.api.GetUserInfoContext(ctx, id)
	if err != nil {
		return inbox.Agent{ID: id, Name: known.name}
	}
	name := publicName(*u)
	p.mu.Lock()
	p.names[id] = named{name, p.now()}
	p.mu.Unlock()
	return inbox.Agent{ID: id, Name: name}
}

func publicName(u slack.User) string {
	for _, n := range []string{u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name} {
		if n = strings.TrimSpace(n); n != "" {
			return n
		}
	}
	return ""
}

// list learns the members' names, so that no customer can pass for one. It
// runs now and then; without an answer the old list stays.
func (p *people) list(ctx context.Context) {
	p.mu.Lock()
	fresh := !p.listed.IsZero() && p.now().Sub(p.listed) < remember
	p.mu.Unlock()
	if fresh {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	users, err := p.api.GetUsersContext(ctx)
	if err != nil {
		return
	}
	members := map[string]bool{}
	for _, u := range users {
		for _, n := range []string{u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name, p.given[u.ID]} {
			if n = fold(n); n != "" {
				members[n] = true
			}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.members, p.listed = members, p.now()
}

// isMember says whether a name reads like a member's.
func (p *people) isMember(ctx context.Context, name string) bool {
	p.list(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.members[fold(name)]
}
