package telegram

import (
	"context"
	"fmt"
	"net/http"
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
	b := &Bot{cfg: cfg, client: &http.Client{Transport: statusTransport{cfg.Transport}, CheckRedirect: goNowhere}}
	api, err := bot.New(cfg.Token, bot.WithSkipGetMe(), bot.WithServerURL(cfg.APIURL),
		bot.WithHTTPClient(cfg.PollTimeout, b.client), bot.WithErrorsHandler(func(error) {}))
	if err != nil {
		return nil, fmt.Errorf("prepare telegram: %w", b.clean("New", err))
	}
	b.api = api
	return b, nil
}

// goNowhere: every address holds the token, which a redirect would pass on.
func goNowhere(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

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
