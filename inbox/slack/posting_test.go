package slack_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/inbox/slack/slacktest"
)

func TestPostInThread(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	p := post("job-1", "Ще одне питання")
	p.Link = "https://t.me/c/1/3"
	ref, err := w.console.Post(t.Context(), at, p)
	if err != nil {
		t.Fatal(err)
	}
	m := w.shown(t, ref.TS)
	if m.ThreadTS != at.TS || m.Username != "Оксана · Telegram" || m.Text != "Ще одне питання" || !shows(t, m, "Ще одне питання") {
		t.Errorf("got %+v\n%s", m, m.Blocks)
	}
	if !shows(t, m, "<https://t.me/c/1/3|Open in the chat>") {
		t.Errorf("no way to the chat in %s", m.Blocks)
	}
}

// Each kind of post says whose words it carries.
func TestPostsSayWhoSpeaks(t *testing.T) {
	for name, c := range map[string]struct {
		post inbox.Post
		want []string
	}{
		"bot":           {inbox.Post{Kind: inbox.PostBot, Text: bots.Plain("1–2 дні")}, []string{"The bot told the customer:", "1–2 дні"}},
		"agent":         {inbox.Post{Kind: inbox.PostAgent, Author: "Олена", Text: bots.Plain("Так")}, []string{"Олена answers the customer:", "Так"}},
		"unnamed agent": {inbox.Post{Kind: inbox.PostAgent, Text: bots.Plain("Так")}, []string{"An answer to the customer:", "Так"}},
		"note":          {inbox.Post{Kind: inbox.PostNote, Text: bots.Plain("Не доставлено")}, []string{"Не доставлено"}},
		"missing file":  {inbox.Post{Kind: inbox.PostNote, Text: bots.Plain("x"), Missing: []string{"фото.jpg is gone"}}, []string{"фото.jpg is gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.post.Key = "job-1"
			ref, err := w.console.Post(t.Context(), w.thread(t), c.post)
			if err != nil {
				t.Fatal(err)
			}
			m := w.shown(t, ref.TS)
			for _, want := range c.want {
				if !shows(t, m, want) {
					t.Errorf("%q is not in %s", want, m.Blocks)
				}
			}
			if m.Username != "" {
				t.Errorf("the app's own post stands under the name %q", m.Username)
			}
		})
	}
}

func TestReviseKeepsTheOldWords(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	ctx := t.Context()
	ref, err := w.console.Post(ctx, at, post("job-1", "завтра"))
	if err != nil {
		t.Fatal(err)
	}
	p := post("job-1", "сьогодні")
	p.Edited, p.Before = true, bots.Plain("завтра")
	if err := w.console.Revise(ctx, ref, p); err != nil {
		t.Fatal(err)
	}
	m := w.shown(t, ref.TS)
	if !shows(t, m, "сьогодні") || !shows(t, m, "Оксана") || !struckOut(t, m, "завтра") {
		t.Errorf("got %s", m.Blocks)
	}
	p.Edited, p.Deleted = false, true
	if err := w.console.Revise(ctx, ref, p); err != nil {
		t.Fatal(err)
	}
	m = w.shown(t, ref.TS)
	if !shows(t, m, "The customer deleted this message.") || !struckOut(t, m, "сьогодні") || m.Deleted {
		t.Errorf("got %s", m.Blocks)
	}
	// An edit of long words still fits into one post.
	p = post("job-1", strings.Repeat("довго ", 2000))
	p.Edited, p.Before = true, bots.Plain(strings.Repeat("раніше ", 2000))
	if err := w.console.Revise(ctx, ref, p); err != nil {
		t.Errorf("a long edit: %v", err)
	}
}

func struckOut(t *testing.T, m slacktest.Message, text string) bool {
	for _, l := range leaves(t, m.Blocks) {
		style, _ := l.object["style"].(map[string]any)
		if strings.Contains(l.text, text) && style["strike"] == true {
			return true
		}
	}
	return false
}

// Without the permission to choose a name, the words say whose they are.
func TestPostWithoutCustomize(t *testing.T) {
	w := newWorld(t, func(c *slacktest.Config, _ *slack.Config) {
		c.Scopes = []string{"chat:write", "users:read"}
	})
	ref, err := w.console.Post(t.Context(), w.thread(t), post("job-1", "питання"))
	if err != nil {
		t.Fatal(err)
	}
	m := w.shown(t, ref.TS)
	if m.Username != "" || !shows(t, m, "Оксана · Telegram") || !shows(t, m, "питання") {
		t.Errorf("got %q: %s", m.Username, m.Blocks)
	}
}

// Should Slack refuse the blocks, the words still come: escaped, and unformatted.
func TestWordsWithoutBlocks(t *testing.T) {
	w := newWorld(t)
	at := w.thread(t)
	w.Fault(slacktest.Fault{Kind: "error", Method: "chat.postMessage", Code: "invalid_blocks", Times: 1})
	ref, err := w.console.Post(t.Context(), at, post("job-1", "<!channel> *увага*"))
	if err != nil {
		t.Fatal(err)
	}
	if m := w.shown(t, ref.TS); m.Text != "&lt;!channel&gt; *увага*" || m.Blocks != nil || m.Username != "Оксана · Telegram" {
		t.Errorf("got %+v", m)
	}
	calls := w.said("chat.postMessage")
	if last := calls[len(calls)-1]; last.Get("mrkdwn") != "false" || last.Get("parse") != "none" {
		t.Errorf("the words would be formatted: %v", last)
	}
}

func TestMarkShowsHowFarAReplyHasCome(t *testing.T) {
	const waiting, sent, failed = "hourglass_flowing_sand", "white_check_mark", "warning"
	w := newWorld(t)
	at := w.thread(t)
	for _, c := range []struct {
		marks []inbox.Delivery
		want  []string
	}{
		{[]inbox.Delivery{inbox.Waiting}, []string{waiting}},
		{[]inbox.Delivery{inbox.Waiting, inbox.Waiting, inbox.Sent, inbox.Sent}, []string{sent}},
		{[]inbox.Delivery{inbox.Waiting, inbox.Failed}, []string{failed}},
		{[]inbox.Delivery{inbox.Waiting, inbox.Unsent}, nil},
		{[]inbox.Delivery{inbox.Sent}, []string{sent}},
	} {
		ref := inbox.PostRef{Channel: channel, TS: w.says(t, at, olena, "відповідь")}
		for _, d := range c.marks {
			if err := w.console.Mark(t.Context(), ref, d); err != nil {
				t.Fatalf("%v: %v", d, err)
			}
		}
		var got []string
		for _, r := range w.shown(t, ref.TS).Reactions {
			got = append(got, r.Name)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.marks, diff)
		}
	}
	gone := inbox.PostRef{Channel: channel, TS: w.says(t, at, olena, "помилка")}
	if err := w.Delete(channel, gone.TS, olena); err != nil {
		t.Fatal(err)
	}
	if err := w.console.Mark(t.Context(), gone, inbox.Sent); err != nil {
		t.Errorf("a deleted message needs no mark: %v", err)
	}
}

// An attempt that ended without an answer left its post, and Find finds it.
func TestFindAfterALostAnswer(t *testing.T) {
	ctx := context.Background()
	t.Run("thread", func(t *testing.T) {
		w := newWorld(t)
		before := time.Now()
		w.Fault(slacktest.Fault{Kind: "disconnect", Method: "chat.postMessage"})
		_, err := w.console.Open(ctx, channel, card())
		mayHaveBeenPosted(t, err)
		w.Fault(slacktest.Fault{})
		ref, err := w.console.Find(ctx, channel, inbox.ThreadRef{}, "ticket-7", before)
		if err != nil || ref.TS == "" || ref.TS != w.Messages(channel)[0].TS {
			t.Errorf("got %+v %v", ref, err)
		}
	})
	t.Run("post", func(t *testing.T) {
		w := newWorld(t)
		at := w.thread(t)
		w.Fault(slacktest.Fault{Kind: "disconnect", Method: "chat.postMessage"})
		_, err := w.console.Post(ctx, at, post("job-9", "чи дійшло?"))
		mayHaveBeenPosted(t, err)
		w.Fault(slacktest.Fault{})
		for key, want := range map[string]bool{"job-9": true, "job-99": false, "ticket-7": true} {
			ref, err := w.console.Find(ctx, channel, at, key, time.Now())
			if err != nil || (ref.TS != "") != want {
				t.Errorf("%s: got %+v %v", key, ref, err)
			}
		}
	})
	t.Run("never posted", func(t *testing.T) {
		w := newWorld(t)
		at := w.thread(t)
		w.Fault(slacktest.Fault{Kind: "timeout", Method: "chat.postMessage"})
		hung, cancel := context.WithCancel(ctx)
		errs := make(chan error, 1)
		go func() {
			_, err := w.console.Post(hung, at, post("job-9", "чи дійшло?"))
			errs <- err
		}()
		w.until(func() bool { return w.Calls("chat.postMessage") == 2 })
		cancel()
		err := <-errs
		mayHaveBeenPosted(t, err)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if ref, err := w.console.Find(ctx, channel, at, "job-9", time.Time{}); err != nil || ref != (inbox.PostRef{}) {
			t.Errorf("got %+v %v", ref, err)
		}
	})
	t.Run("many posts later", func(t *testing.T) {
		w := newWorld(t)
		at := w.thread(t)
		for i := range 450 {
			w.says(t, at, olena, fmt.Sprint("номер ", i))
		}
		ref, err := w.console.Post(ctx, at, post("job-9", "наприкінці"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.console.Find(ctx, channel, at, "job-9", time.Time{}); err != nil || got != ref {
			t.Errorf("got %+v %v", got, err)
		}
	})
	t.Run("no permission to look", func(t *testing.T) {
		w := newWorld(t)
		at := w.thread(t)
		w.Fault(slacktest.Fault{Kind: "error", Method: "conversations.replies", Code: "missing_scope"})
		if ref, err := w.console.Find(ctx, channel, at, "job-9", time.Now()); err != nil || ref != (inbox.PostRef{}) {
			t.Errorf("got %+v %v", ref, err)
		}
	})
}

// mayHaveBeenPosted: an error that is none of the sure ones.
func mayHaveBeenPosted(t *testing.T, err error) {
	t.Helper()
	var retry *bots.RetryError
	if err == nil || errors.As(err, &retry) || errors.Is(err, bots.ErrRejected) || errors.Is(err, bots.ErrUnreachable) {
		t.Errorf("got %v", err)
	}
}
