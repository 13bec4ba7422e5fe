package slack_test

import (
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// A customer who goes by the name of a member is marked, wherever the name is
// shown.
func TestCustomersCannotPoseAsStaff(t *testing.T) {
	for name, posing := range map[string]bool{
		"Олена Коваль": true, "олена коваль": true, " Олена\u00a0 Коваль ": true, "Олена\u200bКоваль": true, "Олена_Коваль": true,
		"Oлeнa Koвaль": true, "O\u0336лена Ковал\u0301ь": true, "𝐎лена Коваль": true, "Олена Коваль…": true, "\u202eОлена Коваль": true,
		"olena": true, "оlеnа": true, "ｏｌｅｎａ": true, "0lena": true, "Тарас Бондар": true, "taras": true, "Поруч": true, "poruch": true,
		"Підтримка": true, "Підтpимкa": true,
		"Оксана": false, "Олена": false, "Олена Ковальчук": false, "🌸": false, "王芳": false,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(_ *slacktest.Config, c *slack.Config) { c.Agents = map[string]string{olena: "Підтримка"} })
			in := card()
			in.Contact.Name = name
			at, err := w.console.Open(t.Context(), channel, in)
			if err != nil {
				t.Fatal(err)
			}
			p := post("job-1", "я свій")
			p.Author = name
			ref, err := w.console.Post(t.Context(), at, p)
			if err != nil {
				t.Fatal(err)
			}
			if marked := strings.Contains(w.shown(t, ref.TS).Username, "(customer) · Telegram"); marked != posing {
				t.Errorf("the post stands under %q", w.shown(t, ref.TS).Username)
			}
			if marked := shows(t, w.shown(t, at.TS), "(customer)"); marked != posing {
				t.Errorf("the card says %s", w.shown(t, at.TS).Blocks)
			}
		})
	}
}

// As long as Slack does not say who its members are, anybody might pose, and
// Slack is not asked for each word.
func TestUnknownMembers(t *testing.T) {
	now := noon
	w := newWorld(t, func(_ *slacktest.Config, c *slack.Config) { c.Now = func() time.Time { return now } })
	w.Fault(slacktest.Fault{Kind: "error", Method: "users.list", Code: "missing_scope"})
	at := w.thread(t)
	name := func() string {
		ref, err := w.console.Post(t.Context(), at, post("job-1", "так"))
		if err != nil {
			t.Fatal(err)
		}
		return w.shown(t, ref.TS).Username
	}
	if got := name(); got != "Оксана (customer) · Telegram" {
		t.Errorf("got %q", got)
	}
	if n := w.Calls("users.list"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	w.Fault(slacktest.Fault{})
	now = now.Add(2 * time.Minute)
	if got := name(); got != "Оксана · Telegram" {
		t.Errorf("got %q", got)
	}
}
