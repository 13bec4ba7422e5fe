package telegram_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/botstest"
	"github.com/poruch/poruch/bots/telegram"
	"github.com/poruch/poruch/bots/telegram/telegramtest"
)

func TestGroupsTopicsAndWhoIsAddressed(t *testing.T) {
	s := newScene(t, nil)
	in := botstest.NewStore()
	s.receive(t, in)
	first := s.says(t, telegramtest.Say{Chat: -1001, Topic: 3, Text: "просто розмова"})
	s.says(t, telegramtest.Say{Chat: -1001, Topic: 3, Text: "@rankova_bot а доставка?"})
	s.says(t, telegramtest.Say{Chat: -1001, Text: "/ask@rankova_bot що там"})
	s.says(t, telegramtest.Say{Chat: -1001, Text: "/ask@other_bot що там"})
	s.says(t, telegramtest.Say{Chat: -1001, Topic: 3, Text: "відповідь", ReplyTo: first})
	got := in.Wait(t, 5)
	for i, want := range []struct {
		addressed bool
		command   string
		topic     string
	}{{false, "", "3"}, {true, "", "3"}, {true, "ask", ""}, {false, "", ""}, {false, "", "3"}} {
		m := got[i]
		if m.Addressed != want.addressed || m.Command != want.command || m.From.Topic != want.topic || m.Chat.Private || m.Chat.Title != "Спільнота" {
			t.Errorf("message %d: %+v, want %+v", i, m, want)
		}
	}
	if got[4].ReplyTo != message(first) {
		t.Errorf("reply to %q, want %d", got[4].ReplyTo, first)
	}
	if !strings.HasPrefix(got[0].Chat.Link, "https://t.me/c/") {
		t.Errorf("link %q", got[0].Chat.Link)
	}
}

// Two programs on one bot take turns in ending each other's polls. Neither may
// lose what it was about to store, and both say what is wrong.
func TestTwoPollersLoseNothing(t *testing.T) {
	s := newScene(t, nil)
	second := newSceneAt(t, s.fake, s.url, nil)
	in := botstest.NewStore() // both keep to the same store, as two replicas do
	said := s.log.says("another program polls this bot")
	stopFirst := s.receive(t, in)
	s.says(t, telegramtest.Say{Text: "1"})
	in.Wait(t, 1)
	stopSecond := second.receive(t, in)
	<-said
	s.says(t, telegramtest.Say{Text: "2"})
	in.Wait(t, 2)
	stopFirst()
	s.says(t, telegramtest.Say{Text: "3"})
	in.Wait(t, 3)
	stopSecond()
	var texts []string
	for _, m := range in.Messages() {
		texts = append(texts, m.Text.Plain)
	}
	if !slices.Equal(texts, []string{"1", "2", "3"}) {
		t.Errorf("stored %q", texts)
	}
}

func TestOddUpdatesHoldUpNobody(t *testing.T) {
	s := newScene(t, nil)
	in := botstest.NewStore()
	for _, odd := range []string{
		`{"poll_answer": {"poll_id": "1"}}`,
		`{"message": {"message_id": "not a number"}}`,
		`{"message": {}}`,
		`{"message": 7}`,
		`{"callback_query": {"id": "1", "from": {"id": 1001}, "data": "x"}}`,
	} {
		s.fake.Raw(odd)
	}
	s.says(t, telegramtest.Say{Text: strings.Repeat("\u200b", 2000)})
	s.says(t, telegramtest.Say{Text: strings.Repeat("дуже довго ", 10_000)})
	s.receive(t, in)
	got := in.Wait(t, 2)
	if n := len(got[1].Text.Plain); n == 0 || n > bots.MaxText {
		t.Errorf("the long text has %d bytes", n)
	}
	if n := len(in.Unread()); n != 5 {
		t.Errorf("%d payloads are kept unread, want 5: %+v", n, in.Unread())
	}
}

// After a quiet week update ids go on from anywhere. A lower one must not let
// the bot ask for the same batch for ever.
func TestUpdateIDsThatStartAnew(t *testing.T) {
	s := newScene(t, nil)
	in := botstest.NewStore()
	s.receive(t, in)
	s.says(t, telegramtest.Say{Text: "перед тишею"})
	in.Wait(t, 1)
	ticks, end := s.fake.Watch()
	defer end()
	for s.fake.Pending() > 0 {
		<-ticks
	}
	s.fake.Recount(1000)
	for i := range 150 { // more than a batch
		s.says(t, telegramtest.Say{Text: fmt.Sprint(i)})
	}
	if got := in.Wait(t, 151); got[150].Text.Plain != "149" {
		t.Errorf("the last is %q", got[150].Text.Plain)
	}
	for s.fake.Pending() > 0 {
		<-ticks
	}
}

// script is a server that answers getUpdates with prepared bodies by offset.
type script struct {
	mu      sync.Mutex
	answers map[int64]string
	asked   map[int64]int
	after   chan struct{} // closed when an offset without an answer is asked for
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/deleteWebhook") {
		_, _ = w.Write([]byte(`{"ok": true, "result": true}`))
		return
	}
	if !strings.HasSuffix(r.URL.Path, "/getUpdates") {
		_, _ = w.Write([]byte(`{"ok": true, "result": {"id": 123456, "is_bot": true, "can_read_all_group_messages": true}}`))
		return
	}
	var p struct {
		Offset int64 `json:"offset"`
	}
	_ = json.NewDecoder(r.Body).Decode(&p)
	s.mu.Lock()
	answer, ok := s.answers[p.Offset]
	s.asked[p.Offset]++
	if !ok && s.after != nil {
		close(s.after)
		s.after = nil
	}
	s.mu.Unlock()
	if !ok {
		<-r.Context().Done()
		return
	}
	_, _ = w.Write([]byte(answer))
}

func said(id int, text string) string {
	return fmt.Sprintf(`{"update_id": %d, "message": {"message_id": %d, "date": 1, "chat": {"id": 1001, "type": "private"}, "from": {"id": 1001, "first_name": "Оксана"}, "text": %q}}`, id, id, text)
}

// An update that is no JSON breaks the answer that it comes in. Those before it
// are stored, it is asked for three times and kept as it is, and those behind it
// come.
func TestOneBrokenUpdateLosesNoOther(t *testing.T) {
	broken := `{"update_id": 12, "message": {"text": "\q"}}`
	after := make(chan struct{})
	sc := &script{asked: map[int64]int{}, after: after, answers: map[int64]string{
		0:  `{"ok": true, "result": [` + said(10, "перед") + `,` + said(11, "за мить") + `, ` + broken + `,` + said(13, "після") + `]}`,
		12: `{"ok": true, "result": [` + broken + `,` + said(13, "після") + `]}`,
		13: `{"ok": true, "result": [` + said(13, "після") + `]}`,
	}}
	server := httptest.NewServer(sc)
	t.Cleanup(server.Close)
	s := newSceneAt(t, nil, server.URL, nil)
	in := botstest.NewStore()
	stop := s.receive(t, in)
	got := in.Wait(t, 3)
	<-after
	stop()
	if got[0].Text.Plain != "перед" || got[1].Text.Plain != "за мить" || got[2].Text.Plain != "після" {
		t.Errorf("stored %+v", got)
	}
	if u := in.Unread(); len(u) != 1 || u[0].UpdateID != "12" || !strings.HasPrefix(string(u[0].Raw), broken) {
		t.Errorf("kept %+v", u)
	}
	if sc.asked[12] != 3 {
		t.Errorf("the broken update was asked for %d times, want 3", sc.asked[12])
	}
}

// An update that a part of the library does not know is read without that part.
func TestNewKindsOfPartsDoNotLoseTheMessage(t *testing.T) {
	s := newScene(t, nil)
	in := botstest.NewStore()
	s.receive(t, in)
	s.fake.Raw(`{"message": {"message_id": 5, "date": 1, "chat": {"id": 1001, "type": "private"}, "from": {"id": 1001, "first_name": "Оксана"},
		"forward_origin": {"type": "hologram"}, "reply_to_message": {"message_id": 4, "chat": {"id": 1001, "type": "private"}, "date": 1, "forward_origin": {"type": "hologram"}},
		"text": "переслане", "entities": [{"type": "bold", "offset": 0, "length": 9}]}}`)
	m := in.Wait(t, 1)[0]
	if m.Text.Plain != "переслане" || len(m.Text.Spans) != 1 || m.ReplyTo != "4" || m.Author.Name != "Оксана" {
		t.Errorf("got %+v", m)
	}
}

func TestWrongTokenEndsReceiveInWords(t *testing.T) {
	s := newScene(t, func(c *telegram.Config) { c.Token = "123456:wrong" })
	err := s.bot.Receive(t.Context(), botstest.NewStore())
	if err == nil || !strings.Contains(err.Error(), "PORUCH_TELEGRAM_TOKEN") {
		t.Errorf("Receive = %v, want words", err)
	}
	if err := s.bot.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "BotFather") {
		t.Errorf("Check = %v", err)
	}
}

func TestConfigIsCheckedInWords(t *testing.T) {
	for name, c := range map[string]telegram.Config{
		"PORUCH_TELEGRAM_TOKEN":          {},
		"PORUCH_TELEGRAM_API_URL":        {Token: token, APIURL: "telegram"},
		"PORUCH_TELEGRAM_MODE":           {Token: token, Mode: "pull"},
		"PORUCH_TELEGRAM_WEBHOOK_URL":    {Token: token, Mode: telegram.Webhook},
		"PORUCH_TELEGRAM_WEBHOOK_SECRET": {Token: token, Mode: telegram.Webhook, WebhookURL: "https://example.com", WebhookSecret: "таємниця"},
	} {
		if _, err := telegram.New(c); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("New(%+v) = %v, want words about %s", c, err, name)
		}
	}
}
