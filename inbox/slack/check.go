package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// Scopes are what the bot token must allow; configs/slack-manifest.yaml asks
// for exactly these.
var Scopes = []string{
	"channels:history", "groups:history", // replies in threads, of public and private channels
	"channels:read", "groups:read", // whether the app is in the channel
	"chat:write", "chat:write.customize", // cards and posts, customers' names over their words
	"files:read", "files:write", // files of agents and customers
	"reactions:write", // how far a reply has come
	"users:read",      // agents' public names, and names that no customer may pass for
}

// Check says everything that keeps the console from working with a channel,
// each in a sentence that says what to do.
func (c *Console) Check(ctx context.Context, channel string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*callTimeout)
	defer cancel()
	who, err := c.api.AuthTestContext(ctx)
	if err != nil {
		return errors.Join(explain("auth.test", err), c.checkAppToken(ctx))
	}
	return errors.Join(checkScopes(who.Header.Get("X-Oauth-Scopes")), c.checkChannel(ctx, channel), c.checkAppToken(ctx))
}

func checkScopes(header string) error {
	var has, missing []string
	for _, s := range strings.Split(header, ",") {
		has = append(has, strings.TrimSpace(s))
	}
	for _, s := range Scopes {
		if !slices.Contains(has, s) {
			missing = append(missing, s)
		}
	}
	if header == "" || len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("the app lacks %s: update it from `poruch slack manifest`, and install it again", strings.Join(missing, ", "))
}

func (c *Console) checkChannel(ctx context.Context, channel string) error {
	if channel == "" {
		return errors.New("no channel: set PORUCH_SLACK_CHANNEL to the id at the foot of the channel's details (C…)")
	}
	info, err := c.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	if err != nil {
		return explain("conversations.info", err)
	}
	switch {
	case info.IsArchived:
		return errors.New("the channel is archived: unarchive it, or set another in PORUCH_SLACK_CHANNEL")
	case info.IsExtShared || info.IsPendingExtShared:
		return errors.New("the channel is shared with another company, which would read customers' words: set PORUCH_SLACK_CHANNEL to one that is yours alone")
	case !info.IsMember:
		return errors.New("the app is not in the channel: write /invite and the app's name there")
	}
	return nil
}

// checkAppToken asks for a Socket Mode address and does not use it.
func (c *Console) checkAppToken(ctx context.Context) error {
	_, _, err := c.api.StartSocketModeContext(ctx)
	if fatal := appTokenError(err); fatal != nil {
		return fatal
	}
	return explain("apps.connections.open", err)
}
