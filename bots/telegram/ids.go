package telegram

import (
	"fmt"
	"strconv"

	"github.com/poruch/poruch/bots"
)

func ids(chat bots.ChatID, message bots.MessageID) (int64, int, error) {
	c, err := chatID(chat)
	if err != nil {
		return 0, 0, err
	}
	m, err := strconv.Atoi(string(message))
	if err != nil {
		return 0, 0, fmt.Errorf("%w: not a telegram message", bots.ErrRejected)
	}
	return c, m, nil
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
