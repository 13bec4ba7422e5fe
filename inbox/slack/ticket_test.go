package slack_test

import (
	"context"
	"io"
	"strings"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// card is a ticket as the desk shows it.
func card() inbox.Card {
	return inbox.Card{
		Key: "ticket-7", Platform: "Telegram", Community: "Ранкова кава", Link: "https://t.me/c/1/2", Lang: knowledge.English,
		Ticket: inbox.Ticket{
			ID: 7, State: inbox.StateOpen, Lang: knowledge.Ukrainian,
			Decision: knowledge.Decision{
				Reason: knowledge.Unsure, Threshold: 0.9,
				Candidates: []knowledge.Candidate{{EntryID: "delivery", Title: "Доставка", Confidence: 0.61}},
			},
		},
		Contact:  inbox.Contact{Name: "Оксана"},
		Question: inbox.Message{Text: bots.Plain("Коли приїде моя кава?")},
		History: []inbox.Message{
			{Direction: inbox.FromContact, Text: bots.Plain("Добрий день")},
			{Direction: inbox.FromBot, Text: bots.Plain("Вітаю!")},
			{Direction: inbox.FromAgent, Author: "Олена", Text: bots.Plain("Зараз гляну")},
		},
		Suggestions: []inbox.Suggestion{
			{EntryID: "delivery", Title: "Доставка", Text: bots.Plain("1–2 дні"), Confidence: 0.61},
			{EntryID: "pickup", Title: "Самовивіз", Text: bots.Plain("Щодня до 20:00"), Confidence: 0.2},
		},
	}
}

// post is what a customer added.
func post(key, text string) inbox.Post {
	return inbox.Post{Key: key, Kind: inbox.PostContact, Author: "Оксана", Platform: "Telegram", Text: bots.Plain(text)}
}

// upload is a file on its way to staff.
func upload(name, data string) bots.Upload {
	return bots.Upload{Name: name, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(data)), nil
	}}
}
