package demo

import (
	"errors"
	"slices"
	"time"

	"github.com/poruch/poruch/bots/telegram/telegramtest"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// maxFault keeps a slip of a script from breaking the demo for good.
const maxFault = time.Hour

var faultKinds = []string{"rate_limit", "server_error", "timeout", "disconnect", "duplicate"}

type simFault struct {
	Target string   `json:"target"`
	Kind   string   `json:"kind"`
	ForMS  int64    `json:"for_ms"` // 0 ends this kind at once
	Rate   *float64 `json:"rate"`   // share of calls; absent: all
}

func (s *site) simFault(in simFault) (any, error) {
	rate := 1.0
	if in.Rate != nil {
		rate = *in.Rate
	}
	switch {
	case !slices.Contains(faultKinds, in.Kind):
		return nil, errors.New("kind is one of rate_limit, server_error, timeout, disconnect, duplicate")
	case in.ForMS < 0 || in.ForMS > maxFault.Milliseconds():
		return nil, errors.New("for_ms is from 0 to 3600000")
	case rate <= 0 || rate > 1:
		return nil, errors.New("rate is above 0 and at most 1")
	}
	spell := time.Duration(in.ForMS) * time.Millisecond
	switch in.Target {
	case "telegram":
		s.cfg.Telegram.Fault(telegramtest.Fault{Kind: in.Kind, For: spell, Rate: rate})
	case "slack":
		s.cfg.Slack.Fault(slacktest.Fault{Kind: in.Kind, For: spell, Rate: rate})
	default:
		return nil, errors.New("target is telegram or slack")
	}
	return done, nil
}
