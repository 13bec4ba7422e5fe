package inboxtest

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/poruch/poruch/inbox"
)

// Console is a staff side in memory. Its zero value is ready.
type Console struct {
	mu      sync.Mutex
	seq     int
	threads []Thread
	marks   map[inbox.PostRef]inbox.Delivery
	fail    []error // returned by the next calls, one each
	lose    int     // so many next posts happen, but their answer is lost
}

// Thread is a ticket as staff see it.
type Thread struct {
	Ref   inbox.ThreadRef
	Card  inbox.Card // as last shown
	Posts []Posted
}

// Posted is one post in a thread.
type Posted struct {
	Ref  inbox.PostRef
	Post inbox.Post
}

var _ inbox.Console = (*Console)(nil)

// FailNext makes the next calls return these errors, one each.
func (c *Console) FailNext(errs ...error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail = append(c.fail, errs...)
}

// LoseAnswers makes the next n posts happen, and then fail.
func (c *Console) LoseAnswers(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lose = n
}

// Threads returns copies, oldest first.
func (c *Console) Threads() []Thread {
	c.mu.Lock()
	defer c.mu.Unlock()
	ts := slices.Clone(c.threads)
	for i := range ts {
		ts[i].Posts = slices.Clone(ts[i].Posts)
	}
	return ts
}

// Marked returns how far an agent's own message has come; "" for no mark.
func (c *Console) Marked(at inbox.PostRef) inbox.Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.marks[at]
}

func (c *Console) failing() error {
	if len(c.fail) == 0 {
		return nil
	}
	err := c.fail[0]
	c.fail = c.fail[1:]
	return err
}

func (c *Console) lost() error {
	if c.lose == 0 {
		return nil
	}
	c.lose--
	return fmt.Errorf("connection broke")
}

func (c *Console) next() string {
	c.seq++
	return fmt.Sprintf("%d.0", c.seq)
}

// Receive waits for the end: tests call the desk themselves.
func (c *Console) Receive(ctx context.Context, _ inbox.Staff) error {
	<-ctx.Done()
	return nil
}

// Open starts a thread.
func (c *Console) Open(_ context.Context, channel string, card inbox.Card) (inbox.ThreadRef, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.failing(); err != nil {
		return inbox.ThreadRef{}, err
	}
	ref := inbox.ThreadRef{Channel: channel, TS: c.next()}
	c.threads = append(c.threads, Thread{Ref: ref, Card: card})
	return ref, c.lost()
}

// Update shows a card anew.
func (c *Console) Update(_ context.Context, at inbox.ThreadRef, card inbox.Card) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.failing(); err != nil {
		return err
	}
	t, err := c.thread(at)
	if err == nil {
		t.Card = card
	}
	return err
}

func (c *Console) thread(at inbox.ThreadRef) (*Thread, error) {
	for i := range c.threads {
		if c.threads[i].Ref == at {
			return &c.threads[i], nil
		}
	}
	return nil, fmt.Errorf("no thread %v", at)
}

// Post reads the files, as a real console would, and keeps the post.
func (c *Console) Post(ctx context.Context, at inbox.ThreadRef, p inbox.Post) (inbox.PostRef, error) {
	for _, f := range p.Files {
		r, err := f.Open(ctx)
		if err != nil {
			return inbox.PostRef{}, err
		}
		_, err = io.Copy(io.Discard, r)
		if cerr := r.Close(); err != nil || cerr != nil {
			return inbox.PostRef{}, fmt.Errorf("read file: %w", err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.failing(); err != nil {
		return inbox.PostRef{}, err
	}
	t, err := c.thread(at)
	if err != nil {
		return inbox.PostRef{}, err
	}
	ref := inbox.PostRef{Channel: at.Channel, TS: c.next()}
	t.Posts = append(t.Posts, Posted{Ref: ref, Post: p})
	return ref, c.lost()
}

// Revise replaces a post.
func (c *Console) Revise(_ context.Context, at inbox.PostRef, p inbox.Post) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.failing(); err != nil {
		return err
	}
	for i := range c.threads {
		for j := range c.threads[i].Posts {
			if c.threads[i].Posts[j].Ref == at {
				c.threads[i].Posts[j].Post = p
				return nil
			}
		}
	}
	return fmt.Errorf("no post %v", at)
}

// Mark remembers the last mark of a message.
func (c *Console) Mark(_ context.Context, at inbox.PostRef, d inbox.Delivery) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.failing(); err != nil {
		return err
	}
	if c.marks == nil {
		c.marks = map[inbox.PostRef]inbox.Delivery{}
	}
	c.marks[at] = d
	return nil
}

// Find looks a thread head or a post up by its key.
func (c *Console) Find(_ context.Context, channel string, at inbox.ThreadRef, key string, _ time.Time) (inbox.PostRef, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.threads {
		if at == (inbox.ThreadRef{}) && t.Ref.Channel == channel && t.Card.Key == key {
			return inbox.PostRef(t.Ref), nil
		}
		for _, p := range t.Posts {
			if t.Ref == at && p.Post.Key == key {
				return p.Ref, nil
			}
		}
	}
	return inbox.PostRef{}, nil
}

// OpenFile returns a file whose bytes are its id.
func (c *Console) OpenFile(_ context.Context, f inbox.StaffFile) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(f.ID)), nil
}
