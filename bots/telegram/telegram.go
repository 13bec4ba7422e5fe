package telegram

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/poruch/poruch/bots"
)

// Bot is one Telegram bot. Its methods may be called from several goroutines.
type Bot struct {
	cfg    Config
	api    *bot.Bot
	client *http.Client

	mu sync.Mutex
	me models.User // zero until getMe answered
}

var (
	_ bots.Adapter      = (*Bot)(nil)
	_ bots.Editor       = (*Bot)(nil)
	_ bots.Deleter      = (*Bot)(nil)
	_ bots.FileOpener   = (*Bot)(nil)
	_ bots.Acknowledger = (*Bot)(nil)
	_ bots.Webhooker    = (*Bot)(nil)
	_ bots.Checker      = (*Bot)(nil)
)

// callTimeout bounds one call that carries no file.
const callTimeout = 30 * time.Second

// New prepares a bot; it calls nobody yet.
func New(cfg Config) (*Bot, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	b := &Bot{cfg: cfg, client: &http.Client{Transport: statusTransport{cfg.Transport}}}
	api, err := bot.New(cfg.Token, bot.WithSkipGetMe(), bot.WithServerURL(cfg.APIURL),
		bot.WithHTTPClient(cfg.PollTimeout, b.client), bot.WithErrorsHandler(func(error) {}))
	if err != nil {
		return nil, fmt.Errorf("prepare telegram: %w", b.clean("New", err))
	}
	b.api = api
	return b, nil
}

// Name is the adapter's stable name.
func (b *Bot) Name() string { return b.cfg.Name }

// Receive brings updates in until ctx ends.
func (b *Bot) Receive(ctx context.Context, in bots.Intake) error {
	if err := b.introduce(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	if b.cfg.Mode == Webhook {
		return b.awaitWebhook(ctx)
	}
	return b.poll(ctx, in)
}

// introduce asks who we are, with patience for everything but a wrong token.
func (b *Bot) introduce(ctx context.Context) error {
	return b.persist(ctx, "getMe", func(ctx context.Context) error {
		_, err := b.self(ctx)
		return err
	})
}

// self is the bot's own account.
func (b *Bot) self(ctx context.Context) (models.User, error) {
	b.mu.Lock()
	me := b.me
	b.mu.Unlock()
	if me.ID != 0 {
		return me, nil
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	got, err := b.api.GetMe(ctx)
	if err != nil {
		return models.User{}, b.clean("getMe", err)
	}
	b.mu.Lock()
	b.me = *got
	b.mu.Unlock()
	if !got.CanReadAllGroupMessages {
		b.cfg.Log.WarnContext(ctx, "the bot does not see ordinary messages in groups; should it, tell @BotFather /setprivacy, Disable, and add it to the groups again", "bot", b.cfg.Name)
	}
	return *got, nil
}

// Edit changes a message that we sent: its words, or its caption, and its
// buttons.
func (b *Bot) Edit(ctx context.Context, at bots.Address, id bots.MessageID, out bots.Outgoing) error {
	chat, message, err := ids(at.Chat, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if len(out.Files) > 0 {
		caption := split(out.Text, maxCaption)[0]
		_, err = b.api.EditMessageCaption(ctx, &bot.EditMessageCaptionParams{
			ChatID: chat, MessageID: message, Caption: caption.Plain, CaptionEntities: entities(caption), ReplyMarkup: keyboardOrNone(out.Buttons),
		})
		return unchangedIsFine(b.clean("editMessageCaption", err))
	}
	parts := split(out.Text, maxText)
	if len(parts) > 1 {
		return fmt.Errorf("%w: the new text is longer than one message", bots.ErrUnsupported)
	}
	_, err = b.api.EditMessageText(ctx, &bot.EditMessageTextParams{
		ChatID: chat, MessageID: message, Text: parts[0].Plain, Entities: entities(parts[0]),
		LinkPreviewOptions: noPreview, ReplyMarkup: keyboardOrNone(out.Buttons),
	})
	return unchangedIsFine(b.clean("editMessageText", err))
}

// Delete retracts a message that we sent.
func (b *Bot) Delete(ctx context.Context, at bots.Address, id bots.MessageID) error {
	chat, message, err := ids(at.Chat, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = b.api.DeleteMessage(ctx, &bot.DeleteMessageParams{ChatID: chat, MessageID: message})
	return b.clean("deleteMessage", err)
}

// Acknowledge ends the loading state of a pressed button.
func (b *Bot) Acknowledge(ctx context.Context, pressID, notice string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := b.api.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{CallbackQueryID: pressID, Text: cutUnits(notice, maxNotice)})
	return b.clean("answerCallbackQuery", err)
}

// OpenFile fetches a file that a contact sent. Telegram gives bots files of up
// to 20 MB: https://core.telegram.org/bots/api#getfile. The address holds the
// token and never leaves this method.
func (b *Bot) OpenFile(ctx context.Context, id bots.FileID) (io.ReadCloser, error) {
	f, err := b.api.GetFile(ctx, &bot.GetFileParams{FileID: string(id)})
	if err != nil {
		return nil, b.clean("getFile", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.cfg.APIURL+"/file/bot"+b.cfg.Token+"/"+f.FilePath, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: the file has an odd path", bots.ErrRejected)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return nil, b.clean("download", err)
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("%w: the file is no longer there (status %d)", bots.ErrRejected, resp.StatusCode)
	}
	return resp.Body, nil
}

func ids(chat bots.ChatID, message bots.MessageID) (int64, int, error) {
	c, err := chatID(chat)
	if err != nil {
		return 0, 0, err
	}
	m, err := strconv.Atoi(string(message))
	if err != nil {
		return 0, 0, fmt.Errorf("%w: not a telegram message", bots.ErrRejected)
	}
	return c, m, nil
}

func chatID(chat bots.ChatID) (int64, error) {
	c, err := strconv.ParseInt(string(chat), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: not a telegram chat", bots.ErrRejected)
	}
	return c, nil
}
