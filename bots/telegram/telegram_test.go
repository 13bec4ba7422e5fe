package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/telegram"
	"github.com/poruch/poruch/bots/telegram/telegramtest"
)

const token = "123456:secret-token-of-the-test"

// intake is a store that can fail.
type intake struct {
	mu      sync.Mutex
	cursor  string
	got     []bots.Message
	unread  []bots.Unread
	fail    int
	changed chan struct{}
}

func newIntake() *intake { return &intake{changed: make(chan struct{}, 1)} }

func (in *intake) Cursor(context.Context, string) (string, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.cursor, nil
}

func (in *intake) Deliver(_ context.Context, b bots.Batch) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.fail > 0 {
		in.fail--
		return errors.New("the store is away")
	}
	in.got, in.unread = append(in.got, b.Messages...), append(in.unread, b.Unread...)
	in.cursor = b.Next
	select {
	case in.changed <- struct{}{}:
	default:
	}
	return nil
}

// wait returns the messages once there are n.
func (in *intake) wait(t *testing.T, n int) []bots.Message {
	t.Helper()
	for {
		in.mu.Lock()
		got := append([]bots.Message(nil), in.got...)
		in.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-in.changed:
		case <-t.Context().Done():
			t.Fatalf("got %d messages, want %d", len(got), n)
		}
	}
}

type scene struct {
	fake *telegramtest.Server
	bot  *telegram.Bot
	url  string
	log  *strings.Builder
}

func newScene(t *testing.T, change func(*telegram.Config)) scene {
	t.Helper()
	fake := telegramtest.New(telegramtest.Config{Token: token, BotUsername: "rankova_bot", Groups: []telegramtest.Group{
		{Chat: -1001, Title: "Спільнота", Forum: true, Topics: map[int]string{3: "Обладнання"}}, {Chat: -5, Title: "Група"},
	}})
	server := httptest.NewServer(fake)
	t.Cleanup(func() { fake.Close(); server.Close() })
	log := &strings.Builder{}
	cfg := telegram.Config{Token: token, APIURL: server.URL, PollTimeout: 2 * time.Second, Log: slog.New(slog.NewTextHandler(log, nil))}
	if change != nil {
		change(&cfg)
	}
	b, err := telegram.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return scene{fake, b, server.URL, log}
}

// receive runs the bot's intake until stop.
func (s scene) receive(t *testing.T, in bots.Intake) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.bot.Receive(ctx, in) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Receive ended with %v", err)
			}
			if strings.Contains(s.log.String(), "secret-token") {
				t.Errorf("the token was logged: %s", s.log)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

var oksana = telegramtest.User{ID: 1001, Name: "Оксана", Username: "oksana", Language: "uk"}

func (s scene) says(t *testing.T, say telegramtest.Say) int {
	t.Helper()
	if say.From.ID == 0 {
		say.From = oksana
	}
	if say.Chat == 0 {
		say.Chat = say.From.ID
	}
	id, err := s.fake.Say(say)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func to(chat string) bots.Address { return bots.Address{Bot: "telegram", Chat: bots.ChatID(chat)} }

func TestMessagesComeInAndAreConfirmedOnlyWhenStored(t *testing.T) {
	s := newScene(t, nil)
	in := newIntake()
	in.fail = 2
	s.says(t, telegramtest.Say{Text: "Привіт"})
	stop := s.receive(t, in)
	m := in.wait(t, 1)[0]
	if m.Kind != bots.New || m.Text.Plain != "Привіт" || m.From != to("1001") || m.Author.Name != "Оксана" || !m.Chat.Private || !m.Addressed || m.Author.Language != "uk" {
		t.Errorf("got %+v", m)
	}
	s.says(t, telegramtest.Say{Text: "ще"})
	if got := in.wait(t, 2); got[1].Text.Plain != "ще" {
		t.Errorf("got %+v", got)
	}
	stop()
	// What was stored is asked for again only from behind it.
	again := s.receive(t, in)
	s.says(t, telegramtest.Say{Text: "після перерви"})
	if got := in.wait(t, 3); len(got) != 3 || got[2].Text.Plain != "після перерви" {
		t.Errorf("got %d messages: %+v", len(got), got)
	}
	again()
}

func TestGroupsTopicsAndWhoIsAddressed(t *testing.T) {
	s := newScene(t, nil)
	in := newIntake()
	s.receive(t, in)
	first := s.says(t, telegramtest.Say{Chat: -1001, Topic: 3, Text: "просто розмова"})
	s.says(t, telegramtest.Say{Chat: -1001, Topic: 3, Text: "@rankova_bot а доставка?"})
	s.says(t, telegramtest.Say{Chat: -1001, Text: "/ask@rankova_bot що там"})
	s.says(t, telegramtest.Say{Chat: -1001, Text: "/ask@other_bot що там"})
	s.says(t, telegramtest.Say{Chat: -1001, Topic: 3, Text: "відповідь", ReplyTo: first})
	got := in.wait(t, 5)
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
	if got[4].ReplyTo != bots.MessageID(fmt.Sprint(first)) {
		t.Errorf("reply to %q, want %d", got[4].ReplyTo, first)
	}
	if !strings.HasPrefix(got[0].Chat.Link, "https://t.me/c/") {
		t.Errorf("link %q", got[0].Chat.Link)
	}
}

func TestFilesAlbumsEditsAndBlocks(t *testing.T) {
	s := newScene(t, nil)
	in := newIntake()
	s.receive(t, in)
	file := func(kind, name, data string) telegramtest.File {
		return telegramtest.File{Kind: kind, Name: name, Data: []byte(data), Size: int64(len(data))}
	}
	s.says(t, telegramtest.Say{Text: "підпис", Files: []telegramtest.File{file("photo", "a.jpg", "aa"), file("photo", "b.jpg", "bb")}, Album: true})
	s.says(t, telegramtest.Say{Files: []telegramtest.File{file("document", "рахунок.pdf", "%PDF")}})
	s.says(t, telegramtest.Say{Files: []telegramtest.File{file("voice", "", "ogg")}})
	id := s.says(t, telegramtest.Say{Text: "одрук"})
	if err := s.fake.Edit(1001, id, "виправлено"); err != nil {
		t.Fatal(err)
	}
	s.fake.Block(1001, true)
	s.fake.Block(1001, false)
	got := in.wait(t, 8)
	if got[0].Album == "" || got[0].Album != got[1].Album || got[0].Text.Plain != "підпис" || len(got[1].Files) != 1 {
		t.Errorf("album %+v %+v", got[0], got[1])
	}
	if f := got[2].Files[0]; f.Kind != bots.Document || f.Name != "рахунок.pdf" {
		t.Errorf("document %+v", f)
	}
	if f := got[3].Files[0]; f.Kind != bots.Voice {
		t.Errorf("voice %+v", f)
	}
	if m := got[5]; m.Kind != bots.Edited || m.ID != got[4].ID || m.Text.Plain != "виправлено" {
		t.Errorf("edit %+v", m)
	}
	if got[6].Kind != bots.Blocked || got[7].Kind != bots.Returned {
		t.Errorf("kinds %s, %s", got[6].Kind, got[7].Kind)
	}
	r, err := s.bot.OpenFile(t.Context(), got[2].Files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if data, err := io.ReadAll(r); string(data) != "%PDF" || err != nil {
		t.Errorf("downloaded %q, %v", data, err)
	}
}

func TestSendsTextButtonsAndLongTexts(t *testing.T) {
	s := newScene(t, nil)
	asked := s.says(t, telegramtest.Say{Text: "питання"})
	text := bots.Text{Plain: "Ось так <b>&", Spans: []bots.Span{{Kind: bots.Bold, Start: 0, End: 6}}}
	id, err := s.bot.Send(t.Context(), bots.Outgoing{
		To: to("1001"), Text: text, ReplyTo: bots.MessageID(fmt.Sprint(asked)), Buttons: [][]bots.Button{{{Label: "Так", Data: "yes"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := s.fake.Messages(1001)[1]
	if m.Text != "Ось так <b>&" || !strings.Contains(m.HTML, "<b>Ось</b>") || !strings.Contains(m.HTML, "&lt;b&gt;&amp;") || m.ReplyTo != asked || m.Buttons[0][0].Data != "yes" {
		t.Errorf("sent %+v", m)
	}
	if err := s.bot.Edit(t.Context(), to("1001"), id, bots.Outgoing{Text: text}); err != nil {
		t.Fatal(err)
	}
	if m = s.fake.Messages(1001)[1]; len(m.Buttons) != 0 || m.Text != text.Plain {
		t.Errorf("edited %+v", m)
	}
	if err := s.bot.Edit(t.Context(), to("1001"), id, bots.Outgoing{Text: text}); err != nil {
		t.Errorf("an edit that changes nothing = %v", err)
	}
	long := strings.Repeat("слово 😀 ", 1500)
	if _, err := s.bot.Send(t.Context(), bots.Outgoing{To: to("1001"), Text: bots.Plain(long), Buttons: [][]bots.Button{{{Label: "Так", Data: "yes"}}}}); err != nil {
		t.Fatal(err)
	}
	ms := s.fake.Messages(1001)[2:]
	var all []string
	for i, m := range ms {
		all = append(all, m.Text)
		if (len(m.Buttons) > 0) != (i == len(ms)-1) {
			t.Errorf("part %d of %d has buttons %v", i, len(ms), m.Buttons)
		}
	}
	if len(ms) < 3 || strings.Join(strings.Fields(strings.Join(all, " ")), " ") != strings.Join(strings.Fields(long), " ") {
		t.Errorf("%d parts do not make the text", len(ms))
	}
	if err := s.bot.Delete(t.Context(), to("1001"), id); err != nil || !s.fake.Messages(1001)[1].Deleted {
		t.Errorf("delete = %v", err)
	}
}

func TestSendsFiles(t *testing.T) {
	s := newScene(t, nil)
	s.says(t, telegramtest.Say{Text: "питання"})
	upload := func(name, mime, data string) bots.Upload {
		return bots.Upload{Name: name, MIME: mime, Size: int64(len(data)), Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(data)), nil
		}}
	}
	_, err := s.bot.Send(t.Context(), bots.Outgoing{To: to("1001"), Text: bots.Plain("дивіться"), Files: []bots.Upload{
		upload("фото.jpg", "image/jpeg", "jpeg"), upload("файл.pdf", "application/pdf", "pdf"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	ms := s.fake.Messages(1001)[1:]
	if len(ms) != 2 || ms[0].Text != "дивіться" || ms[0].Files[0].Kind != "photo" || string(ms[1].Files[0].Data) != "pdf" {
		t.Errorf("sent %+v", ms)
	}
}

func TestFailuresAreClassified(t *testing.T) {
	s := newScene(t, nil)
	s.says(t, telegramtest.Say{Text: "питання"})
	send := func(chat, text string) error {
		_, err := s.bot.Send(t.Context(), bots.Outgoing{To: to(chat), Text: bots.Plain(text)})
		if err != nil && strings.Contains(err.Error(), "secret-token") {
			t.Errorf("the token is in %v", err)
		}
		return err
	}
	if err := send("777", "кому?"); !errors.Is(err, bots.ErrUnreachable) {
		t.Errorf("unknown chat: %v", err)
	}
	if err := send("1001", ""); !errors.Is(err, bots.ErrRejected) {
		t.Errorf("empty text: %v", err)
	}
	s.fake.Block(1001, true)
	if err := send("1001", "агов"); !errors.Is(err, bots.ErrUnreachable) {
		t.Errorf("blocked: %v", err)
	}
	s.fake.Block(1001, false)
	s.says(t, telegramtest.Say{Chat: -5, Text: "у групі"})
	moved := s.fake.Migrate(-5)
	var to bots.MovedError
	err := send("-5", "агов")
	var movedErr *bots.MovedError
	if !errors.As(err, &movedErr) || movedErr.Chat != bots.ChatID(fmt.Sprint(moved)) {
		t.Errorf("migrated: %v %v", err, to)
	}
	s.fake.Fault(telegramtest.Fault{Kind: "rate_limit", For: time.Hour})
	var retry *bots.RetryError
	if err := send("1001", "агов"); !errors.As(err, &retry) || retry.After <= 0 {
		t.Errorf("too many: %v", err)
	}
}

func TestServerErrorsAreTemporary(t *testing.T) {
	s := newScene(t, nil)
	s.says(t, telegramtest.Say{Text: "питання"})
	s.fake.Fault(telegramtest.Fault{Kind: "server_error", For: time.Hour})
	_, err := s.bot.Send(t.Context(), bots.Outgoing{To: to("1001"), Text: bots.Plain("агов")})
	var retry *bots.RetryError
	if !errors.As(err, &retry) {
		t.Errorf("5xx: %v", err)
	}
}

func TestWrongTokenEndsReceiveInWords(t *testing.T) {
	s := newScene(t, func(c *telegram.Config) { c.Token = "123456:wrong" })
	err := s.bot.Receive(t.Context(), newIntake())
	if err == nil || !strings.Contains(err.Error(), "PORUCH_TELEGRAM_TOKEN") {
		t.Errorf("Receive = %v, want words", err)
	}
	if err := s.bot.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "BotFather") {
		t.Errorf("Check = %v", err)
	}
}

func TestOddUpdatesHoldUpNobody(t *testing.T) {
	s := newScene(t, nil)
	in := newIntake()
	s.receive(t, in)
	s.fake.Raw(`{"poll_answer": {"poll_id": "1"}}`)
	s.fake.Raw(`{"message": {"message_id": "not a number"}}`)
	s.says(t, telegramtest.Say{Text: strings.Repeat("\u200b", 2000)})
	s.says(t, telegramtest.Say{Text: "далі"})
	got := in.wait(t, 2)
	if got[1].Text.Plain != "далі" {
		t.Errorf("got %+v", got)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.unread) != 2 {
		t.Errorf("unread %+v, want both odd ones", in.unread)
	}
}

func TestWebhook(t *testing.T) {
	s := newScene(t, func(c *telegram.Config) {
		c.Mode, c.WebhookURL, c.WebhookSecret = telegram.Webhook, "https://example.com", "hook-secret"
	})
	in := newIntake()
	h := s.bot.Webhook(in)
	post := func(secret, body string) int {
		r := httptest.NewRequest(http.MethodPost, "/webhooks/telegram", strings.NewReader(body))
		if secret != "" {
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	const update = `{"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": {"id": 1001, "type": "private"}, "from": {"id": 1001, "first_name": "Оксана"}, "text": "Привіт"}}`
	for secret, want := range map[string]int{"": 401, "wrong": 401, "hook-secret": 200} {
		if got := post(secret, update); got != want {
			t.Errorf("secret %q: %d, want %d", secret, got, want)
		}
	}
	if len(in.got) != 1 || in.got[0].UpdateID != "7" || in.cursor != "" {
		t.Errorf("delivered %+v", in.got)
	}
	in.fail = 1
	if got := post("hook-secret", update); got != 500 {
		t.Errorf("store away: %d, want 500", got)
	}
	if got := post("hook-secret", "{"); got != 400 {
		t.Errorf("half a body: %d", got)
	}
	if got := post("hook-secret", `{"x":"`+strings.Repeat("a", 2<<20)+`"}`); got != 413 {
		t.Errorf("2 MB: %d", got)
	}
}
