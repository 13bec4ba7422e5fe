package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
)

const (
	// fileTimeout bounds one file's way in or out.
	fileTimeout = 5 * time.Minute
	// maxFile is the largest file that we carry, in bytes: twice what Telegram
	// lets bots send (https://core.telegram.org/bots/api#sending-files).
	maxFile = 100 << 20
	// maxFiles is how many missing files a post names.
	maxFiles = 10
)

// spool is a file on disk that is gone once closed. Slack must know a file's
// length beforehand, and platforms do not always tell it.
type spool struct{ *os.File }

func newSpool() (spool, error) {
	f, err := os.CreateTemp("", "poruch-file-*")
	if err != nil {
		return spool{}, fmt.Errorf("keep a file on disk: %w", err)
	}
	return spool{f}, nil
}

// Close deletes the file.
func (s spool) Close() error {
	return errors.Join(s.File.Close(), os.Remove(s.Name()))
}

// errTooLarge: more than maxFile.
var errTooLarge = fmt.Errorf("%w: the file is larger than %d MB", bots.ErrRejected, maxFile>>20)

// limited refuses to write more than maxFile.
type limited struct {
	w    io.Writer
	left int64
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, errTooLarge
	}
	return l.w.Write(p)
}

// uploadAll brings files into Slack, where nobody sees them until they are
// shared. refused names those that Slack does not take. After an error nothing
// has been posted.
func (c *Console) uploadAll(ctx context.Context, us []bots.Upload) (files []slack.FileSummary, refused []string, err error) {
	for _, u := range us {
		name := cut(cleanLine(u.Name), maxHeader)
		if name == "" {
			name = c.words.say(c.cfg.StaffLang, "file_unnamed")
		}
		id, err := c.upload(ctx, name, u)
		switch {
		case errors.Is(err, errFileRefused):
			c.cfg.Log.WarnContext(ctx, "slack did not take a file", "err", err)
			refused = append(refused, c.words.say(c.cfg.StaffLang, "file_refused", vars{"Name": name}))
		case err != nil:
			return nil, nil, err
		default:
			files = append(files, slack.FileSummary{ID: id, Title: name})
		}
	}
	return files, refused, nil
}

// errFileRefused: this file cannot be shown in Slack, ever.
var errFileRefused = errors.New("the file cannot be shown")

func (c *Console) upload(ctx context.Context, name string, u bots.Upload) (id string, err error) {
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	defer cancel()
	s, err := newSpool()
	if err != nil {
		return "", &bots.RetryError{Err: err}
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	size, err := fill(ctx, s, u)
	if err != nil || size == 0 {
		if errors.Is(err, errTooLarge) || err == nil {
			return "", fmt.Errorf("%w: it is empty or too large", errFileRefused)
		}
		return "", err
	}
	target, err := c.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: name, FileSize: int(size)})
	if err != nil {
		return "", notPosted("files.getUploadURLExternal", err)
	}
	err = c.api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: target.UploadURL, Reader: s, Filename: name})
	if err != nil {
		return "", notPosted("file upload", err)
	}
	return target.FileID, nil
}

func fill(ctx context.Context, s spool, u bots.Upload) (int64, error) {
	r, err := u.Open(ctx)
	if err != nil {
		return 0, err // the desk knows its own errors
	}
	defer r.Close()
	size, err := io.Copy(&limited{s, maxFile}, r)
	if err == nil {
		_, err = s.Seek(0, io.SeekStart)
	}
	if err != nil && !errors.Is(err, errTooLarge) {
		return 0, &bots.RetryError{Err: fmt.Errorf("read a file: %w", err)}
	}
	return size, err
}

// notPosted is an error from before anything was shown.
func notPosted(method string, err error) error {
	said := explain(method, err)
	var retry *bots.RetryError
	switch code := codeOf(err); {
	case errors.As(said, &retry) || errors.Is(said, bots.ErrUnreachable):
		return said
	case code != "" && code != "internal_error" && code != "fatal_error":
		return fmt.Errorf("%w: %w", errFileRefused, said)
	}
	return &bots.RetryError{Err: said}
}

// share shows uploaded files and words as one message of a thread. Slack shows
// it some moments later.
func (c *Console) share(ctx context.Context, at inbox.ThreadRef, d drawing, files []slack.FileSummary, key string) (inbox.PostRef, error) {
	began := c.cfg.Now()
	calling, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := c.api.CompleteUploadExternalContext(calling, slack.CompleteUploadExternalParameters{
		Files: files, Channel: at.Channel, ThreadTimestamp: at.TS, Blocks: slack.Blocks{BlockSet: d.blocks},
	})
	if err != nil {
		return inbox.PostRef{}, explain("files.completeUploadExternal", err)
	}
	for wait := 250 * time.Millisecond; wait <= 4*time.Second; wait *= 2 {
		ref, err := c.Find(ctx, at.Channel, at, key, began)
		if err == nil && ref != (inbox.PostRef{}) {
			return ref, nil
		}
		select {
		case <-ctx.Done():
			return inbox.PostRef{}, nil // it is shared; only its place is unknown
		case <-time.After(wait):
		}
	}
	return inbox.PostRef{}, nil
}

// OpenFile fetches what an agent shared. The token goes to Slack only, never
// to another address that an event may name.
func (c *Console) OpenFile(ctx context.Context, f inbox.StaffFile) (io.ReadCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	defer cancel()
	if f.Size > maxFile {
		return nil, errTooLarge
	}
	address := f.URL
	if address == "" { // Slack left it out of the event: file_access is check_file_info
		info, _, _, err := c.api.GetFileInfoContext(ctx, f.ID, 0, 0)
		if err != nil {
			return nil, notOfCustomer(explain("files.info", err))
		}
		address = info.URLPrivateDownload
	}
	s, err := newSpool()
	if err != nil {
		return nil, &bots.RetryError{Err: err}
	}
	err = c.api.GetFileContext(ctx, address, &limited{s, maxFile})
	if err == nil {
		_, err = s.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(explainDownload(err), s.Close())
	}
	return s, nil
}

// notOfCustomer keeps what is wrong with the app from being taken for a
// customer who cannot be reached: the file waits until people mend it.
func notOfCustomer(err error) error {
	if errors.Is(err, bots.ErrUnreachable) {
		return &bots.RetryError{Err: errors.New(err.Error())}
	}
	return err
}

func explainDownload(err error) error {
	var status slack.StatusCodeError
	var address *url.Error
	switch {
	case errors.Is(err, errTooLarge):
		return errTooLarge
	case errors.As(err, &status) && (status.Code == http.StatusNotFound || status.Code == http.StatusGone || status.Code == http.StatusForbidden):
		return fmt.Errorf("slack file: %w: it is gone", bots.ErrRejected)
	case strings.Contains(err.Error(), "sign-in page"):
		return fmt.Errorf("slack file: %w: the app may not read it; it needs files:read (see `poruch slack manifest`)", bots.ErrRejected)
	case strings.Contains(err.Error(), "refusing to send the token"), strings.Contains(err.Error(), "empty download URL"),
		errors.As(err, &address) && address.Op == "parse":
		return fmt.Errorf("slack file: %w: it is not kept in Slack", bots.ErrRejected)
	}
	said := explain("file download", err)
	var retry *bots.RetryError
	if errors.As(said, &retry) {
		return said
	}
	return &bots.RetryError{Err: said}
}
