package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// sim calls the control API and wants a status.
func (s *stage) sim(method, path, body string, status int) string {
	s.t.Helper()
	r, err := http.NewRequest(method, s.page.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if resp.StatusCode != status {
		s.t.Fatalf("%s %s %.200s: %d %.300s, want %d", method, path, body, resp.StatusCode, b, status)
	}
	return string(b)
}

// get decodes what a call answers.
func get[T any](s *stage, method, path, body string) T {
	s.t.Helper()
	var v T
	if err := json.Unmarshal([]byte(s.sim(method, path, body, http.StatusOK)), &v); err != nil {
		s.t.Fatal(err)
	}
	return v
}

func TestSimInfo(t *testing.T) {
	s := newStage(t)
	info := get[struct {
		Telegram struct {
			Bot    string `json:"bot_username"`
			Groups []struct {
				Chat  int64
				Title string
			}
		}
		Slack struct {
			Inbox string `json:"inbox_channel"`
			Users []struct{ ID, Name string }
		}
	}](s, "GET", "/sim/info", "")
	if info.Telegram.Bot != "rankova_bot" || len(info.Telegram.Groups) != 2 || info.Telegram.Groups[0].Title != "Ранкова — спільнота" {
		t.Errorf("telegram: %+v", info.Telegram)
	}
	if info.Slack.Inbox != s.Inbox || len(info.Slack.Users) < 3 || info.Slack.Users[0].Name != "Олена Бондар" {
		t.Errorf("slack: %+v", info.Slack)
	}
}

func TestSimTelegram(t *testing.T) {
	s := newStage(t)
	said := get[map[string]int](s, "POST", "/sim/telegram/messages", `{"chat":1001,"from":{"id":1001,"name":"Оксана"},"text":"Привіт"}`)
	id := said["message_id"]
	if id == 0 || s.Telegram.Pending() != 1 {
		t.Fatalf("message %d, pending %d", id, s.Telegram.Pending())
	}
	s.sim("POST", "/sim/telegram/edits", fmt.Sprintf(`{"chat":1001,"message_id":%d,"text":"Вітаю"}`, id), http.StatusOK)
	s.sim("POST", "/sim/telegram/messages", fmt.Sprintf(`{"chat":-1001000000002,"from":{"id":1002,"name":"Тарас"},"text":"тема","topic":3,"files":[{"kind":"photo","data":"%s"}]}`, "iVBORw0K"), http.StatusOK)
	if err := s.bot(t.Context(), "sendMessage", map[string]any{
		"chat_id": 1001, "text": "<b>", "reply_markup": map[string]any{"inline_keyboard": [][]map[string]string{{{"text": "Так", "callback_data": "yes"}}}},
	}, nil); err != nil {
		t.Fatal(err)
	}
	chat := get[[]telegramMessage](s, "GET", "/sim/telegram/chats/1001/messages", "")
	if len(chat) != 2 || chat[0].Text != "Вітаю" || !chat[0].Edited || chat[0].From.IsBot || !chat[1].From.IsBot || chat[1].HTML != "&lt;b&gt;" {
		t.Fatalf("chat: %+v", chat)
	}
	press := fmt.Sprintf(`{"chat":1001,"message_id":%d,"data":"yes","from":{"id":1001,"name":"Оксана"}}`, chat[1].ID)
	s.sim("POST", "/sim/telegram/buttons", press, http.StatusOK)
	if s.Telegram.Pending() != 4 {
		t.Errorf("pending %d, want message, edit, message and press", s.Telegram.Pending())
	}
	forum := get[[]telegramMessage](s, "GET", "/sim/telegram/chats/-1001000000002/messages", "")
	if len(forum) != 1 || forum[0].Topic != 3 || len(forum[0].Files) != 1 || forum[0].Files[0].Kind != "photo" {
		t.Errorf("forum: %+v", forum)
	}
	if empty := s.sim("GET", "/sim/telegram/chats/1009/messages", "", http.StatusOK); strings.TrimSpace(empty) != "[]" {
		t.Errorf("a new chat has %s", empty)
	}
	s.sim("POST", "/sim/telegram/blocks", `{"user":1001,"blocked":true}`, http.StatusOK)
	s.sim("POST", "/sim/telegram/messages", `{"chat":1001,"from":{"id":1001,"name":"Оксана"},"text":"знову"}`, http.StatusBadRequest)
}

func TestSimSlack(t *testing.T) {
	s := newStage(t)
	root := fmt.Sprint(s.call("chat.postMessage", url.Values{"channel": {s.Inbox}, "text": {"картка"}, "blocks": {card("Оксана", "чи можна?")}})["ts"])
	ts := get[map[string]string](s, "POST", "/sim/slack/messages", fmt.Sprintf(`{"channel":%q,"thread_ts":%q,"user":"U0OLENA","text":"так"}`, s.Inbox, root))["ts"]
	at := fmt.Sprintf(`"channel":%q,"ts":%q,"user":"U0OLENA"`, s.Inbox, ts)
	s.sim("POST", "/sim/slack/edits", `{`+at+`,"text":"так, можна"}`, http.StatusOK)
	s.sim("POST", "/sim/slack/reactions", `{`+at+`,"name":"eyes"}`, http.StatusOK)
	list := get[[]slackMessage](s, "GET", "/sim/slack/channels/"+s.Inbox+"/messages", "")
	if len(list) != 2 || list[0].TS != root || !list[0].IsBot || !strings.Contains(string(list[0].Blocks), "header") {
		t.Fatalf("channel: %+v", list)
	}
	if m := list[1]; m.ThreadTS != root || m.User != "U0OLENA" || m.Text != "так, можна" || !m.Edited || len(m.Reactions) != 1 || m.Reactions[0].Name != "eyes" {
		t.Errorf("reply: %+v", m)
	}
	s.sim("POST", "/sim/slack/reactions", `{`+at+`,"name":"eyes","add":false}`, http.StatusOK)
	s.sim("POST", "/sim/slack/deletes", `{`+at+`}`, http.StatusOK)
	for _, m := range get[[]slackMessage](s, "GET", "/sim/slack/channels/"+s.Inbox+"/messages", "") {
		if m.TS == ts && (!m.Deleted || len(m.Reactions) != 0) {
			t.Errorf("after the delete: %+v", m)
		}
	}
	s.runBot()
	act := fmt.Sprintf(`{"channel":%q,"ts":%q,"user":"U0ANDRII","action_id":"snooze","value":"7"}`, s.Inbox, root)
	s.sim("POST", "/sim/slack/actions", act, http.StatusOK)
	s.until("the modal opens", func() bool { return len(s.Slack.Views("U0ANDRII")) == 1 })
	views := get[[]simView](s, "GET", "/sim/slack/views?user=U0ANDRII", "")
	if len(views) != 1 || !strings.Contains(string(views[0].View), "Відкласти") {
		t.Fatalf("views: %+v", views)
	}
	s.sim("POST", "/sim/slack/closes", fmt.Sprintf(`{"view":%q}`, views[0].ID), http.StatusOK)
	if n := len(s.Slack.Views("U0ANDRII")); n != 0 {
		t.Errorf("%d views after closing", n)
	}
	if got := s.sim("GET", "/sim/slack/channels/"+s.Inbox+"/ephemerals?user=U0OLENA", "", http.StatusOK); strings.TrimSpace(got) != "[]" {
		t.Errorf("ephemerals: %s", got)
	}
}

func TestSimFaults(t *testing.T) {
	s := newStage(t)
	s.sim("POST", "/sim/faults", `{"target":"telegram","kind":"server_error","for_ms":60000,"rate":1}`, http.StatusOK)
	resp, err := http.Post(s.telegram.URL+"/bot"+s.TelegramToken+"/getMe", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusBadGateway {
		t.Errorf("a broken Telegram answers %d", resp.StatusCode)
	}
	s.sim("POST", "/sim/faults", `{"target":"telegram","kind":"server_error","for_ms":0}`, http.StatusOK)
	s.sim("POST", "/sim/faults", `{"target":"slack","kind":"rate_limit","for_ms":60000}`, http.StatusOK)
	if resp, err = http.Post(s.slack.URL+"/api/auth.test?token="+s.SlackBotToken, "application/json", nil); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a limited Slack answers %d", resp.StatusCode)
	}
}

func TestSimRefusesBadInput(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/sim/telegram/messages", ``, 400},
		{"POST", "/sim/telegram/messages", `not json`, 400},
		{"POST", "/sim/telegram/messages", `{"chat":1001,"from":{"id":1001,"name":"О"},"text":"а"} {}`, 400},
		{"POST", "/sim/telegram/messages", `{"chat":1001,"from":{"id":1001,"name":"О"},"text":"а","mood":"x"}`, 400},
		{"POST", "/sim/telegram/messages", `{"chat":1001,"text":"а"}`, 400},
		{"POST", "/sim/telegram/messages", `{"chat":1001,"from":{"id":1001,"name":"О"}}`, 400},
		{"POST", "/sim/telegram/messages", `{"chat":1002,"from":{"id":1001,"name":"О"},"text":"чужий чат"}`, 400},
		{"POST", "/sim/telegram/messages", `{"chat":-5,"from":{"id":1001,"name":"О"},"text":"нема групи"}`, 400},
		{"POST", "/sim/telegram/messages", `{"chat":9,"from":{"id":9,"name":"О","is_bot":true},"text":"бот"}`, 400},
		{"POST", "/sim/telegram/messages", `{"text":"` + strings.Repeat("a", maxBody) + `"}`, 413},
		{"POST", "/sim/telegram/edits", `{"chat":1001,"message_id":99,"text":"x"}`, 400},
		{"POST", "/sim/telegram/edits", `{"chat":1001}`, 400},
		{"POST", "/sim/telegram/buttons", `{"chat":1001,"message_id":99,"data":"x","from":{"id":1}}`, 400},
		{"POST", "/sim/telegram/blocks", `{"user":-1,"blocked":true}`, 400},
		{"POST", "/sim/telegram/migrations", `{"chat":1001}`, 400},
		{"GET", "/sim/telegram/chats/home/messages", ``, 400},
		{"GET", "/sim/slack/channels/C0NONE/messages", ``, 404},
		{"GET", "/sim/slack/channels/C0NONE/ephemerals?user=U0OLENA", ``, 404},
		{"GET", "/sim/slack/views", ``, 400},
		{"POST", "/sim/slack/messages", `{"channel":"C0INBOX","user":"U0OLENA"}`, 400},
		{"POST", "/sim/slack/messages", `{"channel":"C0NONE","user":"U0OLENA","text":"x"}`, 400},
		{"POST", "/sim/slack/messages", `{"channel":"C0INBOX","user":"U0NOBODY","text":"x"}`, 400},
		{"POST", "/sim/slack/edits", `{"channel":"C0INBOX","ts":"1.1","user":"U0OLENA","text":"x"}`, 400},
		{"POST", "/sim/slack/deletes", `{"channel":"C0INBOX","ts":"1.1","user":"U0OLENA"}`, 400},
		{"POST", "/sim/slack/reactions", `{"channel":"C0INBOX","ts":"1.1","user":"U0OLENA"}`, 400},
		{"POST", "/sim/slack/actions", `{"channel":"C0INBOX","ts":"1.1","user":"U0OLENA","action_id":"x"}`, 400},
		{"POST", "/sim/slack/submissions", `{"view":"V0"}`, 400},
		{"POST", "/sim/slack/closes", `{"view":"V0"}`, 400},
		{"POST", "/sim/faults", `{"target":"sms","kind":"timeout","for_ms":5}`, 400},
		{"POST", "/sim/faults", `{"target":"slack","kind":"flood","for_ms":5}`, 400},
		{"POST", "/sim/faults", `{"target":"slack","kind":"timeout","for_ms":-5}`, 400},
		{"POST", "/sim/faults", `{"target":"slack","kind":"timeout","for_ms":5,"rate":2}`, 400},
		{"DELETE", "/sim/faults", ``, 404},
		{"GET", "/sim/nothing", ``, 404},
	} {
		answer := refused(s, c.method, c.path, c.body, c.status)
		if answer["error"] == "" {
			t.Errorf("%s %s %.80s: no error text", c.method, c.path, c.body)
		}
	}
	if n := s.Telegram.Pending(); n != 0 {
		t.Errorf("bad calls made %d updates", n)
	}
}

func refused(s *stage, method, path, body string, status int) map[string]string {
	s.t.Helper()
	var v map[string]string
	if err := json.Unmarshal([]byte(s.sim(method, path, body, status)), &v); err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return v
}

// A page of another site must not be able to drive the demo.
func TestOtherSitesAreRefused(t *testing.T) {
	s := newStage(t)
	r, _ := http.NewRequest("POST", s.page.URL+"/sim/telegram/messages", strings.NewReader(`{"chat":1,"from":{"id":1,"name":"a"},"text":"a"}`))
	r.Header.Set("Origin", "https://elsewhere.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a cross-site call got %d", resp.StatusCode)
	}
}
