package knowledge

// The limits of an entry, texts in characters. An answer fits into one message
// of Telegram, 4096 characters (https://core.telegram.org/bots/api#sendmessage).
// A label fits on a button: Telegram names no limit, Slack takes 75
// (https://docs.slack.dev/reference/block-kit/block-elements/button-element),
// and a phone shows fewer. Files go out as one album, of at most 10
// (https://core.telegram.org/bots/api#sendmediagroup). The others are far above
// what people write by hand.
const (
	MaxID        = 100
	MaxTitle     = 300
	MaxPhrasing  = 1000
	MaxPhrasings = 1000
	MaxAnswer    = 4000
	MaxTag       = 60
	MaxTags      = 50
	MaxLabel     = 64
	MaxURL       = 2000
	MaxLinks     = 10
	MaxFileName  = 100
	MaxFileSize  = 10 << 20 // bytes
	MaxFiles     = 10
	MaxCommunity = 100 // an id in Audience
	MaxAudience  = 1000
)
