package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/poruch/poruch/bots"
)

func upload(name, mime string, size int64, open func() (io.Reader, error)) bots.Upload {
	return bots.Upload{Name: name, MIME: mime, Size: size, Open: func(context.Context) (io.ReadCloser, error) {
		r, err := open()
		return io.NopCloser(r), err
	}}
}

func holding(name, mime, data string) bots.Upload {
	return upload(name, mime, int64(len(data)), func() (io.Reader, error) { return strings.NewReader(data), nil })
}

func TestFilesGoAsWhatTheyAre(t *testing.T) {
	s := newScene(t, nil)
	const big = 11 << 20
	for _, c := range []struct {
		file bots.Upload
		want string
	}{
		{holding("a.jpg", "image/jpeg", "jpeg"), "photo"},
		{holding("a.pdf", "application/pdf", "pdf"), "document"},
		{holding("a.ogg", "audio/ogg; codecs=opus", "ogg"), "voice"},
		{holding("a.mp4", "video/mp4", "mp4"), "video"},
		{holding("a.svg", "image/svg+xml", "<svg/>"), "document"},
		{upload("big.png", "image/png", big, func() (io.Reader, error) { return io.LimitReader(zeros{}, big), nil }), "document"},
		// A size that is wrong or unknown does no harm.
		{upload("sly.png", "image/png", 9, func() (io.Reader, error) { return io.LimitReader(zeros{}, big), nil }), "document"},
		{upload("unknown.png", "image/png", 0, func() (io.Reader, error) { return strings.NewReader("png"), nil }), "document"},
	} {
		if _, err := s.bot.Send(t.Context(), bots.Outgoing{To: to(1001), Text: bots.Plain("ось"), Files: []bots.Upload{c.file}}); err != nil {
			t.Errorf("%s: %v", c.file.Name, err)
			continue
		}
		ms := s.sent(1001)
		if m := ms[len(ms)-1]; m.Files[0].Kind != c.want || m.Files[0].Name != c.file.Name || m.Text != "ось" {
			t.Errorf("%s went as %s %q with %q", c.file.Name, m.Files[0].Kind, m.Files[0].Name, m.Text)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestFilesThatCannotGo(t *testing.T) {
	s := newScene(t, nil)
	send := func(f bots.Upload) error {
		_, err := s.bot.Send(t.Context(), bots.Outgoing{To: to(1001), Files: []bots.Upload{f}})
		return err
	}
	never := upload("film.mkv", "video/x-matroska", 60<<20, func() (io.Reader, error) {
		t.Error("a file that is too large was opened")
		return strings.NewReader(""), nil
	})
	if err := send(never); !errors.Is(err, bots.ErrRejected) {
		t.Errorf("60 MB: %v, want ErrRejected", err)
	}
	var retry *bots.RetryError
	breaks := func(err error) bots.Upload {
		return upload("a.pdf", "application/pdf", 0, func() (io.Reader, error) {
			return io.MultiReader(strings.NewReader("half"), iotest.ErrReader(err)), nil
		})
	}
	if err := send(breaks(errors.New("reset by peer"))); !errors.As(err, &retry) {
		t.Errorf("a file that breaks off: %v, want RetryError", err)
	}
	if err := send(breaks(fmt.Errorf("%w: too large", bots.ErrRejected))); !errors.Is(err, bots.ErrRejected) {
		t.Errorf("a file whose source gives up: %v, want ErrRejected", err)
	}
	if ms := s.sent(1001); len(ms) != 0 {
		t.Errorf("sent %+v", ms)
	}
}

// The words of files are under the last of them.
func TestCaptionsAreEdited(t *testing.T) {
	s := newScene(t, nil)
	long := strings.Repeat("довго ", 300) // longer than a caption
	files := []bots.Upload{holding("a.pdf", "application/pdf", "a"), holding("b.pdf", "application/pdf", "b")}
	for _, c := range []struct {
		before, after string
		want          error
	}{
		{"коротко", "інакше", nil},
		{"", "тепер з підписом", nil},
		{long, "коротко", nil},
		{long, long + "!", nil},
		{"коротко", long, bots.ErrUnsupported},
	} {
		id, err := s.bot.Send(t.Context(), bots.Outgoing{To: to(1001), Text: bots.Plain(c.before), Files: files})
		if err != nil {
			t.Fatal(err)
		}
		err = s.bot.Edit(t.Context(), to(1001), id, bots.Outgoing{Text: bots.Plain(c.after), Files: files})
		if !errors.Is(err, c.want) {
			t.Errorf("edit %.20q to %.20q: %v, want %v", c.before, c.after, err, c.want)
		}
		ms := s.sent(1001)
		if last := ms[len(ms)-1]; c.want == nil && (last.Text != c.after || !strings.HasSuffix(string(id), string(message(last.ID)))) {
			t.Errorf("edit %.20q to %.20q: people see %.20q", c.before, c.after, last.Text)
		}
	}
}
