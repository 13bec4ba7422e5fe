package telegram_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/telegram"
	"github.com/poruch/poruch/bots/telegram/telegramtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "123456:secret-token-of-the-test"

var oksana, taras = telegramtest.User{ID: 1001, Name: "Оксана", Username: "oksana", Language: "uk"}, telegramtest.User{ID: 1002, Name: "Тарас"}

// scene is a bot and the server that it talks to.
type scene struct {
	fake *telegramtest.Server
	bot  *telegram.Bot
	url  string
	log  *logged
}

// newScene ends with the test. change may be nil.
func newScene(t *testing.T, change func(*telegram.Config)) scene {
	t.Helper()
	fake := telegramtest.New(telegramtest.Config{
		Token: token, BotUsername: "rankova_bot", People: []telegramtest.User{oksana, taras}, Groups: []telegramtest.Group{
			{Chat: -1001, Title: "Спільнота", Forum: true, Topics: map[int]string{3: "Обладнання"}}, {Chat: -5, Title: "Група"},
		},
	})
	server := httptest.NewServer(fake)
	t.Cleanup(func() { fake.Close(); server.Close() })
	return newSceneAt(t, fake, server.URL, change)
}

func newSceneAt(t *testing.T, fake *telegramtest.Server, url string, change func(*telegram.Config)) scene {
	t.Helper()
	log, transport := &logged{}, &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	cfg := telegram.Config{Token: token, APIURL: url, PollTimeout: 2 * time.Second, Log: slog.New(slog.NewTextHandler(log, nil)), Transport: transport}
	if change != nil {
		change(&cfg)
	}
	b, err := telegram.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return scene{fake, b, url, log}
}

// receive runs the bot's intake until stop.
func (s scene) receive(t *testing.T, in bots.Intake) (stop func()) {
	t.Helper()
	return s.receiveAs(t, s.bot, in)
}

func (s scene) receiveAs(t *testing.T, r bots.Receiver, in bots.Intake) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Receive(ctx, in) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Receive ended with %v", err)
		}
		if strings.Contains(s.log.String(), "secret-token") {
			t.Errorf("the token was logged: %s", s.log)
		}
	})
	t.Cleanup(stop)
	return stop
}

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

// sent are the bot's messages in a chat.
func (s scene) sent(chat int64) (ms []telegramtest.Message) {
	for _, m := range s.fake.Messages(chat) {
		if m.From.IsBot {
			ms = append(ms, m)
		}
	}
	return ms
}

func to(chat int64) bots.Address {
	return bots.Address{Bot: "telegram", Chat: bots.ChatID(strconv.FormatInt(chat, 10))}
}

func message(id int) bots.MessageID { return bots.MessageID(strconv.Itoa(id)) }

// logged is a log that several goroutines write and tests read.
type logged struct {
	mu   sync.Mutex
	b    bytes.Buffer
	wait string
	said chan struct{}
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.b.Write(p)
	if l.said != nil && strings.Contains(l.b.String(), l.wait) {
		close(l.said)
		l.said = nil
	}
	return n, err
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// says is closed once the log holds these words.
func (l *logged) says(words string) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	said := make(chan struct{})
	if l.wait, l.said = words, said; strings.Contains(l.b.String(), words) {
		close(said)
		l.said = nil
	}
	return said
}
