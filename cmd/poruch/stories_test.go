package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/poruch/poruch/bots/telegram/telegramtest"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

const (
	knownQuestion   = "Скільки триває доставка?"
	unknownQuestion = "Чи можна орендувати вашу кавʼярню для весілля на сорок гостей?"
)

// The FAQ answers: a known question gets the brand's answer with two buttons,
// and "helped" settles it without anybody in Slack.
func TestStoryTheFAQAnswers(t *testing.T) {
	w := newWorld(t)
	runApp(t, w)
	oksana := customer(910001, "Оксана")
	w.asks(t, oksana, knownQuestion)
	w.until(t, "the answer comes", func() bool { return len(w.fromBot(oksana.ID)) == 1 })
	answer := w.fromBot(oksana.ID)[0]
	if !strings.Contains(answer.Text, "1–3 дні") || len(answer.Buttons) != 2 {
		t.Fatalf("answered %q with buttons %v", answer.Text, answer.Buttons)
	}
	if err := w.Telegram.Press(oksana.ID, answer.ID, answer.Buttons[0][0].Data, oksana); err != nil {
		t.Fatal(err)
	}
	w.until(t, "the buttons go", func() bool { return len(w.fromBot(oksana.ID)[0].Buttons) == 0 })
	if ms := w.Slack.Messages(w.Inbox); len(ms) != 0 {
		t.Errorf("Slack has %d messages, want none", len(ms))
	}
}

// A person answers in the thread: an unknown question becomes a thread, the
// reply reaches the customer under the agent's name, the follow-up lands in the
// same thread, a note stays inside, and Resolve resolves.
func TestStoryAPersonAnswersInTheThread(t *testing.T) {
	w := newWorld(t)
	runApp(t, w)
	taras := customer(910002, "Тарас")
	w.asks(t, taras, unknownQuestion)
	w.until(t, "a thread with the question", func() bool { return len(w.heads(unknownQuestion)) == 1 })
	w.until(t, "the customer is told that people look", func() bool { return len(w.fromBot(taras.ID)) == 1 })
	head := w.heads(unknownQuestion)[0]
	agent := w.Slack.Users()[0]

	ts, err := w.Slack.Post(w.Inbox, head.TS, agent.ID, "Так, напишіть *дату* & кількість гостей.")
	if err != nil {
		t.Fatal(err)
	}
	w.until(t, "the reply reaches the customer", func() bool {
		ms := w.fromBot(taras.ID)
		return len(ms) == 2 && strings.Contains(ms[1].Text, "напишіть дату & кількість") && strings.HasPrefix(ms[1].Text, agent.RealName)
	})
	w.until(t, "the agent's message is marked as delivered", func() bool { return marked(w, ts, "white_check_mark") })

	if _, err := w.Slack.Post(w.Inbox, head.TS, agent.ID, "// він уже питав минулого року"); err != nil {
		t.Fatal(err)
	}
	w.asks(t, taras, knownQuestion) // people hold the matter: the bot stays silent even on what it knows
	w.until(t, "the follow-up is in the same thread", func() bool { return len(w.inThread(head, knownQuestion)) == 1 })
	if ms := w.fromBot(taras.ID); len(ms) != 2 {
		t.Fatalf("the customer has %d messages of the bot, want 2: %+v", len(ms), ms)
	}

	if err := w.Slack.Act(w.Inbox, head.TS, actionOf(t, head, "resolve"), agent.ID, ""); err != nil {
		t.Fatal(err)
	}
	w.until(t, "the card says that it is resolved", func() bool { return len(w.heads("· вирішено")) == 1 })
}

// "Ask a person" hands the matter off with the question and the bot's answer.
func TestStoryTheCustomerAsksForAPerson(t *testing.T) {
	w := newWorld(t)
	runApp(t, w)
	iryna := customer(910003, "Ірина")
	w.asks(t, iryna, knownQuestion)
	w.until(t, "the answer comes", func() bool { return len(w.fromBot(iryna.ID)) == 1 })
	answer := w.fromBot(iryna.ID)[0]
	if err := w.Telegram.Press(iryna.ID, answer.ID, answer.Buttons[1][0].Data, iryna); err != nil {
		t.Fatal(err)
	}
	w.until(t, "a thread with question and answer", func() bool {
		return len(w.heads(knownQuestion)) == 1 && len(w.heads("1–3 дні")) == 1
	})
}

// A customer who blocked the bot: the agent sees it on the message and in words.
func TestStoryAReplyThatCannotBeDelivered(t *testing.T) {
	w := newWorld(t)
	runApp(t, w)
	taras := customer(910004, "Тарас")
	w.asks(t, taras, unknownQuestion)
	w.until(t, "a thread", func() bool { return len(w.heads(unknownQuestion)) == 1 && len(w.fromBot(taras.ID)) == 1 })
	head := w.heads(unknownQuestion)[0]
	w.Telegram.Block(taras.ID, true)
	w.until(t, "staff hear that the customer blocked the bot", func() bool { return len(w.inThread(head, "заблокував")) >= 1 })
	ts, err := w.Slack.Post(w.Inbox, head.TS, w.Slack.Users()[0].ID, "Добрий день!")
	if err != nil {
		t.Fatal(err)
	}
	w.until(t, "the reply is marked as failed", func() bool { return marked(w, ts, "warning") })
	w.until(t, "the thread explains it", func() bool { return len(w.inThread(head, "не доставлено")) == 1 })
}

// Files go both ways, and an album is one post.
func TestStoryFilesGoBothWays(t *testing.T) {
	w := newWorld(t)
	runApp(t, w)
	taras := customer(910005, "Тарас")
	photo := func(name string) telegramtest.File {
		return telegramtest.File{Kind: "photo", Name: name, MIME: "image/jpeg", Data: []byte(name), Size: int64(len(name))}
	}
	if _, err := w.Telegram.Say(telegramtest.Say{
		Chat: taras.ID, From: taras, Text: "Дивіться, зерно пошкоджене", Album: true, Files: []telegramtest.File{photo("раз.jpg"), photo("два.jpg")},
	}); err != nil {
		t.Fatal(err)
	}
	files := func() (n int) {
		for _, m := range w.Slack.Messages(w.Inbox) {
			n += len(m.Files)
		}
		return n
	}
	w.until(t, "both photos are in the thread", func() bool { return len(w.heads("зерно пошкоджене")) == 1 && files() == 2 })
	head := w.heads("зерно пошкоджене")[0]
	_, err := w.Slack.Post(w.Inbox, head.TS, w.Slack.Users()[0].ID, "Ось інструкція", slacktest.File{
		Name: "інструкція.pdf", MIME: "application/pdf", Data: []byte("%PDF-1.4"), Size: 8,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.until(t, "the agent's file reaches the customer", func() bool {
		for _, m := range w.fromBot(taras.ID) {
			if len(m.Files) == 1 && string(m.Files[0].Data) == "%PDF-1.4" {
				return true
			}
		}
		return false
	})
}

// The same by webhook: Telegram calls us, and a wrong secret is turned away.
func TestStoryByWebhook(t *testing.T) {
	w := newWorld(t)
	l, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := w.config()
	c.Telegram.Mode, c.Telegram.WebhookURL, c.Telegram.WebhookSecret = "webhook", "http://"+l.Addr().String(), "hook-secret"
	runAppWith(t, c, l)
	oksana := customer(910006, "Оксана")
	w.asks(t, oksana, knownQuestion)
	w.until(t, "the answer comes", func() bool { return len(w.fromBot(oksana.ID)) == 1 })
	forged := `{"update_id": 77, "message": {"message_id": 5, "date": 1, "chat": {"id": 910007, "type": "private"}, "from": {"id": 910007, "first_name": "Х"}, "text": "` + unknownQuestion + `"}}`
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.Telegram.WebhookURL+"/webhooks/telegram", strings.NewReader(forged))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", "guessed")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong secret got %d, want 401", resp.StatusCode)
	}
	w.asks(t, oksana, "дякую") // answered in order, so what was forged would be there by now
	w.until(t, "the bot answers thanks", func() bool { return len(w.fromBot(oksana.ID)) == 2 })
	if ms := w.Slack.Messages(w.Inbox); len(ms) != 0 {
		t.Errorf("the forged question opened a thread: %+v", ms)
	}
}

// In a group with topics the bot answers a sure question where it was asked,
// keeps out of talk, and brings a question that addresses it to people.
func TestStoryInAGroup(t *testing.T) {
	const forum, topic = -1001000000002, 3
	w := newWorld(t)
	runApp(t, w)
	say := func(from telegramtest.User, text string) int {
		t.Helper()
		id, err := w.Telegram.Say(telegramtest.Say{Chat: forum, Topic: topic, From: from, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	oksana, taras := customer(910008, "Оксана"), customer(910009, "Тарас")
	say(taras, "всім привіт, гарна сьогодні погода")
	asked := say(oksana, knownQuestion)
	w.until(t, "the answer comes", func() bool { return len(w.fromBot(forum)) == 1 })
	if a := w.fromBot(forum)[0]; a.ReplyTo != asked || a.Topic != topic || !strings.Contains(a.Text, "1–3 дні") {
		t.Errorf("answered %+v, want a reply to %d in topic %d", a, asked, topic)
	}
	say(taras, "@rankova_bot "+unknownQuestion)
	w.until(t, "a thread", func() bool { return len(w.heads(unknownQuestion)) == 1 })
	head := w.heads(unknownQuestion)[0]
	if !shows(head, "Клуб Ранкової") || !strings.Contains(string(head.Blocks), "https://t.me/c/1000000002/") {
		t.Errorf("the card does not name the community with a link: %s", head.Blocks)
	}
	if _, err := w.Slack.Post(w.Inbox, head.TS, w.Slack.Users()[0].ID, "Так, можна."); err != nil {
		t.Fatal(err)
	}
	w.until(t, "the reply is in the topic", func() bool {
		for _, m := range w.fromBot(forum) {
			if strings.Contains(m.Text, "Так, можна.") && m.Topic == topic {
				return true
			}
		}
		return false
	})
	if n := len(w.heads("")); n != 1 {
		t.Errorf("%d threads, want 1", n)
	}
}

func marked(w *world, ts, emoji string) bool {
	for _, m := range w.Slack.Messages(w.Inbox) {
		if m.TS != ts {
			continue
		}
		for _, r := range m.Reactions {
			if r.Name == emoji {
				return true
			}
		}
	}
	return false
}

// actionOf finds the id of a card's button by a part of it.
func actionOf(t *testing.T, head slacktest.Message, part string) string {
	t.Helper()
	_, rest, ok := strings.Cut(string(head.Blocks), `"action_id":"`)
	for ; ok; _, rest, ok = strings.Cut(rest, `"action_id":"`) {
		if id, _, _ := strings.Cut(rest, `"`); strings.Contains(id, part) {
			return id
		}
	}
	t.Fatalf("the card has no %s button: %s", part, head.Blocks)
	return ""
}
