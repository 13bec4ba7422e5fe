package telegramtest

import (
	"encoding/json"
	"net/http"
)

// methods are the Bot API methods that the server knows, in lower case, but for
// getUpdates, which waits.
var methods = map[string]func(*Server, *call) (any, *apiError){
	"getme":                  (*Server).getMe,
	"getchat":                (*Server).getChat,
	"sendmessage":            (*Server).sendMessage,
	"sendphoto":              sendFile("photo"),
	"senddocument":           sendFile("document"),
	"sendvoice":              sendFile("voice"),
	"sendvideo":              sendFile("video"),
	"sendaudio":              sendFile("audio"),
	"sendsticker":            sendFile("sticker"),
	"sendmediagroup":         (*Server).sendMediaGroup,
	"sendchataction":         (*Server).sendChatAction,
	"editmessagetext":        (*Server).editMessageText,
	"editmessagecaption":     (*Server).editMessageCaption,
	"editmessagereplymarkup": (*Server).editMessageReplyMarkup,
	"deletemessage":          (*Server).deleteMessage,
	"setmessagereaction":     (*Server).setMessageReaction,
	"answercallbackquery":    (*Server).answerCallbackQuery,
	"getfile":                (*Server).getFile,
	"setmycommands":          (*Server).setMyCommands,
	"getmycommands":          (*Server).getMyCommands,
	"setwebhook":             (*Server).setWebhook,
	"deletewebhook":          (*Server).deleteWebhook,
	"getwebhookinfo":         (*Server).getWebhookInfo,
}

func (s *Server) getMe(*call) (any, *apiError) {
	me := s.bot().wire()
	me["can_join_groups"] = true
	me["can_read_all_group_messages"] = !s.cfg.Privacy
	me["supports_inline_queries"] = false
	return me, nil
}

func (s *Server) getChat(c *call) (any, *apiError) {
	to, bad := s.target(c)
	if bad != nil && bad.code == http.StatusBadRequest {
		return nil, bad
	}
	if bad != nil { // a person who blocked the bot can still be looked up
		to = s.chats[c.int("chat_id")]
	}
	return to.wire(), nil
}

func (s *Server) sendChatAction(c *call) (any, *apiError) {
	if _, bad := s.target(c); bad != nil {
		return nil, bad
	}
	if c.params["action"] == "" {
		return nil, badRequest("wrong parameter action in request")
	}
	return true, nil
}

// own finds a message of the bot that it wants to change.
func (s *Server) own(c *call, do, done string) (*chat, *record, *apiError) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, nil, bad
	}
	r := to.find(int(c.int("message_id")))
	if r == nil || r.Deleted {
		return nil, nil, badRequest("message to " + do + " not found")
	}
	if r.From.ID != s.bot().ID {
		return nil, nil, badRequest("message can't be " + done)
	}
	return to, r, nil
}

func (s *Server) editMessageText(c *call) (any, *apiError) {
	return s.editText(c, "text", maxText)
}

func (s *Server) editMessageCaption(c *call) (any, *apiError) {
	return s.editText(c, "caption", maxCaption)
}

func (s *Server) editText(c *call, field string, limit int) (any, *apiError) {
	to, r, bad := s.own(c, "edit", "edited")
	if bad != nil {
		return nil, bad
	}
	if field == "text" && len(r.files) > 0 {
		return nil, badRequest("there is no text in the message to edit")
	}
	if field == "caption" && len(r.files) == 0 {
		return nil, badRequest("there is no caption in the message to edit")
	}
	edited := &record{}
	if bad := s.readText(c, edited, field, limit); bad != nil {
		return nil, bad
	}
	if field == "text" && edited.Text == "" {
		return nil, badRequest("message text is empty")
	}
	if bad := readButtons(c, edited); bad != nil {
		return nil, bad
	}
	if edited.Text == r.Text && same(edited.entities, r.entities) && same(edited.Buttons, r.Buttons) {
		return nil, errNotModified
	}
	r.Text, r.entities, r.Buttons = edited.Text, edited.entities, edited.Buttons
	return s.touched(to, r), nil
}

func (s *Server) editMessageReplyMarkup(c *call) (any, *apiError) {
	to, r, bad := s.own(c, "edit", "edited")
	if bad != nil {
		return nil, bad
	}
	edited := &record{}
	if bad := readButtons(c, edited); bad != nil {
		return nil, bad
	}
	if same(edited.Buttons, r.Buttons) {
		return nil, errNotModified
	}
	r.Buttons = edited.Buttons
	return s.touched(to, r), nil
}

var errNotModified = badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")

func (s *Server) touched(to *chat, r *record) obj {
	r.Edited, r.editedAt = true, s.cfg.Now()
	s.changed()
	return s.wire(to, r, true)
}

// same compares by wire form, in which nil and empty are alike.
func same[T any](a, b []T) bool {
	if len(a) == 0 && len(b) == 0 {
		return true
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func (s *Server) deleteMessage(c *call) (any, *apiError) {
	_, r, bad := s.own(c, "delete", "deleted")
	if bad != nil {
		return nil, bad
	}
	r.Deleted = true
	s.changed()
	return true, nil
}

func (s *Server) setMessageReaction(c *call) (any, *apiError) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	r := to.find(int(c.int("message_id")))
	if r == nil || r.Deleted {
		return nil, badRequest("message to react not found")
	}
	var reactions []struct {
		Emoji string `json:"emoji"`
	}
	if bad := c.decode("reaction", &reactions); bad != nil {
		return nil, bad
	}
	r.reaction = ""
	if len(reactions) > 0 {
		r.reaction = reactions[0].Emoji
	}
	s.changed()
	return true, nil
}

func (s *Server) answerCallbackQuery(c *call) (any, *apiError) {
	p, ok := s.presses[c.params["callback_query_id"]]
	if !ok || p.answered {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	p.answered, p.notice = true, c.params["text"]
	s.changed()
	return true, nil
}

func (s *Server) setMyCommands(c *call) (any, *apiError) {
	var list []struct {
		Command     string `json:"command"`
		Description string `json:"description"`
	}
	if bad := c.decode("commands", &list); bad != nil {
		return nil, bad
	}
	s.commands = json.RawMessage(c.params["commands"])
	return true, nil
}

func (s *Server) getMyCommands(*call) (any, *apiError) {
	if len(s.commands) == 0 {
		return []any{}, nil
	}
	return s.commands, nil
}
