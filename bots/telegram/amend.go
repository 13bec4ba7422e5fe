package telegram

import (
	"context"
	"fmt"

	"github.com/go-telegram/bot"

	"github.com/poruch/poruch/bots"
)

// Edit changes a message that we sent: its words, which are the caption under a
// file where they fit, and its buttons. Editing it to what it already is
// succeeds.
func (b *Bot) Edit(ctx context.Context, at bots.Address, id bots.MessageID, out bots.Outgoing) error {
	chat, message, err := ids(at.Chat, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if len(out.Files) > 0 && units(out.Text.Plain) <= maxCaption {
		err := b.editCaption(ctx, chat, message, out)
		if !refusedAs(err, "no caption in the message") {
			return err
		}
		// The words were longer, and went out as a message of their own.
	}
	parts := split(out.Text, maxText)
	if len(parts) > 1 {
		return fmt.Errorf("%w: the new text is longer than one message", bots.ErrUnsupported)
	}
	_, err = b.api.EditMessageText(ctx, &bot.EditMessageTextParams{
		ChatID: chat, MessageID: message, Text: parts[0].Plain, Entities: entities(parts[0]),
		LinkPreviewOptions: noPreview, ReplyMarkup: keyboardOrNone(out.Buttons),
	})
	err = unchangedIsFine(b.clean("editMessageText", err))
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

// Delete retracts a message that we sent; one that is gone already is fine.
func (b *Bot) Delete(ctx context.Context, at bots.Address, id bots.MessageID) error {
	chat, message, err := ids(at.Chat, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = b.api.DeleteMessage(ctx, &bot.DeleteMessageParams{ChatID: chat, MessageID: message})
	if err = b.clean("deleteMessage", err); refusedAs(err, "message to delete not found") {
		return nil
	}
	return err
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
