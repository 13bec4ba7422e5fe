package demo

import (
	"bufio"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/poruch/poruch/bots/telegram/telegramtest"
)

func (s *stage) html(path string, header ...string) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequest("GET", s.page.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
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
	return resp, string(b)
}

func (s *stage) form(path string, pairs ...string) (int, string) {
	s.t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.PostForm(s.page.URL+path, v)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body) // only for the message of a failure
	return resp.StatusCode, string(b)
}

func TestPageKeepsToItself(t *testing.T) {
	s := newStage(t)
	resp, body := s.html("/")
	policy := resp.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy: %s", policy)
	}
	for _, bad := range []string{"http://", "https://", "//cdn", "<style", " style=", " onclick", "hx-on"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if !strings.Contains(body, "<h1>Поруч</h1>") || !strings.Contains(body, "Оксана") || !strings.Contains(body, "Ранкова — спільнота") {
		t.Errorf("the page lacks its name, a customer or a group:\n%.600s", body)
	}
	for _, path := range regexp.MustCompile(`(?:src|href)="(/static/[^"]+)"`).FindAllStringSubmatch(body, -1) {
		if resp, _ := s.html(path[1]); resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path[1], resp.StatusCode)
		}
	}
}

func TestPageSpeaksEnglish(t *testing.T) {
	s := newStage(t)
	if code, _ := s.form("/language", "language", "tlh"); code != http.StatusBadRequest {
		t.Errorf("an unknown language: %d", code)
	}
	_, body := s.html("/", "Cookie", languageCookie+"=en")
	if !strings.Contains(body, "Ask as a customer") || strings.Contains(body, "Спитайте") {
		t.Error("the page is not in English")
	}
}

func TestHostileTextStaysText(t *testing.T) {
	s := newStage(t)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	who := telegramtest.User{ID: 1001, Name: evil}
	if _, err := s.Telegram.Say(telegramtest.Say{Chat: 1001, From: who, Text: evil, Files: []telegramtest.File{{Kind: "document", Name: evil, Data: []byte(evil), MIME: "text/html"}}}); err != nil {
		t.Fatal(err)
	}
	ts, err := s.Slack.Post(s.Inbox, "", "U0OLENA", evil)
	if err != nil {
		t.Fatal(err)
	}
	s.call("chat.postMessage", url.Values{"channel": {s.Inbox}, "thread_ts": {ts}, "username": {evil}, "text": {"x"},
		"blocks": {`[{"type":"header","text":{"type":"plain_text","text":"<script>1</script>"}},{"type":"divider","block_id":"<script>"},{"type":"actions","elements":[{"type":"button","action_id":"\"><script>","text":{"type":"plain_text","text":"<script>"},"value":"<script>"}]}]`}})
	_, body := s.html("/?thread=" + ts)
	if strings.Contains(body, "<script>") || strings.Contains(body, "<img src=x") {
		t.Error("a customer's text became markup")
	}
	if !strings.Contains(body, "&lt;script&gt;alert(1)") {
		t.Error("a customer's text is missing")
	}
	resp, _ := s.html("/media/telegram/1001/1/0")
	if resp.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("a file that is no picture came as %v", resp.Header)
	}
}

var version = regexp.MustCompile(`name="(v-[a-z]+)" value="([0-9a-f]+)"`)

// A window that is up to date is left alone.
func TestLivePartsChangeOnlyWithTheirContent(t *testing.T) {
	s := newStage(t)
	for _, path := range []string{"/customer/chat", "/team/channel", "/team/replies", "/team/modal"} {
		_, body := s.html(path)
		m := version.FindStringSubmatch(body)
		if m == nil {
			t.Fatalf("%s carries no version", path)
		}
		if resp, _ := s.html(path + "?" + m[1] + "=" + m[2]); resp.StatusCode != http.StatusNoContent {
			t.Errorf("%s, unchanged: %d", path, resp.StatusCode)
		}
		if resp, _ := s.html(path + "?" + m[1] + "=0000"); resp.StatusCode != http.StatusOK {
			t.Errorf("%s, of another version: %d", path, resp.StatusCode)
		}
	}
}

func TestUnreadCounts(t *testing.T) {
	s := newStage(t)
	if code, text := s.form("/customer/say", "me", "1001", "chat", "1001", "text", "Привіт"); code != http.StatusNoContent {
		t.Fatalf("say: %d %s", code, text)
	}
	for range 2 {
		if err := s.bot(t.Context(), "sendMessage", map[string]any{"chat_id": 1001, "text": "Вітаємо"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, body := s.html("/customer/chat?me=1002"); !strings.Contains(body, `aria-label="2 непрочитані"`) {
		t.Error("Тарас does not see that Оксана has two unread messages")
	}
	s.html("/customer/chat?me=1001")
	if _, body := s.html("/customer/chat?me=1002"); strings.Contains(body, "непрочитан") {
		t.Error("what was read is still counted")
	}
}

func TestCustomersForms(t *testing.T) {
	s := newStage(t)
	s.form("/customer/say", "me", "1001", "chat", "-1001000000002", "topic", "3", "text", "Перше")
	group := s.Telegram.Messages(-1001000000002)
	if len(group) != 1 || group[0].Topic != 3 || group[0].From.Name != "Оксана" {
		t.Fatalf("group: %+v", group)
	}
	if code, _ := s.form("/customer/say", "me", "1002", "chat", "-1001000000002", "topic", "3", "edit", "1", "text", "чуже"); code != http.StatusBadRequest {
		t.Errorf("editing another's message: %d", code)
	}
	s.form("/customer/say", "me", "1001", "chat", "-1001000000002", "topic", "3", "edit", "1", "text", "Інше")
	s.form("/customer/say", "me", "1002", "chat", "-1001000000002", "topic", "3", "reply_to", "1", "sample", "photo")
	group = s.Telegram.Messages(-1001000000002)
	if len(group) != 2 || group[0].Text != "Інше" || group[1].ReplyTo != 1 || len(group[1].Files) != 1 {
		t.Fatalf("group: %+v", group)
	}
	resp, _ := s.html("/media/telegram/-1001000000002/2/0")
	if resp.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the photo came as %v", resp.Header)
	}
	if code, text := s.form("/customer/say", "me", "1001"); code != http.StatusBadRequest || !strings.Contains(text, "Напишіть") {
		t.Errorf("an empty message: %d %s", code, text)
	}
}

// The stream names both sides at its start, then what changes.
func TestEvents(t *testing.T) {
	s := newStage(t)
	resp, err := http.Get(s.page.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	next := func() string {
		for lines.Scan() {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				return name
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ""
	}
	if a, b := next(), next(); a != "telegram" || b != "slack" {
		t.Fatalf("began with %s, %s", a, b)
	}
	if _, err := s.Slack.Post(s.Inbox, "", "U0OLENA", "привіт"); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "slack" {
		t.Errorf("then came %s, want slack", got)
	}
}

func TestNewNeedsItsParts(t *testing.T) {
	f := NewFakes(FakesConfig{})
	defer f.Close()
	for what, spoil := range map[string]func(*Config){
		"no telegram":  func(c *Config) { c.Telegram = nil },
		"no inbox":     func(c *Config) { c.Inbox = "" },
		"no customers": func(c *Config) { c.Customers = nil },
	} {
		cfg := f.Page("x")
		spoil(&cfg)
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
