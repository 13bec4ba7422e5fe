package telegram_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/poruch/poruch/bots"
)

func TestFormattingGoesOutAndStaysInPlace(t *testing.T) {
	s := newScene(t, nil)
	text := bots.Text{Plain: "😀 Ось <b>&", Spans: []bots.Span{{Kind: bots.Bold, Start: 5, End: 11}}}
	if _, err := s.bot.Send(t.Context(), bots.Outgoing{To: to(1001), Text: text}); err != nil {
		t.Fatal(err)
	}
	if m := s.sent(1001)[0]; m.HTML != "😀 <b>Ось</b> &lt;b&gt;&amp;" {
		t.Errorf("people see %s", m.HTML)
	}
}

func TestTopicsAreKept(t *testing.T) {
	s := newScene(t, nil)
	at := bots.Address{Bot: "telegram", Chat: "-1001", Topic: "3"}
	long := strings.Repeat("слово ", 1000)
	if _, err := s.bot.Send(t.Context(), bots.Outgoing{To: at, Text: bots.Plain(long), Files: []bots.Upload{holding("a.pdf", "application/pdf", "a")}}); err != nil {
		t.Fatal(err)
	}
	ms := s.sent(-1001)
	if len(ms) != 3 {
		t.Errorf("%d messages, want a file and two parts", len(ms))
	}
	for _, m := range ms {
		if m.Topic != 3 {
			t.Errorf("a message went to topic %d", m.Topic)
		}
	}
	at.Topic = "9"
	if _, err := s.bot.Send(t.Context(), bots.Outgoing{To: at, Text: bots.Plain("куди?")}); !errors.Is(err, bots.ErrRejected) {
		t.Errorf("to a topic that is not there: %v", err)
	}
}

// Links stay under a file's caption when the other buttons go.
func TestLinksStayWhenButtonsGo(t *testing.T) {
	s := newScene(t, nil)
	link := []bots.Button{{Label: "Стежити", URL: "https://np.example/track?a=1&b=2"}}
	out := bots.Outgoing{
		To: to(1001), Text: bots.Plain("Доставка 1–3 дні"), Files: []bots.Upload{holding("a.pdf", "application/pdf", "a")},
		Buttons: [][]bots.Button{link, {{Label: "Допомогло", Data: "helped:1"}}, {{URL: "ftp://np.example"}, {URL: "https://localhost"}, {URL: "https://np.example/без"}}},
	}
	id, err := s.bot.Send(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	m := s.sent(1001)[0]
	if len(m.Buttons) != 3 || m.Buttons[0][0].URL != link[0].URL || len(m.Buttons[2]) != 1 || m.Buttons[2][0].Text != "https://np.example/без" {
		t.Errorf("people see %+v", m.Buttons)
	}
	if err := s.fake.Press(1001, m.ID, "", oksana); err == nil {
		t.Error("a link was pressed, and the bot was told")
	}
	out.Buttons = [][]bots.Button{link}
	if err := s.bot.Edit(t.Context(), out.To, id, out); err != nil {
		t.Fatal(err)
	}
	if m = s.sent(1001)[0]; len(m.Buttons) != 1 || m.Buttons[0][0].URL != link[0].URL {
		t.Errorf("after the edit people see %+v", m.Buttons)
	}
}
