package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/poruch/poruch/bots"
)

var off = true

var noPreview = &models.LinkPreviewOptions{IsDisabled: &off}

// Send takes a message out: its files first, the last of them with the words as
// its caption where they fit, else the words after them in as many parts as
// they need. The buttons are under the last message. The id that is returned
// names all of them, so that Edit and Delete find them.
//
// When a later part fails, the earlier ones are there already, and a repeat
// sends them again. So a short wait that Telegram asks for is waited out in
// place, a refusal for good stays one, and the rest is uncertain.
func (b *Bot) Send(ctx context.Context, out bots.Outgoing) (bots.MessageID, error) {
	chat, err := chatID(out.To.Chat)
	if err != nil {
		return "", err
	}
	topic, err := topicID(out.To.Topic)
	if err != nil {
		return "", err
	}
	d := delivery{b: b, chat: chat, topic: topic, reply: replyTo(out.ReplyTo), patience: patience}
	words := strings.TrimSpace(out.Text.Plain) != ""
	captioned := len(out.Files) > 0 && (!words || units(out.Text.Plain) <= maxCaption)
	for i, f := range out.Files {
		p := part{file: &f}
		if captioned && i == len(out.Files)-1 {
			p.text, p.buttons = out.Text, out.Buttons
		}
		if err := d.send(ctx, p); err != nil {
			return "", err
		}
	}
	if captioned {
		return messagesOf(d.sent), nil
	}
	texts := split(out.Text, maxText)
	for i, text := range texts {
		p := part{text: text}
		if i == len(texts)-1 {
			p.buttons = out.Buttons
		}
		if err := d.send(ctx, p); err != nil {
			return "", err
		}
	}
	return messagesOf(d.sent), nil
}

// delivery is one Outgoing under way.
type delivery struct {
	b     *Bot
	chat  int64
	topic int
	reply *models.ReplyParameters
	sent  []int // ids of the parts so far

	patience time.Duration // what is left of it
}

// part is one message: words, or a file with words as its caption.
type part struct {
	text    bots.Text
	file    *bots.Upload
	buttons [][]bots.Button
}

// patience bounds how long the later parts wait in all.
const patience = 20 * time.Second

func (d *delivery) send(ctx context.Context, p part) error {
	for {
		m, err := d.once(ctx, p)
		if err == nil {
			d.sent = append(d.sent, m.ID)
			d.reply = nil // only the first part answers
			return nil
		}
		var retry *bots.RetryError
		if len(d.sent) > 0 && errors.As(err, &retry) {
			wait := max(retry.After, time.Second)
			if d.patience -= wait; d.patience >= 0 && pause(ctx, wait) {
				continue
			}
		}
		return d.failed(err)
	}
}

func (d *delivery) failed(err error) error {
	if len(d.sent) == 0 || permanent(err) {
		return err
	}
	return fmt.Errorf("after %d parts: %s", len(d.sent), err.Error()) // not %w: no longer "surely not sent"
}

func (d *delivery) once(ctx context.Context, p part) (*models.Message, error) {
	if p.file != nil {
		return d.upload(ctx, p)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	m, err := d.b.api.SendMessage(ctx, &bot.SendMessageParams{
		ChatID: d.chat, MessageThreadID: d.topic, Text: p.text.Plain, Entities: entities(p.text),
		LinkPreviewOptions: noPreview, ReplyParameters: d.reply, ReplyMarkup: keyboardOrNone(p.buttons),
	})
	return m, d.b.clean("sendMessage", err)
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
			switch {
			case b.URL == "":
				line = append(line, models.InlineKeyboardButton{Text: b.Label, CallbackData: b.Data})
			case opens(b.URL):
				line = append(line, models.InlineKeyboardButton{Text: or(b.Label, b.URL), URL: b.URL})
			}
		}
		if len(line) > 0 {
			k.InlineKeyboard = append(k.InlineKeyboard, line)
		}
	}
	return k
}

// opens says whether Telegram takes an address for a button. It refuses the
// whole message for one that it does not take.
func opens(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && strings.Contains(u.Hostname(), ".")
}

// keyboardOrNone: none means no keyboard, and in an edit that the old one goes.
func keyboardOrNone(rows [][]bots.Button) models.ReplyMarkup {
	k := keyboard(rows)
	if len(k.InlineKeyboard) == 0 {
		return nil
	}
	return k
}
