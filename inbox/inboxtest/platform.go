package inboxtest

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
)

// Platform is a chat platform in memory. Its zero value is ready.
type Platform struct {
	mu      sync.Mutex
	seq     int
	sent    []Delivered
	notices []string
	fail    map[bots.ChatID][]error
	files   map[bots.FileID]error
}

// Delivered is a message that reached its chat.
type Delivered struct {
	ID      bots.MessageID
	Out     bots.Outgoing
	Edits   int
	Deleted bool
}

var _ inbox.Platforms = (*Platform)(nil)

// FailNext makes the next sends to a chat return these errors, one each.
func (p *Platform) FailNext(chat bots.ChatID, errs ...error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail == nil {
		p.fail = map[bots.ChatID][]error{}
	}
	p.fail[chat] = append(p.fail[chat], errs...)
}

// FailFile makes a contact's file impossible to fetch.
func (p *Platform) FailFile(id bots.FileID, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.files == nil {
		p.files = map[bots.FileID]error{}
	}
	p.files[id] = err
}

// Sent returns what reached a chat, oldest first.
func (p *Platform) Sent(chat bots.ChatID) []Delivered {
	p.mu.Lock()
	defer p.mu.Unlock()
	var here []Delivered
	for _, d := range p.sent {
		if d.Out.To.Chat == chat {
			here = append(here, d)
		}
	}
	return here
}

// Notices returns what pressed buttons were told.
func (p *Platform) Notices() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.notices)
}

func (p *Platform) failing(chat bots.ChatID) error {
	if len(p.fail[chat]) == 0 {
		return nil
	}
	err := p.fail[chat][0]
	p.fail[chat] = p.fail[chat][1:]
	return err
}

// Send delivers, or fails as it was told.
func (p *Platform) Send(ctx context.Context, out bots.Outgoing) (bots.MessageID, error) {
	for _, f := range out.Files {
		r, err := f.Open(ctx)
		if err != nil {
			return "", err
		}
		_ = r.Close()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.failing(out.To.Chat); err != nil {
		return "", err
	}
	p.seq++
	id := bots.MessageID(fmt.Sprintf("out%d", p.seq))
	p.sent = append(p.sent, Delivered{ID: id, Out: out})
	return id, nil
}

// Edit replaces a message.
func (p *Platform) Edit(_ context.Context, at bots.Address, id bots.MessageID, out bots.Outgoing) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.failing(at.Chat); err != nil {
		return err
	}
	for i := range p.sent {
		if p.sent[i].ID == id {
			p.sent[i].Out = out
			p.sent[i].Edits++
		}
	}
	return nil
}

// Delete retracts a message.
func (p *Platform) Delete(_ context.Context, at bots.Address, id bots.MessageID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.failing(at.Chat); err != nil {
		return err
	}
	for i := range p.sent {
		if p.sent[i].ID == id {
			p.sent[i].Deleted = true
		}
	}
	return nil
}

// OpenFile returns a file whose bytes are its id.
func (p *Platform) OpenFile(_ context.Context, _ string, id bots.FileID) (io.ReadCloser, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.files[id]; err != nil {
		return nil, err
	}
	return io.NopCloser(strings.NewReader(string(id))), nil
}

// Acknowledge remembers the notice.
func (p *Platform) Acknowledge(_ context.Context, _, _, notice string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notices = append(p.notices, notice)
	return nil
}
