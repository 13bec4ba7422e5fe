package demo

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/poruch/poruch/bots/telegram/telegramtest"
)

type simFile struct {
	Kind string `json:"kind,omitempty"` // of Telegram: photo, document, voice, video, audio, sticker
	Name string `json:"name,omitempty"`
	MIME string `json:"mime,omitempty"`
	Size int64  `json:"size,omitempty"`
	Data []byte `json:"data,omitempty"` // base64; not shown in lists
}

type simSay struct {
	Chat    int64             `json:"chat"`
	From    telegramtest.User `json:"from"`
	Text    string            `json:"text"`
	ReplyTo int               `json:"reply_to"`
	Topic   int               `json:"topic"`
	Files   []simFile         `json:"files"`
	Album   bool              `json:"album"`
}

func (s *site) simSay(in simSay) (any, error) {
	if err := need("chat", in.Chat, "from.id", in.From.ID, "from.name", in.From.Name); err != nil {
		return nil, err
	}
	if in.From.IsBot {
		return nil, errors.New("bots do not see other bots' messages; from must be a person")
	}
	say := telegramtest.Say{Chat: in.Chat, From: in.From, Text: in.Text, ReplyTo: in.ReplyTo, Topic: in.Topic, Album: in.Album}
	for _, f := range in.Files {
		say.Files = append(say.Files, telegramtest.File{Kind: f.Kind, Name: f.Name, MIME: f.MIME, Size: f.Size, Data: f.Data})
	}
	id, err := s.cfg.Telegram.Say(say)
	if err != nil {
		return nil, err
	}
	return map[string]int{"message_id": id}, nil
}

type simEdit struct {
	Chat    int64  `json:"chat"`
	Message int    `json:"message_id"`
	Text    string `json:"text"`
}

func (s *site) simEdit(in simEdit) (any, error) {
	if err := need("chat", in.Chat, "message_id", in.Message); err != nil {
		return nil, err
	}
	return done, s.cfg.Telegram.Edit(in.Chat, in.Message, in.Text)
}

type simPress struct {
	Chat    int64             `json:"chat"`
	Message int               `json:"message_id"`
	Data    string            `json:"data"`
	From    telegramtest.User `json:"from"`
}

func (s *site) simPress(in simPress) (any, error) {
	if err := need("chat", in.Chat, "message_id", in.Message, "data", in.Data, "from.id", in.From.ID); err != nil {
		return nil, err
	}
	return done, s.cfg.Telegram.Press(in.Chat, in.Message, in.Data, in.From)
}

type simBlock struct {
	User    int64 `json:"user"`
	Blocked bool  `json:"blocked"`
}

func (s *site) simBlock(in simBlock) (any, error) {
	if err := need("user", in.User); err != nil {
		return nil, err
	}
	if in.User < 0 {
		return nil, errors.New("only a person can block the bot")
	}
	s.cfg.Telegram.Block(in.User, in.Blocked)
	return done, nil
}

type simMigrate struct {
	Chat int64 `json:"chat"`
}

func (s *site) simMigrate(in simMigrate) (any, error) {
	now := s.cfg.Telegram.Migrate(in.Chat)
	if now == 0 {
		return nil, fmt.Errorf("%d is not a basic group", in.Chat)
	}
	return map[string]int64{"chat": now}, nil
}

// telegramMessage is a message as the control API shows it.
type telegramMessage struct {
	ID      int                     `json:"message_id"`
	From    telegramtest.User       `json:"from"`
	Text    string                  `json:"text"`
	HTML    string                  `json:"html"`
	Buttons [][]telegramtest.Button `json:"buttons"`
	ReplyTo int                     `json:"reply_to"`
	Topic   int                     `json:"topic"`
	Files   []simFile               `json:"files"`
	Date    time.Time               `json:"date"`
	Edited  bool                    `json:"edited"`
	Deleted bool                    `json:"deleted"`
}

func (s *site) simChat(w http.ResponseWriter, r *http.Request) {
	chat, err := strconv.ParseInt(r.PathValue("chat"), 10, 64)
	if err != nil {
		refuse(w, http.StatusBadRequest, errors.New("the chat is a number"))
		return
	}
	out := []telegramMessage{}
	for _, m := range s.cfg.Telegram.Messages(chat) {
		shown := telegramMessage{
			ID: m.ID, From: m.From, Text: m.Text, HTML: m.HTML, Buttons: m.Buttons, ReplyTo: m.ReplyTo, Topic: m.Topic,
			Files: []simFile{}, Date: m.Date, Edited: m.Edited, Deleted: m.Deleted,
		}
		if shown.Buttons == nil {
			shown.Buttons = [][]telegramtest.Button{}
		}
		for _, f := range m.Files {
			shown.Files = append(shown.Files, simFile{Kind: f.Kind, Name: f.Name, MIME: f.MIME, Size: f.Size})
		}
		out = append(out, shown)
	}
	reply(w, http.StatusOK, out)
}
