package telegram

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strconv"

	"github.com/go-telegram/bot/models"
)

// decode reads an update. Telegram grows faster than the library, which gives
// up a whole message for one part of a kind that it does not know (where it was
// forwarded from, say): then the message is read without that part.
func decode(raw []byte) (u models.Update, ok bool) {
	if json.Unmarshal(raw, &u) == nil {
		return u, true
	}
	var parts struct {
		Message       json.RawMessage `json:"message"`
		EditedMessage json.RawMessage `json:"edited_message"`
		CallbackQuery *struct {
			ID      string          `json:"id"`
			From    models.User     `json:"from"`
			Message json.RawMessage `json:"message"`
			Data    string          `json:"data"`
		} `json:"callback_query"`
	}
	if json.Unmarshal(raw, &parts) != nil {
		return models.Update{}, false
	}
	u = models.Update{Message: readable(parts.Message), EditedMessage: readable(parts.EditedMessage)}
	if q := parts.CallbackQuery; q != nil {
		u.CallbackQuery = &models.CallbackQuery{ID: q.ID, From: q.From, Data: q.Data}
		u.CallbackQuery.Message.Message = readable(q.Message)
	}
	return u, u.Message != nil || u.EditedMessage != nil || u.CallbackQuery != nil
}

// readable is a message with those of its fields that can be read; nil when it
// is no message.
func readable(raw json.RawMessage) *models.Message {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || len(fields) == 0 {
		return nil
	}
	m := readFields(fields)
	var answered map[string]json.RawMessage
	if m.ReplyToMessage == nil && json.Unmarshal(fields["reply_to_message"], &answered) == nil && len(answered) > 0 {
		m.ReplyToMessage = readFields(answered)
	}
	return m
}

func readFields(fields map[string]json.RawMessage) *models.Message {
	m := &models.Message{}
	for name, value := range fields {
		one, err := json.Marshal(map[string]json.RawMessage{name: value})
		if err == nil && json.Unmarshal(one, &models.Message{}) == nil {
			_ = json.Unmarshal(one, m) // it just did
		}
	}
	return m
}

// idFirst is how Telegram begins an update, readable or not.
var idFirst = regexp.MustCompile(`^\s*\{\s*"update_id"\s*:\s*(\d{1,18})\b`)

// idOf is the update's id, even of one that cannot be read; 0 when it has none.
func idOf(raw []byte) int64 {
	var head struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &head) == nil {
		return head.ID
	}
	if m := idFirst.FindSubmatch(raw); m != nil {
		id, _ := strconv.ParseInt(string(m[1]), 10, 64) // 18 digits fit
		return id
	}
	return 0
}

// updateID identifies an update that may have none.
func updateID(raw []byte, id int64) string {
	if id != 0 {
		return strconv.FormatInt(id, 10)
	}
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:16])
}
