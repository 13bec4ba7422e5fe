package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// stage is the demo with both fakes served, and a little scripted bot between
// them that speaks their HTTP as Poruch would.
type stage struct {
	*Fakes
	t                     *testing.T
	page, telegram, slack *httptest.Server

	mu       sync.Mutex
	actions  []string // "<user> <action> <value>" as they reached the app
	customer map[string]int64
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{Fakes: NewFakes(FakesConfig{}), t: t, customer: map[string]int64{}}
	cfg := s.Page("Ранкова")
	cfg.Zone = time.UTC
	h, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.telegram, s.slack, s.page = httptest.NewServer(s.Telegram), httptest.NewServer(s.Slack), httptest.NewServer(h)
	t.Cleanup(func() {
		s.Close()
		s.page.CloseClientConnections() // the streams
		for _, server := range []*httptest.Server{s.page, s.telegram, s.slack} {
			server.Close()
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

// until waits for a condition, looking again after each change of a fake.
func (s *stage) until(what string, is func() bool) {
	s.t.Helper()
	telegram, stopTelegram := s.Telegram.Watch()
	defer stopTelegram()
	slack, stopSlack := s.Slack.Watch()
	defer stopSlack()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	look := time.NewTicker(20 * time.Millisecond) // what the bot saw is no change of a fake
	defer look.Stop()
	for !is() {
		select {
		case <-telegram:
		case <-slack:
		case <-look.C:
		case <-deadline.C:
			s.t.Fatalf("never: %s", what)
		}
	}
}

// runBot answers a known question, makes a card of any other, carries the
// answers of the staff back, and opens a modal when "snooze" is pressed.
func (s *stage) runBot() {
	ctx, stop := context.WithCancel(context.Background())
	conn := s.connect()
	var work sync.WaitGroup
	work.Go(func() { s.poll(ctx) })
	work.Go(func() { s.listen(conn) })
	s.t.Cleanup(func() {
		stop()
		conn.Close()
		work.Wait()
	})
}

func (s *stage) poll(ctx context.Context) {
	offset := 0
	for ctx.Err() == nil {
		var got struct {
			Result []struct {
				ID      int `json:"update_id"`
				Message *struct {
					Text string
					Chat struct{ ID int64 }
					From struct {
						Name string `json:"first_name"`
					}
				}
			}
		}
		if s.bot(ctx, "getUpdates", map[string]any{"offset": offset, "timeout": 30}, &got) != nil {
			return // the test is over
		}
		for _, u := range got.Result {
			offset = u.ID + 1
			if u.Message == nil || u.Message.Text == "" {
				continue
			}
			s.answer(ctx, u.Message.Chat.ID, u.Message.From.Name, u.Message.Text)
		}
	}
}

func (s *stage) answer(ctx context.Context, chat int64, name, text string) {
	if text == "Скільки триває доставка?" {
		_ = s.bot(ctx, "sendMessage", map[string]any{
			"chat_id": chat, "text": "Новою поштою посилка їде 1–3 дні, Укрпоштою — 3–6 днів.\nЗамовлення до 14:00 відправляємо того ж дня.",
			"entities":     []map[string]any{{"type": "bold", "offset": 28, "length": 8}},
			"reply_markup": map[string]any{"inline_keyboard": [][]map[string]string{{{"text": "Допомогло", "callback_data": "ok"}, {"text": "Покличте людину", "callback_data": "human"}}}},
		}, nil)
		return
	}
	ts := s.call("chat.postMessage", url.Values{"channel": {s.Inbox}, "text": {name + ": звернення"}, "blocks": {card(name, text)}})["ts"]
	s.mu.Lock()
	s.customer[fmt.Sprint(ts)] = chat
	s.mu.Unlock()
}

func card(name, text string) string {
	quoted, _ := json.Marshal(text) // a string always encodes
	return `[
	{"type":"header","text":{"type":"plain_text","text":"Нове звернення: ` + name + `"}},
	{"type":"section","fields":[{"type":"mrkdwn","text":"*Клієнт*\n` + name + `"},{"type":"mrkdwn","text":"*Спільнота*\n<https://t.me/rankova|Ранкова>"},{"type":"mrkdwn","text":"*Мова*\nукраїнська"},{"type":"mrkdwn","text":"*Стан*\n:hourglass: чекає"}]},
	{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":` + string(quoted) + `}]},
	 {"type":"rich_text_section","elements":[{"type":"text","text":"Що бот розглянув","style":{"bold":true}}]},
	 {"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Дегустації та майстер-класи, "},{"type":"text","text":"0,31","style":{"code":true}}]},{"type":"rich_text_section","elements":[{"type":"link","url":"https://example.com","text":"Графік роботи кавʼярень"}]}]}]},
	{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Взяти собі"},"action_id":"claim","value":"7","style":"primary"},
	 {"type":"button","text":{"type":"plain_text","text":"Відкласти"},"action_id":"snooze","value":"7"},
	 {"type":"button","text":{"type":"plain_text","text":"Вирішено"},"action_id":"resolve","value":"7","style":"danger"},
	 {"type":"static_select","action_id":"priority","placeholder":{"type":"plain_text","text":"Пріоритет"},"options":[{"text":{"type":"plain_text","text":"Звичайний"},"value":"1"},{"text":{"type":"plain_text","text":"Високий"},"value":"2"}]},
	 {"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Передати Марії"},"value":"m"},{"text":{"type":"plain_text","text":"Це спам"},"value":"s"}]}]},
	{"type":"divider"},
	{"type":"context","elements":[{"type":"mrkdwn","text":"Бот не був певен: _найкраща відповідь має 31 %_ · ціль 95 %"}]}]`
}

const snoozeModal = `{"type":"modal","callback_id":"snooze","title":{"type":"plain_text","text":"Відкласти звернення"},"submit":{"type":"plain_text","text":"Відкласти"},"close":{"type":"plain_text","text":"Назад"},"blocks":[
	{"type":"input","block_id":"b_how","label":{"type":"plain_text","text":"Чого чекаємо"},"element":{"type":"radio_buttons","action_id":"how","initial_option":{"text":{"type":"plain_text","text":"Клієнта"},"value":"customer"},"options":[{"text":{"type":"plain_text","text":"Клієнта"},"value":"customer"},{"text":{"type":"plain_text","text":"Складу"},"value":"stock"}]}},
	{"type":"input","block_id":"b_when","label":{"type":"plain_text","text":"До якого дня"},"element":{"type":"datepicker","action_id":"when"}},
	{"type":"input","block_id":"b_note","optional":true,"label":{"type":"plain_text","text":"Нотатка"},"hint":{"type":"plain_text","text":"Клієнт її не побачить"},"element":{"type":"plain_text_input","action_id":"note","multiline":true}}]}`

func (s *stage) connect() *websocket.Conn {
	r, _ := http.NewRequest(http.MethodPost, s.slack.URL+"/api/apps.connections.open", nil)
	r.Header.Set("Authorization", "Bearer "+s.SlackAppToken)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	var open struct{ URL string }
	if err := json.NewDecoder(resp.Body).Decode(&open); err != nil {
		s.t.Fatal(err)
	}
	conn, _, err := websocket.DefaultDialer.Dial(open.URL, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return conn
}

func (s *stage) listen(conn *websocket.Conn) {
	for {
		var e struct {
			ID      string `json:"envelope_id"`
			Type    string
			Payload struct {
				Trigger string `json:"trigger_id"`
				Type    string
				User    struct{ ID string }
				Actions []struct {
					ID       string `json:"action_id"`
					Value    string
					Selected struct{ Value string } `json:"selected_option"`
				}
				Event struct {
					Type, Subtype, User, Text string
					Bot                       string `json:"bot_id"`
					Thread                    string `json:"thread_ts"`
				}
			}
		}
		if conn.ReadJSON(&e) != nil {
			return // the test is over
		}
		if e.ID == "" {
			continue
		}
		_ = conn.WriteJSON(map[string]string{"envelope_id": e.ID})
		for _, a := range e.Payload.Actions {
			s.mu.Lock()
			s.actions = append(s.actions, e.Payload.User.ID+" "+a.ID+" "+a.Value+a.Selected.Value)
			s.mu.Unlock()
			if a.ID == "snooze" {
				s.call("views.open", url.Values{"trigger_id": {e.Payload.Trigger}, "view": {snoozeModal}})
			}
		}
		ev := e.Payload.Event
		if ev.Type != "message" || ev.Bot != "" || ev.Subtype != "" || strings.HasPrefix(ev.Text, "//") {
			continue
		}
		s.mu.Lock()
		chat := s.customer[ev.Thread]
		s.mu.Unlock()
		if chat != 0 {
			_ = s.bot(context.Background(), "sendMessage", map[string]any{"chat_id": chat, "text": "Олена: " + ev.Text}, nil)
		}
	}
}

func (s *stage) pressed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.actions...)
}

// call calls a method of the fake Slack.
func (s *stage) call(method string, form url.Values) map[string]any {
	r, _ := http.NewRequest(http.MethodPost, s.slack.URL+"/api/"+method, strings.NewReader(form.Encode()))
	r.Header.Set("Authorization", "Bearer "+s.SlackBotToken)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil // the test is over
	}
	defer resp.Body.Close()
	var out map[string]any
	if json.NewDecoder(resp.Body).Decode(&out) != nil || out["ok"] != true {
		s.t.Errorf("%s answered %v", method, out)
	}
	return out
}

// bot calls a method of the fake Telegram.
func (s *stage) bot(ctx context.Context, method string, body map[string]any, out any) error {
	b, _ := json.Marshal(body) // plain values always encode
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, s.telegram.URL+"/bot"+s.TelegramToken+"/"+method, bytes.NewReader(b))
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(resp.Body)
		s.t.Errorf("%s answered %s", method, text)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}
