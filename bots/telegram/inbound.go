package telegram

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"github.com/poruch/poruch/bots"
)

// convert turns one raw update into a message: a pure function of the update
// and of who we are. why is not empty when there is nothing to handle.
func convert(raw []byte, name string, me models.User) (m bots.Message, id int64, why string) {
	id = idOf(raw)
	u, ok := decode(raw)
	if !ok {
		return bots.Message{}, id, "the update could not be read"
	}
	c := converter{name: name, me: me}
	switch {
	case u.Message != nil:
		m, why = c.message(u.Message, bots.New)
	case u.EditedMessage != nil:
		m, why = c.message(u.EditedMessage, bots.Edited)
	case u.CallbackQuery != nil:
		m, why = c.press(u.CallbackQuery)
	case u.MyChatMember != nil:
		m, why = c.membership(u.MyChatMember)
	default:
		why = "an update of a kind that is not handled"
	}
	m.UpdateID, m.Raw = updateID(raw, id), raw
	return m, id, why
}

type converter struct {
	name string
	me   models.User
}

func (c converter) message(tg *models.Message, kind bots.Kind) (bots.Message, string) {
	if tg.ID == 0 || tg.Chat.ID == 0 {
		return bots.Message{}, "a message without an id"
	}
	if tg.MigrateToChatID != 0 {
		return bots.Message{
			Kind: bots.Migrated, From: bots.Address{Bot: c.name, Chat: chatOf(tg.Chat.ID)}, MovedTo: chatOf(tg.MigrateToChatID),
			SentAt: timeOf(tg.Date),
		}, ""
	}
	text := textOf(tg)
	files, spoken := contentOf(tg)
	if spoken != "" {
		text = joined(text, spoken)
	}
	if text.Plain == "" && len(files) == 0 && isService(tg) {
		return bots.Message{}, "a service message"
	}
	m := bots.Message{
		Kind: kind, ID: messageOf(tg.ID), From: c.address(tg), Chat: c.chat(tg), Author: authorOf(tg),
		Text: text, Files: files, Album: clean(tg.MediaGroupID), SentAt: timeOf(tg.Date),
		Command: c.command(tg),
	}
	if r := tg.ReplyToMessage; r != nil && !(tg.IsTopicMessage && r.ID == tg.MessageThreadID) {
		m.ReplyTo = messageOf(r.ID)
	}
	m.Addressed = m.Chat.Private || m.Command != "" || c.addressed(tg)
	return m, ""
}

func (c converter) address(tg *models.Message) bots.Address {
	at := bots.Address{Bot: c.name, Chat: chatOf(tg.Chat.ID)}
	if tg.IsTopicMessage {
		at.Topic = strconv.Itoa(tg.MessageThreadID)
	}
	return at
}

func (c converter) chat(tg *models.Message) bots.Chat {
	chat := bots.Chat{Private: tg.Chat.Type == models.ChatTypePrivate}
	if chat.Private {
		return chat
	}
	chat.Title = clean(tg.Chat.Title)
	const marker = "-100" // prefixes the ids of supergroups and channels
	id := strconv.FormatInt(tg.Chat.ID, 10)
	switch {
	case tg.Chat.Username != "":
		chat.Link = "https://t.me/" + clean(tg.Chat.Username) + "/" + strconv.Itoa(tg.ID)
	case strings.HasPrefix(id, marker):
		chat.Link = "https://t.me/c/" + strings.TrimPrefix(id, marker) + "/" + strconv.Itoa(tg.ID)
	}
	return chat
}

// addressed: the bot is mentioned, or one of its messages is answered.
func (c converter) addressed(tg *models.Message) bool {
	if r := tg.ReplyToMessage; r != nil && r.From != nil && r.From.ID == c.me.ID && c.me.ID != 0 {
		return true
	}
	text, es := wordsOf(tg)
	for _, e := range es {
		switch e.Type {
		case models.MessageEntityTypeMention:
			if c.me.Username != "" && strings.EqualFold(unitsOf(text, e.Offset, e.Length), "@"+c.me.Username) {
				return true
			}
		case models.MessageEntityTypeTextMention:
			if e.User != nil && e.User.ID == c.me.ID && c.me.ID != 0 {
				return true
			}
		}
	}
	return false
}

// command is the bot command that a message begins with; one that names
// another bot is not ours.
func (c converter) command(tg *models.Message) string {
	text, es := wordsOf(tg)
	if len(es) == 0 || es[0].Type != models.MessageEntityTypeBotCommand || es[0].Offset != 0 {
		return ""
	}
	word := strings.TrimPrefix(unitsOf(text, 0, es[0].Length), "/")
	command, to, named := strings.Cut(word, "@")
	if named && !strings.EqualFold(to, c.me.Username) {
		return ""
	}
	return strings.ToLower(clean(command))
}

// press tells of a button. Under an old message Telegram tells no more than
// where it is, which is enough.
func (c converter) press(q *models.CallbackQuery) (bots.Message, string) {
	tg := q.Message.Message
	if old := q.Message.InaccessibleMessage; tg == nil && old != nil {
		tg = &models.Message{ID: old.MessageID, Chat: old.Chat}
	}
	if tg == nil || tg.ID == 0 || tg.Chat.ID == 0 {
		return bots.Message{}, "a button under no message of ours"
	}
	return bots.Message{
		Kind: bots.Pressed, From: c.address(tg), Chat: c.chat(tg), Author: personOf(&q.From),
		ReplyTo: messageOf(tg.ID), Button: clean(q.Data), PressID: clean(q.ID), Addressed: true, SentAt: timeOf(tg.Date),
	}, ""
}

func (c converter) membership(u *models.ChatMemberUpdated) (bots.Message, string) {
	if u.Chat.ID == 0 {
		return bots.Message{}, "a membership without a chat"
	}
	m := bots.Message{
		Kind: bots.Returned, From: bots.Address{Bot: c.name, Chat: chatOf(u.Chat.ID)}, Author: personOf(&u.From),
		Chat:   bots.Chat{Private: u.Chat.Type == models.ChatTypePrivate, Title: clean(u.Chat.Title)},
		SentAt: timeOf(u.Date),
	}
	if t := u.NewChatMember.Type; t == models.ChatMemberTypeBanned || t == models.ChatMemberTypeLeft {
		m.Kind = bots.Blocked
	}
	return m, ""
}

// authorOf is who speaks. Channels, anonymous admins and automatic forwards are
// nobody's customers.
func authorOf(tg *models.Message) bots.Author {
	if tg.SenderChat != nil || tg.IsAutomaticForward || tg.From == nil {
		a := bots.Author{Bot: true, ID: "chat"}
		if tg.SenderChat != nil {
			a.ID, a.Name = bots.UserID(strconv.FormatInt(tg.SenderChat.ID, 10)), clean(tg.SenderChat.Title)
		}
		return a
	}
	return personOf(tg.From)
}

func personOf(u *models.User) bots.Author {
	name := strings.TrimSpace(clean(u.FirstName) + " " + clean(u.LastName))
	if name == "" {
		name = clean(u.Username)
	}
	return bots.Author{
		ID: bots.UserID(strconv.FormatInt(u.ID, 10)), Name: name, Username: clean(u.Username),
		Language: clean(u.LanguageCode), Bot: u.IsBot,
	}
}

func chatOf(id int64) bots.ChatID     { return bots.ChatID(strconv.FormatInt(id, 10)) }
func messageOf(id int) bots.MessageID { return bots.MessageID(strconv.Itoa(id)) }

// timeOf is a time that every store takes; Telegram's are 32-bit seconds.
func timeOf(date int) time.Time {
	return time.Unix(min(max(int64(date), 0), math.MaxUint32), 0).UTC()
}

// clean makes a string one that every store takes: valid UTF-8 without NUL.
func clean(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}
