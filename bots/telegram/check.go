package telegram

import (
	"context"
	"errors"
	"fmt"
)

// Check says in words what is wrong with the bot's set-up; nil: all is well.
func (b *Bot) Check(ctx context.Context) error {
	_, err := b.self(ctx)
	if errors.Is(err, errToken) {
		return errToken
	}
	if err != nil {
		return fmt.Errorf("%s does not answer: %w; check the network and PORUCH_TELEGRAM_API_URL", b.cfg.APIURL, err)
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	hook, err := b.api.GetWebhookInfo(ctx)
	if err != nil {
		return b.clean("getWebhookInfo", err)
	}
	if b.cfg.Mode == Webhook && hook.URL != "" && hook.URL != b.webhookAddress() {
		return errors.New("telegram calls another address for this bot: start `poruch serve` once to set ours, and stop the other program")
	}
	return nil
}
