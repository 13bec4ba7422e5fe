package telegramtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Limits of the Bot API: https://core.telegram.org/bots/api#sendmessage,
// #sendphoto, #inlinekeyboardbutton and #sendmediagroup.
const (
	maxText    = 4096 // UTF-16 units
	maxCaption = 1024
	maxData    = 64 // bytes
	maxPhoto   = 10 << 20
	maxAlbum   = 10
)

// target finds where a call sends to, or says why it cannot.
func (s *Server) target(c *call) (*chat, *apiError) {
	to, ok := s.chats[c.int("chat_id")]
	switch {
	case !ok:
		return nil, badRequest("chat not found")
	case to.migratedTo != 0:
		return nil, &apiError{code: http.StatusBadRequest, what: "Bad Request: group chat was upgraded to a supergroup chat", migrateTo: to.migratedTo}
	case to.blocked:
		return nil, &apiError{code: http.StatusForbidden, what: "Forbidden: bot was blocked by the user"}
	}
	return to, nil
}

// draft reads what all sends share: the text and its marks, the buttons, the
// topic and the message replied to.
func (s *Server) draft(c *call, to *chat, textField string, limit int) (*record, *apiError) {
	r := &record{Message: Message{Chat: to.id, From: s.bot(), Date: s.cfg.Now(), Topic: int(c.int("message_thread_id"))}}
	if r.Topic != 0 && (to.group == nil || !to.group.Forum) {
		return nil, badRequest("message thread not found")
	}
	if r.Topic != 0 && len(to.group.Topics) > 0 && to.group.Topics[r.Topic] == "" {
		return nil, badRequest("message thread not found")
	}
	if bad := s.readText(c, r, textField, limit); bad != nil {
		return nil, bad
	}
	if bad := readButtons(c, r); bad != nil {
		return nil, bad
	}
	return r, s.readReply(c, to, r)
}

func (s *Server) readText(c *call, r *record, field string, limit int) *apiError {
	text := c.params[field]
	var es []entity
	marks := "entities"
	if field == "caption" {
		marks = "caption_entities"
	}
	switch mode := strings.ToLower(c.params["parse_mode"]); mode {
	case "":
		if bad := c.decode(marks, &es); bad != nil {
			return bad
		}
	case "html":
		var bad *apiError
		if text, es, bad = parseHTML(text); bad != nil {
			return bad
		}
	default:
		return badRequest("this fake reads only parse_mode HTML, not " + mode)
	}
	if units(text) > limit {
		if field == "caption" {
			return badRequest("message caption is too long")
		}
		return badRequest("message is too long")
	}
	if bad := checkEntities(text, es); bad != nil {
		return bad
	}
	r.Text, r.entities = text, append(es, plainMarks(text, es)...)
	return nil
}

// plainMarks adds what Telegram itself finds where the sender marked nothing.
func plainMarks(text string, es []entity) []entity {
	var out []entity
	for _, d := range detect(text) {
		free := true
		for _, e := range es {
			if d.Offset < e.Offset+e.Length && e.Offset < d.Offset+d.Length {
				free = false
			}
		}
		if free {
			out = append(out, d)
		}
	}
	return out
}

// opens says whether the Bot API takes an address for a button:
// https://core.telegram.org/bots/api#inlinekeyboardbutton
func opens(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "tg" || (u.Scheme == "https" || u.Scheme == "http") && strings.Contains(u.Hostname(), "."))
}

func readButtons(c *call, r *record) *apiError {
	var markup struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
			URL  string `json:"url"`
		} `json:"inline_keyboard"`
	}
	if bad := c.decode("reply_markup", &markup); bad != nil {
		return bad
	}
	r.Buttons = nil
	for _, row := range markup.Rows {
		var out []Button
		for _, b := range row {
			switch {
			case b.Text == "":
				return badRequest("inline keyboard button text is empty")
			case len(b.Data) > maxData:
				return badRequest("BUTTON_DATA_INVALID")
			case b.Data == "" && b.URL == "":
				return badRequest("inline keyboard button has no action")
			case b.URL != "" && !opens(b.URL):
				return badRequest("BUTTON_URL_INVALID")
			}
			out = append(out, Button{Text: b.Text, Data: b.Data, URL: b.URL})
		}
		if len(out) > 0 {
			r.Buttons = append(r.Buttons, out)
		}
	}
	return nil
}

func (s *Server) readReply(c *call, to *chat, r *record) *apiError {
	var reply struct {
		ID      int  `json:"message_id"`
		Without bool `json:"allow_sending_without_reply"`
	}
	if bad := c.decode("reply_parameters", &reply); bad != nil {
		return bad
	}
	if reply.ID == 0 {
		return nil
	}
	if m := to.find(reply.ID); m == nil || m.Deleted {
		if reply.Without {
			return nil
		}
		return badRequest("message to be replied not found")
	}
	r.ReplyTo = reply.ID
	return nil
}

func (s *Server) sendMessage(c *call) (any, *apiError) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	r, bad := s.draft(c, to, "text", maxText)
	if bad != nil {
		return nil, bad
	}
	if strings.TrimSpace(r.Text) == "" {
		return nil, badRequest("message text is empty")
	}
	if bad := s.paced(to, 1); bad != nil {
		return nil, bad
	}
	s.add(to, r)
	return s.wire(to, r, true), nil
}

// sendFile makes the method for one kind of file: an upload, or the id of one.
func sendFile(kind string) func(*Server, *call) (any, *apiError) {
	return func(s *Server, c *call) (any, *apiError) {
		to, bad := s.target(c)
		if bad != nil {
			return nil, bad
		}
		r, bad := s.draft(c, to, "caption", maxCaption)
		if bad != nil {
			return nil, bad
		}
		k, bad := s.upload(c, kind, c.params[kind], kind)
		if bad != nil {
			return nil, bad
		}
		if bad := s.paced(to, 1); bad != nil {
			return nil, bad
		}
		r.files, r.Files = []*storedFile{k}, []File{k.File}
		s.add(to, r)
		return s.wire(to, r, true), nil
	}
}

func (s *Server) upload(c *call, field, value, kind string) (*storedFile, *apiError) {
	if part, ok := strings.CutPrefix(value, "attach://"); ok {
		field = part
	}
	if f, ok := c.files[field]; ok {
		if f.Size == 0 {
			return nil, badRequest("file must be non-empty")
		}
		if kind == "photo" && f.Size > maxPhoto {
			return nil, badRequest("file of size " + strconv.FormatInt(f.Size, 10) + " bytes is too big for a photo; the maximum size is 10485760 bytes")
		}
		f.Kind = kind
		k, err := s.keep(f)
		if err != nil {
			return nil, badRequest(err.Error())
		}
		return k, nil
	}
	if k, ok := s.files[value]; ok {
		return k, nil
	}
	if value == "" {
		return nil, badRequest("there is no " + kind + " in the request")
	}
	return nil, badRequest("wrong file identifier/HTTP URL specified")
}

func (s *Server) sendMediaGroup(c *call) (any, *apiError) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	var items []struct {
		Type     string          `json:"type"`
		Media    string          `json:"media"`
		Caption  string          `json:"caption"`
		Entities json.RawMessage `json:"caption_entities"`
	}
	if bad := c.decode("media", &items); bad != nil {
		return nil, bad
	}
	if len(items) < 2 || len(items) > maxAlbum {
		return nil, badRequest("group of media must include 2-10 items")
	}
	album := strconv.FormatInt(20_000_000+s.nextNumber(), 10)
	var made []*record
	papers, tunes := 0, 0
	for _, it := range items {
		switch it.Type {
		case "photo", "video":
		case "document":
			papers++
		case "audio":
			tunes++
		default:
			return nil, badRequest("can't use media of the type " + it.Type + " in the album")
		}
		one := &call{params: map[string]string{
			"caption": it.Caption, "caption_entities": string(it.Entities),
			"message_thread_id": c.params["message_thread_id"], "reply_parameters": c.params["reply_parameters"],
		}}
		r, bad := s.draft(one, to, "caption", maxCaption)
		if bad != nil {
			return nil, bad
		}
		k, bad := s.upload(c, "", it.Media, it.Type)
		if bad != nil {
			return nil, bad
		}
		r.files, r.Files, r.album = []*storedFile{k}, []File{k.File}, album
		made = append(made, r)
	}
	if papers != 0 && papers != len(items) || tunes != 0 && tunes != len(items) {
		return nil, badRequest("documents and audio can't be mixed with other media types in the album")
	}
	if bad := s.paced(to, 1); bad != nil {
		return nil, bad
	}
	out := make([]obj, len(made))
	for i, r := range made {
		s.add(to, r)
		out[i] = s.wire(to, r, false)
	}
	return out, nil
}
