package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
)

// Open shows a ticket as a new thread.
func (c *Console) Open(ctx context.Context, channel string, in inbox.Card) (inbox.ThreadRef, error) {
	blocks, text := c.drawCard(ctx, in)
	ref, err := c.send(ctx, channel, drawing{blocks: blocks, text: text})
	return inbox.ThreadRef(ref), err
}

// Update redraws a ticket's card.
func (c *Console) Update(ctx context.Context, at inbox.ThreadRef, in inbox.Card) error {
	blocks, text := c.drawCard(ctx, in)
	return c.redraw(ctx, inbox.PostRef(at), drawing{blocks: blocks, text: text})
}

// Post adds to a thread, files and words as one message. The reference is zero
// when Slack took files but did not show them in time.
func (c *Console) Post(ctx context.Context, at inbox.ThreadRef, p inbox.Post) (inbox.PostRef, error) {
	if len(p.Files) == 0 {
		return c.sendPost(ctx, at, p)
	}
	files, refused, err := c.uploadAll(ctx, p.Files)
	if err != nil {
		return inbox.PostRef{}, err
	}
	p.Missing = append(slices.Clone(p.Missing), refused...)
	if len(files) == 0 {
		return c.sendPost(ctx, at, p)
	}
	ref, err := c.share(ctx, at, c.drawPost(ctx, p, false), files, p.Key)
	if errors.Is(err, bots.ErrRejected) {
		c.cfg.Log.ErrorContext(ctx, "slack refused a post's files; the words go without them", "err", err)
		for _, f := range files {
			p.Missing = append(p.Missing, c.words.say(c.cfg.StaffLang, "file_refused", vars{"Name": f.Title}))
		}
		return c.sendPost(ctx, at, p)
	}
	return ref, err
}

// sendPost posts words under their author's name, or with it in them where the
// app may not choose the name.
func (c *Console) sendPost(ctx context.Context, at inbox.ThreadRef, p inbox.Post) (inbox.PostRef, error) {
	ref, err := c.send(ctx, at.Channel, c.drawPost(ctx, p, true), slack.MsgOptionTS(at.TS))
	if errors.Is(err, errNoCustomize) {
		return c.send(ctx, at.Channel, c.drawPost(ctx, p, false), slack.MsgOptionTS(at.TS))
	}
	return ref, err
}

// Revise redraws a post. It says in words whose they are, for a post with files
// stands under the app's name.
func (c *Console) Revise(ctx context.Context, at inbox.PostRef, p inbox.Post) error {
	return c.redraw(ctx, at, c.drawPost(ctx, p, false))
}

// drawing is a message ready for Slack.
type drawing struct {
	blocks   []slack.Block
	text     string // for notifications; escaped
	username string // of a customer; "" for the app's own
}

// send posts. Should Slack refuse the blocks, the words go without them: plain
// words before people are better than none.
func (c *Console) send(ctx context.Context, channel string, d drawing, more ...slack.MsgOption) (inbox.PostRef, error) {
	ref, err := c.postMessage(ctx, channel, d, more)
	if errors.Is(err, bots.ErrRejected) && len(d.blocks) > 0 {
		c.cfg.Log.ErrorContext(ctx, "slack refused a post's blocks; the words go without them", "err", err)
		d.blocks = nil
		ref, err = c.postMessage(ctx, channel, d, more)
	}
	return ref, err
}

// errNoCustomize: the app may not show customers' names over their words.
var errNoCustomize = errors.New("the app lacks chat:write.customize")

func (c *Console) postMessage(ctx context.Context, channel string, d drawing, more []slack.MsgOption) (inbox.PostRef, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	options := append(d.options(), more...)
	options = append(options, slack.MsgOptionDisableMarkdown()) // for words without blocks
	if d.username != "" {
		options = append(options, slack.MsgOptionUsername(d.username), slack.MsgOptionIconEmoji(":bust_in_silhouette:"))
	}
	at, ts, err := c.api.PostMessageContext(ctx, channel, options...)
	var answer slack.SlackErrorResponse
	if d.username != "" && errors.As(err, &answer) && answer.Err == "missing_scope" && strings.Contains(answer.Needed, "customize") {
		return inbox.PostRef{}, errNoCustomize
	}
	if err != nil {
		return inbox.PostRef{}, explain("chat.postMessage", err)
	}
	return inbox.PostRef{Channel: at, TS: ts}, nil
}

func (d drawing) options() []slack.MsgOption {
	o := []slack.MsgOption{
		slack.MsgOptionText(d.text, false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionParse(false),
	}
	if len(d.blocks) > 0 {
		o = append(o, slack.MsgOptionBlocks(d.blocks...))
	}
	return o
}

func (c *Console) redraw(ctx context.Context, at inbox.PostRef, d drawing) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, _, _, err := c.api.UpdateMessageContext(ctx, at.Channel, at.TS, d.options()...)
	return explain("chat.update", err)
}

// drawPost draws what is added to a thread. named: Slack shows the customer's
// name over the words; else they begin with it.
func (c *Console) drawPost(ctx context.Context, p inbox.Post, named bool) drawing {
	lang := c.cfg.StaffLang
	say := func(id string, data ...vars) string { return c.words.say(lang, id, data...) }
	var es []slack.RichTextElement
	d := drawing{text: fallback(p.Text.Plain)}
	switch p.Kind {
	case inbox.PostContact:
		who := c.customerName(ctx, lang, p.Author)
		if p.Platform != "" {
			who += " · " + p.Platform
		}
		if named {
			d.username = who
		} else {
			es = append(es, label(say("customer", vars{"Name": who})+"\n"))
		}
		es = append(es, contactWords(p, say)...)
		if d.text == "" {
			d.text = escape.Replace(who)
		}
	case inbox.PostBot:
		es = append(es, label(say("bot_said")), quote(formatted(p.Text)))
		es = append(es, under(p, say)...)
	case inbox.PostAgent:
		by := say("agent_said_unnamed")
		if p.Author != "" {
			by = say("agent_said", vars{"Name": p.Author})
		}
		es = append(es, label(by), quote(formatted(p.Text)))
		es = append(es, under(p, say)...)
	default:
		es = append(es, section(formatted(p.Text)))
	}
	for _, m := range p.Missing[:min(len(p.Missing), maxFiles)] {
		es = append(es, section(typed(cut(m, maxQuoted))))
	}
	if len(es) == 0 {
		es = append(es, section(typed("")))
	}
	d.blocks = []slack.Block{slack.NewRichTextBlock(blockID(p.Key), es...)}
	if isWebLink(p.Link) {
		link := slack.NewTextBlockObject(slack.MarkdownType, "<"+escape.Replace(p.Link)+"|"+escape.Replace(say("open_chat"))+">", false, false)
		d.blocks = append(d.blocks, slack.NewContextBlock("", link))
	}
	return d
}

// under shows what the customer gets with our words: choices, files and links.
func under(p inbox.Post, say func(string, ...vars) string) []slack.RichTextElement {
	var lines []line
	for _, c := range p.Choices[:min(len(p.Choices), maxListed)] {
		lines = append(lines, line{span("▫️ " + cut(cleanLine(c), maxHeader))})
	}
	for _, name := range p.Attached[:min(len(p.Attached), maxListed)] {
		lines = append(lines, line{span(say("file_name", vars{"Name": cut(cleanLine(name), maxHeader)}))})
	}
	return list(append(lines, linkLines(p.Links)...))
}

// contactWords shows what a customer says, and what it was before.
func contactWords(p inbox.Post, say func(string, ...vars) string) []slack.RichTextElement {
	switch {
	case p.Deleted:
		return []slack.RichTextElement{label(say("deleted")), quote(struck(p.Text.Plain))}
	case p.Edited && p.Before.Plain != "" && p.Before.Plain != p.Text.Plain:
		return []slack.RichTextElement{
			section(typed(cut(p.Text.Plain, maxVersion))), label("\n" + say("edited")), quote(struck(cut(p.Before.Plain, maxVersion))),
		}
	case visible(p.Text.Plain):
		return []slack.RichTextElement{section(typed(p.Text.Plain))}
	case p.Text.Plain != "":
		return []slack.RichTextElement{section(typed(say("no_words")))}
	}
	return nil
}

// The reactions that tell an agent how far a message has come.
const (
	markWaiting = "hourglass_flowing_sand"
	markSent    = "white_check_mark"
	markFailed  = "warning"
)

// Mark leaves one of the three reactions on an agent's message.
func (c *Console) Mark(ctx context.Context, at inbox.PostRef, d inbox.Delivery) error {
	shown := map[inbox.Delivery]string{inbox.Waiting: markWaiting, inbox.Sent: markSent, inbox.Failed: markFailed}[d]
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	item := slack.NewRefToMessage(at.Channel, at.TS)
	if shown != "" {
		if err := c.api.AddReactionContext(ctx, shown, item); err != nil && !isMarked(err) {
			return explain("reactions.add", err)
		}
	}
	if shown == markWaiting {
		return nil
	}
	if err := c.api.RemoveReactionContext(ctx, markWaiting, item); err != nil && !isMarked(err) {
		return explain("reactions.remove", err)
	}
	return nil
}

// isMarked: there is nothing left to do, because it is done, or because the
// agent's message is gone or full.
func isMarked(err error) bool {
	switch codeOf(err) {
	case "already_reacted", "no_reaction", "message_not_found", "too_many_emoji", "too_many_reactions":
		return true
	}
	return false
}

const (
	findPage  = 200 // messages a page, https://docs.slack.dev/reference/methods/conversations.history
	findPages = 10
	// findSkew allows for clocks that differ.
	findSkew = time.Minute
)

// Find looks for a post by its key, which is a block's id. Without the
// permission to look, nothing is found: a post that comes twice is better than
// one that is lost.
func (c *Console) Find(ctx context.Context, channel string, at inbox.ThreadRef, key string, since time.Time) (inbox.PostRef, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	oldest := fmt.Sprintf("%d.000000", max(0, since.Add(-findSkew).Unix()))
	cursor := ""
	for range findPages {
		messages, next, err := c.page(ctx, channel, at.TS, oldest, cursor)
		switch codeOf(err) {
		case "missing_scope", "not_allowed_token_type", "thread_not_found", "method_not_supported_for_channel_type":
			c.cfg.Log.WarnContext(ctx, "a post could not be looked up, and may come twice", "err", explain("conversations.history", err))
			return inbox.PostRef{}, nil
		}
		if err != nil {
			return inbox.PostRef{}, explain("conversations.history", err)
		}
		for _, m := range messages {
			for _, b := range m.Blocks.BlockSet {
				if b.ID() == blockID(key) {
					return inbox.PostRef{Channel: channel, TS: m.Timestamp}, nil
				}
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	return inbox.PostRef{}, nil
}

// page reads a page of a channel, or of a thread where one is given.
func (c *Console) page(ctx context.Context, channel, thread, oldest, cursor string) ([]slack.Message, string, error) {
	if thread != "" {
		messages, _, next, err := c.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Oldest: oldest, Cursor: cursor, Limit: findPage,
		})
		return messages, next, err
	}
	h, err := c.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Oldest: oldest, Cursor: cursor, Limit: findPage,
	})
	if err != nil {
		return nil, "", err
	}
	return h.Messages, h.ResponseMetaData.NextCursor, nil
}
