package telegram

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/poruch/poruch/bots"
)

// uploadTimeout bounds a send that carries files.
const uploadTimeout = 80 * time.Second

var off = true

var noPreview = &models.LinkPreviewOptions{IsDisabled: &off}

// Send takes a message out: its files first, the first of them with the words
// as its caption where they fit, then the rest of the words, with the buttons
// under the last part. When a later part fails, the error is uncertain even if
// Telegram refused it for good, because the earlier parts are there already: a
// repeat sends them again.
func (b *Bot) Send(ctx context.Context, out bots.Outgoing) (bots.MessageID, error) {
	chat, err := chatID(out.To.Chat)
	if err != nil {
		return "", err
	}
	topic, err := topicID(out.To.Topic)
	if err != nil {
		return "", err
	}
	d := delivery{b: b, chat: chat, topic: topic, reply: replyTo(out.ReplyTo), out: out}
	if len(out.Files) > 0 {
		if err := d.files(ctx); err != nil {
			return "", d.failed(err)
		}
	}
	if err := d.words(ctx); err != nil {
		return "", d.failed(err)
	}
	return messageOf(d.last), nil
}

// delivery is one Outgoing under way.
type delivery struct {
	b         *Bot
	chat      int64
	topic     int
	reply     *models.ReplyParameters
	out       bots.Outgoing
	captioned bool // the words went out with a file
	sent      int  // messages so far
	last      int  // id of the latest
}

func (d *delivery) failed(err error) error {
	if d.sent == 0 {
		return err
	}
	return fmt.Errorf("after %d parts: %s", d.sent, err.Error())
}

func (d *delivery) went(m *models.Message) {
	d.sent++
	d.last = m.ID
	d.reply = nil // only the first part answers
}

func (d *delivery) words(ctx context.Context) error {
	if d.captioned || strings.TrimSpace(d.out.Text.Plain) == "" && d.sent > 0 {
		return nil
	}
	parts := split(d.out.Text, maxText)
	for i, part := range parts {
		call, cancel := context.WithTimeout(ctx, callTimeout)
		p := &bot.SendMessageParams{
			ChatID: d.chat, MessageThreadID: d.topic, Text: part.Plain, Entities: entities(part),
			LinkPreviewOptions: noPreview, ReplyParameters: d.reply,
		}
		if i == len(parts)-1 && len(d.out.Buttons) > 0 {
			p.ReplyMarkup = keyboard(d.out.Buttons)
		}
		m, err := d.b.api.SendMessage(call, p)
		cancel()
		if err != nil {
			return d.b.clean("sendMessage", err)
		}
		d.went(m)
	}
	return nil
}

func (d *delivery) files(ctx context.Context) error {
	for i, f := range d.out.Files {
		var caption bots.Text
		if i == 0 && units(d.out.Text.Plain) <= maxCaption {
			caption = d.out.Text
		}
		if err := d.file(ctx, f, caption); err != nil {
			return err
		}
		if i == 0 && units(d.out.Text.Plain) <= maxCaption {
			d.captioned = len(d.out.Buttons) == 0 || len(d.out.Files) == 1
		}
	}
	return nil
}

// file sends one file as what its type says, streaming it.
func (d *delivery) file(ctx context.Context, f bots.Upload, caption bots.Text) error {
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	r, err := f.Open(ctx)
	if err != nil {
		return &bots.RetryError{Err: fmt.Errorf("open the file: %w", err)}
	}
	defer r.Close()
	var markup models.ReplyMarkup
	if len(d.out.Files) == 1 && len(d.out.Buttons) > 0 && units(d.out.Text.Plain) <= maxCaption {
		markup = keyboard(d.out.Buttons)
	}
	m, method, err := d.upload(ctx, f, r, caption, markup)
	if err != nil {
		return d.b.clean(method, err)
	}
	d.went(m)
	return nil
}

// photoLimit is the largest file that Telegram takes as a photo; a larger one
// goes as a document: https://core.telegram.org/bots/api#sending-files.
const photoLimit = 10 << 20

func (d *delivery) upload(ctx context.Context, f bots.Upload, r io.Reader, caption bots.Text, markup models.ReplyMarkup) (*models.Message, string, error) {
	file := &models.InputFileUpload{Filename: or(f.Name, "file"), Data: r}
	text, es := caption.Plain, entities(caption)
	api := d.b.api
	kind, _, _ := strings.Cut(f.MIME, ";")
	switch {
	case (kind == "image/jpeg" || kind == "image/png" || kind == "image/webp") && f.Size > 0 && f.Size <= photoLimit:
		m, err := api.SendPhoto(ctx, &bot.SendPhotoParams{ChatID: d.chat, MessageThreadID: d.topic, Photo: file, Caption: text, CaptionEntities: es, ReplyParameters: d.reply, ReplyMarkup: markup})
		return m, "sendPhoto", err
	case kind == "video/mp4":
		m, err := api.SendVideo(ctx, &bot.SendVideoParams{ChatID: d.chat, MessageThreadID: d.topic, Video: file, Caption: text, CaptionEntities: es, ReplyParameters: d.reply, ReplyMarkup: markup})
		return m, "sendVideo", err
	case kind == "audio/ogg":
		m, err := api.SendVoice(ctx, &bot.SendVoiceParams{ChatID: d.chat, MessageThreadID: d.topic, Voice: file, Caption: text, CaptionEntities: es, ReplyParameters: d.reply, ReplyMarkup: markup})
		return m, "sendVoice", err
	}
	m, err := api.SendDocument(ctx, &bot.SendDocumentParams{ChatID: d.chat, MessageThreadID: d.topic, Document: file, Caption: text, CaptionEntities: es, ReplyParameters: d.reply, ReplyMarkup: markup})
	return m, "sendDocument", err
}

func topicID(topic string) (int, error) {
	if topic == "" {
		return 0, nil
	}
	id, err := strconv.Atoi(topic)
	if err != nil {
		return 0, fmt.Errorf("%w: not a telegram topic", bots.ErrRejected)
	}
	return id, nil
}

func replyTo(id bots.MessageID) *models.ReplyParameters {
	n, err := strconv.Atoi(string(id))
	if err != nil {
		return nil
	}
	return &models.ReplyParameters{MessageID: n, AllowSendingWithoutReply: true}
}

func keyboard(rows [][]bots.Button) *models.InlineKeyboardMarkup {
	k := &models.InlineKeyboardMarkup{}
	for _, row := range rows {
		var line []models.InlineKeyboardButton
		for _, b := range row {
			line = append(line, models.InlineKeyboardButton{Text: b.Label, CallbackData: b.Data})
		}
		k.InlineKeyboard = append(k.InlineKeyboard, line)
	}
	return k
}

// keyboardOrNone is for edits, where no keyboard means that the old one goes.
func keyboardOrNone(rows [][]bots.Button) models.ReplyMarkup {
	if len(rows) == 0 {
		return nil
	}
	return keyboard(rows)
}
