package telegram

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/poruch/poruch/bots"
)

// between stands between the ids of a message that went out in several parts.
const between = "+"

func messagesOf(parts []int) bots.MessageID {
	names := make([]string, len(parts))
	for i, id := range parts {
		names[i] = strconv.Itoa(id)
	}
	return bots.MessageID(strings.Join(names, between))
}

// ids reads a chat and the parts of a message, at least one.
func ids(chat bots.ChatID, message bots.MessageID) (c int64, parts []int, err error) {
	if c, err = chatID(chat); err != nil {
		return 0, nil, err
	}
	for _, name := range strings.Split(string(message), between) {
		id, err := strconv.Atoi(name)
		if err != nil {
			return 0, nil, fmt.Errorf("%w: not a telegram message", bots.ErrRejected)
		}
		parts = append(parts, id)
	}
	return c, parts, nil
}

func chatID(chat bots.ChatID) (int64, error) {
	c, err := strconv.ParseInt(string(chat), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: not a telegram chat", bots.ErrRejected)
	}
	return c, nil
}

func topicID(topic string) (int, error) {
	if topic == "" {
		return 0, nil
	}
	id, err := strconv.Atoi(topic)
	if err != nil {
		return 0, fmt.Errorf("%w: not a telegram topic", bots.ErrRejected)
	}
	return id, nil
}
