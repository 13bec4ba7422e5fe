package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/poruch/poruch/bots"
)

// uploadTimeout bounds a send that carries a file.
const uploadTimeout = 80 * time.Second

// Telegram's limits of what a bot may send; a larger image goes as a document:
// https://core.telegram.org/bots/api#sending-files.
const (
	photoLimit  = 10 << 20
	uploadLimit = 50 << 20
)

// upload sends a file as what its type says, and as a document when Telegram
// does not take it as that: a photo can be too long, a contact can refuse voice.
func (d *delivery) upload(ctx context.Context, p part) (*models.Message, error) {
	if p.file.Size > uploadLimit {
		return nil, fmt.Errorf("%w: the file is larger than %d MB", bots.ErrRejected, uploadLimit>>20)
	}
	method := methodFor(*p.file)
	m, err := d.stream(ctx, method, p)
	var source *sourceError
	if method == "sendDocument" || !errors.Is(err, bots.ErrRejected) || errors.As(err, &source) {
		return m, err
	}
	return d.stream(ctx, "sendDocument", p)
}

func methodFor(f bots.Upload) string {
	kind, _, _ := strings.Cut(f.MIME, ";")
	switch {
	case (kind == "image/jpeg" || kind == "image/png" || kind == "image/webp") && f.Size > 0 && f.Size <= photoLimit:
		return "sendPhoto"
	case kind == "video/mp4":
		return "sendVideo"
	case kind == "audio/ogg":
		return "sendVoice"
	}
	return "sendDocument"
}

// stream sends the file's bytes as they come, so that none is whole in memory.
func (d *delivery) stream(ctx context.Context, method string, p part) (*models.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	r, err := p.file.Open(ctx)
	if err != nil {
		return nil, sourceFailed(err)
	}
	defer r.Close()
	src := &source{r: r}
	m, err := d.call(ctx, method, &models.InputFileUpload{Filename: or(p.file.Name, "file"), Data: src}, p)
	if err == nil {
		return m, nil
	}
	if broken := src.failure(); broken != nil {
		return nil, sourceFailed(broken)
	}
	return nil, d.b.clean(method, err)
}

func (d *delivery) call(ctx context.Context, method string, file models.InputFile, p part) (*models.Message, error) {
	api, text, es, markup := d.b.api, p.text.Plain, entities(p.text), keyboardOrNone(p.buttons)
	switch method {
	case "sendPhoto":
		return api.SendPhoto(ctx, &bot.SendPhotoParams{ChatID: d.chat, MessageThreadID: d.topic, Photo: file, Caption: text, CaptionEntities: es, ReplyParameters: d.reply, ReplyMarkup: markup})
	case "sendVideo":
		return api.SendVideo(ctx, &bot.SendVideoParams{ChatID: d.chat, MessageThreadID: d.topic, Video: file, Caption: text, CaptionEntities: es, ReplyParameters: d.reply, ReplyMarkup: markup})
	case "sendVoice":
		return api.SendVoice(ctx, &bot.SendVoiceParams{ChatID: d.chat, MessageThreadID: d.topic, Voice: file, Caption: text, CaptionEntities: es, ReplyParameters: d.reply, ReplyMarkup: markup})
	}
	return api.SendDocument(ctx, &bot.SendDocumentParams{ChatID: d.chat, MessageThreadID: d.topic, Document: file, Caption: text, CaptionEntities: es, ReplyParameters: d.reply, ReplyMarkup: markup})
}

// source remembers that reading failed: then the request never ended, so
// nothing was sent, and the fault is not Telegram's. The library may still read
// when a call has returned.
type source struct {
	mu  sync.Mutex
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.mu.Lock()
		s.err = err
		s.mu.Unlock()
	}
	return n, err
}

func (s *source) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// sourceError says what is wrong with the file. It hides the class of that:
// that a file cannot be reached says nothing about the contact.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return "read the file: " + e.err.Error() }

// sourceFailed: a file that is gone for good stays so; whatever else is
// temporary, because nothing was sent.
func sourceFailed(err error) error {
	said := &sourceError{err}
	if permanent(err) {
		return fmt.Errorf("%w: %w", bots.ErrRejected, said)
	}
	var retry *bots.RetryError
	if errors.As(err, &retry) {
		return &bots.RetryError{After: retry.After, Err: said} // not Wide: that is the source's, not ours
	}
	return &bots.RetryError{Err: said}
}
