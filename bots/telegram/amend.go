package telegram

import (
	"context"
	"fmt"

	"github.com/go-telegram/bot"

	"github.com/poruch/poruch/bots"
)

// Edit changes a message that we sent: its words, which are the caption under
// the last file where they fit, and its buttons. Words that went out in several
// parts can become others of as many. Editing it to what it already is succeeds.
func (b *Bot) Edit(ctx context.Context, at bots.Address, id bots.MessageID, out bots.Outgoing) error {
	chat, sent, err := ids(at.Chat, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if len(out.Files) > 0 && units(out.Text.Plain) <= maxCaption {
		err := b.editCaption(ctx, chat, sent[len(sent)-1], out)
		if !refusedAs(err, "no caption in the message") {
			return err
		}
		// The words were longer, and went out as messages of their own.
	}
	texts := sent[min(len(out.Files), len(sent)-1):] // the files went first
	parts := split(out.Text, maxText)
	if len(parts) != len(texts) {
		return fmt.Errorf("%w: the new text needs another number of messages", bots.ErrUnsupported)
	}
	for i, part := range parts {
		p := &bot.EditMessageTextParams{
			ChatID: chat, MessageID: texts[i], Text: part.Plain, Entities: entities(part), LinkPreviewOptions: noPreview,
		}
		if i == len(parts)-1 {
			p.ReplyMarkup = keyboardOrNone(out.Buttons)
		}
		_, err = b.api.EditMessageText(ctx, p)
		if err = unchangedIsFine(b.clean("editMessageText", err)); err != nil {
			break
		}
	}
	if len(out.Files) > 0 && refusedAs(err, "no text in the message") {
		return fmt.Errorf("%w: the new text is longer than a caption", bots.ErrUnsupported)
	}
	return err
}

func (b *Bot) editCaption(ctx context.Context, chat int64, message int, out bots.Outgoing) error {
	_, err := b.api.EditMessageCaption(ctx, &bot.EditMessageCaptionParams{
		ChatID: chat, MessageID: message, Caption: out.Text.Plain, CaptionEntities: entities(out.Text), ReplyMarkup: keyboardOrNone(out.Buttons),
	})
	return unchangedIsFine(b.clean("editMessageCaption", err))
}

func unchangedIsFine(err error) error {
	if refusedAs(err, "message is not modified") {
		return nil
	}
	return err
}

// Delete retracts a message that we sent, with all its parts; one that is gone
// already is fine.
func (b *Bot) Delete(ctx context.Context, at bots.Address, id bots.MessageID) error {
	chat, sent, err := ids(at.Chat, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	for _, message := range sent {
		_, err := b.api.DeleteMessage(ctx, &bot.DeleteMessageParams{ChatID: chat, MessageID: message})
		if err = b.clean("deleteMessage", err); err != nil && !refusedAs(err, "message to delete not found") {
			return err
		}
	}
	return nil
}

// Acknowledge ends the loading state of a pressed button; that it ended by
// itself is fine.
func (b *Bot) Acknowledge(ctx context.Context, pressID, notice string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := b.api.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: pressID, Text: cutUnits(notice, maxNotice)})
	if err = b.clean("answerCallbackQuery", err); refusedAs(err, "query is too old") {
		return nil
	}
	return err
}
