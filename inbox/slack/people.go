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

	listing sync.Mutex // held while the members are asked for
	stale   time.Time  // when they are to be asked for again

	mu      sync.Mutex
	names   map[string]named
	members map[string]bool // folded; nil until listed
}

type named struct {
	name string
	at   time.Time
}

const (
	// remember is how long a name is believed.
	remember = 30 * time.Minute
	// listAgain is how long we wait after Slack did not list the members: a
	// customer's words must not wait for it each time.
	listAgain = time.Minute
	// lookupTimeout bounds the names that one event needs; Slack waits for its
	// acknowledgement meanwhile.
	lookupTimeout = 2 * time.Second
	// listPage is how many members come at once; the method may be called only
	// 20 times a minute.
	listPage = 900
)

func newPeople(api *slack.Client, given map[string]string, now func() time.Time) *people {
	return &people{api: api, given: given, now: now, names: map[string]named{}}
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
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
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
// asks now and then, one caller at a time; without an answer the old list stays.
func (p *people) list(ctx context.Context) {
	p.listing.Lock()
	defer p.listing.Unlock()
	if p.now().Before(p.stale) {
		return
	}
	asking, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	users, err := p.api.GetUsersContext(asking, slack.GetUsersOptionLimit(listPage))
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		p.stale = p.now().Add(listAgain)
		return
	}
	p.stale = p.now().Add(remember)
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
	p.members = members
}

// mayBeMember says whether a name reads like a member's. As long as Slack has
// not listed them, each name does.
func (p *people) mayBeMember(ctx context.Context, name string) bool {
	p.list(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.members == nil || p.members[fold(name)]
}
