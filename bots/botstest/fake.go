package botstest

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/poruch/poruch/bots"
)

// Fake is an adapter whose platform is in memory. Tests play the people with
// Push and look at what reached them with Sent.
type Fake struct {
	name string

	mu      sync.Mutex
	updates []bots.Message // not confirmed yet
	last    int            // number of the youngest update
	ids     int
	sent    []Sent
	fail    map[bots.ChatID][]error
	files   map[bots.FileID]string
	notices map[string]string
	changed chan struct{} // closed and made anew with each change
}

// Sent is a message that reached its chat.
type Sent struct {
	ID      bots.MessageID
	Out     bots.Outgoing
	Files   []string // what the uploads held
	Edits   int
	Deleted bool
}

var (
	_ bots.Adapter      = (*Fake)(nil)
	_ bots.Editor       = (*Fake)(nil)
	_ bots.Deleter      = (*Fake)(nil)
	_ bots.FileOpener   = (*Fake)(nil)
	_ bots.Acknowledger = (*Fake)(nil)
)

// NewFake is a bot with that name, whose platform is empty.
func NewFake(name string) *Fake {
	return &Fake{
		name: name, fail: map[bots.ChatID][]error{}, files: map[bots.FileID]string{},
		notices: map[string]string{}, changed: make(chan struct{}),
	}
}

// Name is the name it was made with.
func (f *Fake) Name() string { return f.name }

// Push lets the platform tell something. It fills in what is missing of kind,
// ids, bot and time, and returns the message's id.
func (f *Fake) Push(m bots.Message) bots.MessageID {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	m.UpdateID, m.From.Bot = strconv.Itoa(f.last), f.name
	if m.Kind == "" {
		m.Kind = bots.New
	}
	if m.Kind == bots.New && m.ID == "" {
		m.ID = f.nextID()
	}
	if m.SentAt.IsZero() {
		m.SentAt = time.Unix(1_800_000_000+int64(f.last), 0).UTC()
	}
	if m.Raw == nil {
		m.Raw = []byte("update " + m.UpdateID)
	}
	f.updates = append(f.updates, m)
	f.tick()
	return m.ID
}

// PutFile makes a file that OpenFile finds.
func (f *Fake) PutFile(id bots.FileID, data string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[id] = data
}

// FailNext makes the next sends and changes in a chat return these errors.
func (f *Fake) FailNext(chat bots.ChatID, errs ...error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail[chat] = append(f.fail[chat], errs...)
}

// Sent is what reached a chat, oldest first.
func (f *Fake) Sent(chat bots.ChatID) []Sent {
	f.mu.Lock()
	defer f.mu.Unlock()
	var here []Sent
	for _, s := range f.sent {
		if s.Out.To.Chat == chat {
			here = append(here, s)
		}
	}
	return here
}

// Notice is what the presser of a button was told.
func (f *Fake) Notice(pressID string) (notice string, told bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	notice, told = f.notices[pressID]
	return notice, told
}

// Pending counts the updates that were not confirmed.
func (f *Fake) Pending() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.updates)
}

// Changed is closed by the next change of anything.
func (f *Fake) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

func (f *Fake) tick() {
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *Fake) nextID() bots.MessageID {
	f.ids++
	return bots.MessageID(strconv.Itoa(f.ids))
}

// retryWait is the pause after a delivery that failed.
const retryWait = 5 * time.Millisecond

// Receive delivers what was pushed, and confirms it once it is stored.
func (f *Fake) Receive(ctx context.Context, in bots.Intake) error {
	cursor, err := in.Cursor(ctx, f.name)
	for err == nil && ctx.Err() == nil {
		batch, changed := f.after(cursor)
		var again <-chan time.Time
		if len(batch.Messages) > 0 {
			if in.Deliver(ctx, batch) == nil {
				cursor = batch.Next
				continue
			}
			again = time.After(retryWait)
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-again:
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// after confirms what is up to the cursor, and returns what follows.
func (f *Fake) after(cursor string) (bots.Batch, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	stored, _ := strconv.Atoi(cursor) // "" is 0
	n := len(f.updates)
	f.updates = slices.DeleteFunc(f.updates, func(m bots.Message) bool {
		id, _ := strconv.Atoi(m.UpdateID) // made by Push
		return id <= stored
	})
	if len(f.updates) < n {
		f.tick()
	}
	return bots.Batch{Bot: f.name, Messages: slices.Clone(f.updates), Next: strconv.Itoa(f.last)}, f.changed
}

// Send delivers, or fails as it was told.
func (f *Fake) Send(ctx context.Context, out bots.Outgoing) (bots.MessageID, error) {
	var files []string
	for _, u := range out.Files {
		data, err := read(ctx, u)
		if err != nil {
			return "", err
		}
		files = append(files, data)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.failing(out.To.Chat); err != nil {
		return "", err
	}
	if strings.TrimSpace(out.Text.Plain) == "" && len(files) == 0 {
		return "", fmt.Errorf("%w: it is empty", bots.ErrRejected)
	}
	out.Buttons = shownButtons(out.Buttons)
	id := f.nextID()
	f.sent = append(f.sent, Sent{ID: id, Out: out, Files: files})
	f.tick()
	return id, nil
}

// shownButtons leaves out links that nobody could open.
func shownButtons(rows [][]bots.Button) (shown [][]bots.Button) {
	for _, row := range rows {
		row = slices.DeleteFunc(slices.Clone(row), func(b bots.Button) bool {
			u, err := url.Parse(b.URL)
			return b.URL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http")
		})
		if len(row) > 0 {
			shown = append(shown, row)
		}
	}
	return shown
}

func (f *Fake) failing(chat bots.ChatID) error {
	if len(f.fail[chat]) == 0 {
		return nil
	}
	err := f.fail[chat][0]
	f.fail[chat] = f.fail[chat][1:]
	return err
}

// Edit replaces a message that was sent.
func (f *Fake) Edit(_ context.Context, at bots.Address, id bots.MessageID, out bots.Outgoing) error {
	return f.change(at, id, func(s *Sent) {
		out.To, out.Buttons = s.Out.To, shownButtons(out.Buttons)
		s.Out, s.Edits = out, s.Edits+1
	})
}

// Delete retracts a message that was sent.
func (f *Fake) Delete(_ context.Context, at bots.Address, id bots.MessageID) error {
	return f.change(at, id, func(s *Sent) { s.Deleted = true })
}

func (f *Fake) change(at bots.Address, id bots.MessageID, do func(*Sent)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.failing(at.Chat); err != nil {
		return err
	}
	for i := range f.sent {
		if f.sent[i].ID == id && f.sent[i].Out.To.Chat == at.Chat {
			do(&f.sent[i])
			f.tick()
			return nil
		}
	}
	return fmt.Errorf("%w: there is no such message", bots.ErrRejected)
}

// OpenFile finds what PutFile put.
func (f *Fake) OpenFile(_ context.Context, id bots.FileID) (io.ReadCloser, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, ok := f.files[id]
	if !ok {
		return nil, fmt.Errorf("%w: there is no such file", bots.ErrRejected)
	}
	return io.NopCloser(strings.NewReader(data)), nil
}

// Acknowledge remembers the notice.
func (f *Fake) Acknowledge(_ context.Context, pressID, notice string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.notices[pressID] = notice
	f.tick()
	return nil
}
