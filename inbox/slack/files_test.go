package slack_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// pattern is a file of a given size that is made while it is read.
type pattern struct{ left int64 }

func (p *pattern) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(b)), p.left))
	for i := range n {
		b[i] = byte('a' + i%26)
	}
	p.left -= int64(n)
	return n, nil
}

func big(name string, size int64) bots.Upload {
	return bots.Upload{Name: name, Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(&pattern{size}), nil }}
}

func TestCustomersFilesArrive(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	p := post("job-1", "ось чек")
	p.Files = []bots.Upload{upload("чек.pdf", "%PDF-1.7"), big("відео.mp4", 3<<20)}
	ref, err := w.console.Post(t.Context(), at, p)
	if err != nil {
		t.Fatal(err)
	}
	m := w.shown(t, ref.TS)
	if m.ThreadTS != at.TS || !shows(t, m, "ось чек") || !shows(t, m, "Оксана · Telegram") {
		t.Errorf("got %+v %s", m, m.Blocks)
	}
	if len(m.Files) != 2 || m.Files[0].Name != "чек.pdf" || string(m.Files[0].Data) != "%PDF-1.7" || len(m.Files[1].Data) != 3<<20 {
		t.Errorf("got %d files", len(m.Files))
	}
	if n := len(w.Messages(channel)); n != 2 {
		t.Errorf("%d messages: files and words are one", n)
	}
}

// A file that Slack does not take is named, and the words come all the same.
func TestRefusedFileIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		files []bots.Upload
		fault slacktest.Fault
		kept  []string
	}{
		"empty":            {[]bots.Upload{upload("порожній.txt", ""), upload("повний.txt", "x")}, slacktest.Fault{}, []string{"повний.txt"}},
		"alone":            {[]bots.Upload{upload("порожній.txt", "")}, slacktest.Fault{}, nil},
		"too large":        {[]bots.Upload{big("порожній.txt", 101<<20)}, slacktest.Fault{}, nil},
		"refused by name":  {[]bots.Upload{upload("порожній.txt", "x")}, slacktest.Fault{Kind: "error", Method: "files.getUploadURLExternal", Code: "file_type_not_allowed"}, nil},
		"refused together": {[]bots.Upload{upload("порожній.txt", "x")}, slacktest.Fault{Kind: "error", Method: "files.completeUploadExternal", Code: "invalid_blocks"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			at := w.thread(t)
			w.Fault(c.fault)
			p := post("job-1", "ось файли")
			p.Files = c.files
			ref, err := w.console.Post(t.Context(), at, p)
			if err != nil {
				t.Fatal(err)
			}
			m := w.shown(t, ref.TS)
			if !shows(t, m, "ось файли") || !shows(t, m, "порожній.txt: Slack did not take this file") {
				t.Errorf("got %s", m.Blocks)
			}
			var kept []string
			for _, f := range m.Files {
				kept = append(kept, f.Name)
			}
			if diff := cmp.Diff(c.kept, kept); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}

// Before files are shared nothing has been posted; afterwards it may have been.
func TestFailedUploads(t *testing.T) {
	away := errors.New("the platform is away")
	for name, c := range map[string]struct {
		fault slacktest.Fault
		check func(*testing.T, error)
	}{
		"no answer":       {slacktest.Fault{Kind: "disconnect", Method: "files.getUploadURLExternal"}, mustRetry},
		"server error":    {slacktest.Fault{Kind: "server_error", Method: "files.getUploadURLExternal"}, mustRetry},
		"internal error":  {slacktest.Fault{Kind: "error", Method: "files.getUploadURLExternal", Code: "internal_error"}, mustRetry},
		"no scope":        {slacktest.Fault{Kind: "error", Method: "files.getUploadURLExternal", Code: "missing_scope"}, mustMend},
		"no answer after": {slacktest.Fault{Kind: "disconnect", Method: "files.completeUploadExternal"}, mayHaveBeenPosted},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			at := w.thread(t)
			w.Fault(c.fault)
			p := post("job-1", "ось")
			p.Files = []bots.Upload{upload("чек.pdf", "x")}
			_, err := w.console.Post(t.Context(), at, p)
			c.check(t, err)
		})
	}
	t.Run("the platform gives no file", func(t *testing.T) {
		w := newWorld(t)
		p := post("job-1", "ось")
		p.Files = []bots.Upload{{Name: "чек.pdf", Open: func(context.Context) (io.ReadCloser, error) { return nil, away }}}
		if _, err := w.console.Post(t.Context(), w.thread(t), p); !errors.Is(err, away) {
			t.Errorf("the desk's own error is lost: %v", err)
		}
	})
	t.Run("found again", func(t *testing.T) {
		w := newWorld(t)
		at := w.thread(t)
		w.Fault(slacktest.Fault{Kind: "disconnect", Method: "files.completeUploadExternal"})
		p := post("job-1", "ось")
		p.Files = []bots.Upload{upload("чек.pdf", "x")}
		_, err := w.console.Post(t.Context(), at, p)
		mayHaveBeenPosted(t, err)
		ref, err := w.console.Find(t.Context(), channel, at, "job-1", noon)
		if err != nil || ref.TS == "" {
			t.Errorf("got %+v %v", ref, err)
		}
	})
}

func mustRetry(t *testing.T, err error) {
	t.Helper()
	var retry *bots.RetryError
	if !errors.As(err, &retry) {
		t.Errorf("got %v", err)
	}
}

func mustMend(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, bots.ErrUnreachable) {
		t.Errorf("got %v", err)
	}
}

func TestAgentsFilesLeaveSlack(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.receive(t)
	data := bytes.Repeat([]byte("кава"), 1<<18)
	w.says(t, at, olena, "", slacktest.File{Name: "меню.pdf", Data: data})
	f := (<-w.staff.replies).Files[0]
	for name, f := range map[string]inbox.StaffFile{"by its address": f, "by its id": {ID: f.ID}} {
		r, err := w.console.OpenFile(t.Context(), f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: got %d bytes, %v", name, len(got), err)
		}
	}
}

// An event may name any address; the token goes to Slack's own only.
func TestTokenStaysInSlack(t *testing.T) {
	called := make(chan http.Header, 8)
	foreign := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { called <- r.Header }))
	defer foreign.Close()
	w := newWorld(t)
	for _, address := range []string{
		foreign.URL + "/files-pri/T1-F1/a.pdf", strings.Replace(foreign.URL, "127.0.0.1", "localhost", 1) + "/a", "https://slack.com.evil.example/a",
		"http://files.slack.com/a", "https://evil.example/slack.com", "file:///etc/passwd", "//evil.example/a", "::",
	} {
		_, err := w.console.OpenFile(t.Context(), inbox.StaffFile{ID: "F1", URL: address})
		if !errors.Is(err, bots.ErrRejected) {
			t.Errorf("%s: got %v", address, err)
		}
	}
	if len(called) != 0 {
		t.Errorf("a foreign server was called with %v", <-called)
	}
}

func TestFilesThatCannotLeave(t *testing.T) {
	scopes := func(scopes ...string) change { return func(c *slacktest.Config, _ *slack.Config) { c.Scopes = scopes } }
	for name, c := range map[string]struct {
		change change
		file   func(w *world) inbox.StaffFile
		check  func(*testing.T, error)
	}{
		"too large": {scopes("files:read"), func(*world) inbox.StaffFile { return inbox.StaffFile{ID: "F1", Size: 200 << 20} }, mustReject},
		"gone":      {scopes("files:read"), func(w *world) inbox.StaffFile { return inbox.StaffFile{ID: "F1", URL: w.address + "/files/F1/a"} }, mustReject},
		"unknown":   {scopes("files:read"), func(*world) inbox.StaffFile { return inbox.StaffFile{ID: "F1"} }, mustReject},
		"no scope":  {scopes("chat:write"), func(w *world) inbox.StaffFile { return inbox.StaffFile{ID: "F1", URL: w.address + "/files/F1/a"} }, mustReject},
		// The desk would take an unreachable app for an unreachable customer.
		"no scope to ask": {scopes("chat:write"), func(*world) inbox.StaffFile { return inbox.StaffFile{ID: "F1"} }, mustRetry},
		"rate limit": {scopes("files:read"), func(w *world) inbox.StaffFile {
			w.Fault(slacktest.Fault{Kind: "rate_limit"})
			return inbox.StaffFile{ID: "F1"}
		}, mustRetry},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.change)
			_, err := w.console.OpenFile(t.Context(), c.file(w))
			c.check(t, err)
			if errors.Is(err, bots.ErrUnreachable) {
				t.Errorf("reads as if the customer could not be reached: %v", err)
			}
		})
	}
}

func mustReject(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, bots.ErrRejected) {
		t.Errorf("got %v", err)
	}
}
