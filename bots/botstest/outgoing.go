package botstest

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/poruch/poruch/bots"
)

var yesNo = [][]bots.Button{{{Label: "Так", Data: "yes:1"}, {Label: "Ні", Data: "no:1"}}, {{Label: "Людину", Data: "human:1"}}}

func textGoesOut(t *testing.T, s *scene) {
	asked := s.Say(t, Say{Chat: s.Private, Text: "питання"})
	text := bots.Text{Plain: "Ось <b>&amp;</b> *так*\n👍 ок", Spans: []bots.Span{
		{Kind: bots.Bold, Start: 0, End: 6}, {Kind: bots.Link, Start: 7, End: 10, URL: "https://example.com/?a=1&b=2"},
	}}
	id := s.mustSend(t, bots.Outgoing{To: s.at(s.Private), Text: text, ReplyTo: asked, Buttons: yesNo})
	if m := s.shown(t, s.Private, id); m.Text != text.Plain || m.ReplyTo != asked || !reflect.DeepEqual(m.Buttons, yesNo) {
		t.Errorf("people see %+v", m)
	}
	id = s.mustSend(t, bots.Outgoing{To: s.at(s.Private), Text: bots.Plain("на видалене"), ReplyTo: "999999"})
	if m := s.shown(t, s.Private, id); m.Text != "на видалене" || m.ReplyTo != "" {
		t.Errorf("a reply to a message that is gone is seen as %+v", m)
	}
}

// linksGoOut: links are buttons too; one that no platform opens is left out, and
// the words arrive without it.
func linksGoOut(t *testing.T, s *scene) {
	link := []bots.Button{{Label: "Стежити за посилкою", URL: "https://example.com/track?a=1&b=2"}}
	odd := []bots.Button{{Label: "Ні", URL: "javascript:alert(1)"}, {Label: "Ні", URL: "https://"}, {Label: "Ні", URL: "%"}}
	id := s.mustSend(t, bots.Outgoing{To: s.at(s.Private), Text: bots.Plain("ось"), Buttons: append([][]bots.Button{odd, link}, yesNo...)})
	if m := s.shown(t, s.Private, id); !reflect.DeepEqual(m.Buttons, append([][]bots.Button{link}, yesNo...)) {
		t.Errorf("people see %+v", m.Buttons)
	}
	id = s.mustSend(t, bots.Outgoing{To: s.at(s.Private), Text: bots.Plain("без"), Buttons: [][]bots.Button{odd}})
	if m := s.shown(t, s.Private, id); m.Text != "без" || len(m.Buttons) > 0 {
		t.Errorf("people see %+v", m)
	}
}

func longTextGoesOut(t *testing.T, s *scene) {
	long := strings.Repeat("Доставка 🚚 коштує 70 грн.\n", 400)
	id := s.mustSend(t, bots.Outgoing{To: s.at(s.Private), Text: bots.Plain(long), Buttons: yesNo})
	wholeOnce := func(buttonsUnderLast bool) {
		t.Helper()
		var all []string
		ms := s.Shown(s.Private)
		for i, m := range ms {
			all = append(all, m.Text)
			if last := i == len(ms)-1; (len(m.Buttons) > 0) != (last && buttonsUnderLast) {
				t.Errorf("part %d of %d has buttons %v", i+1, len(ms), m.Buttons)
			}
		}
		if got, want := strings.Fields(strings.Join(all, "\n")), strings.Fields(long); !reflect.DeepEqual(got, want) {
			t.Errorf("%d of %d words arrived", len(got), len(want))
		}
	}
	wholeOnce(true)
	// The id that Send returned stands for all parts.
	if e, ok := s.Adapter.(bots.Editor); ok {
		if err := e.Edit(t.Context(), s.at(s.Private), id, bots.Outgoing{Text: bots.Plain(long)}); err != nil {
			t.Errorf("take the buttons away: %v", err)
		}
		wholeOnce(false)
	}
	if d, ok := s.Adapter.(bots.Deleter); ok {
		if err := d.Delete(t.Context(), s.at(s.Private), id); err != nil {
			t.Errorf("Delete: %v", err)
		}
		for i, m := range s.Shown(s.Private) {
			if !m.Deleted {
				t.Errorf("part %d is still there", i+1)
			}
		}
	}
}

// Upload is a file on its way out, whose Open can be made to fail.
func upload(f File, mime string, fail error) bots.Upload {
	return bots.Upload{Name: f.Name, MIME: mime, Size: int64(len(f.Data)), Open: func(context.Context) (io.ReadCloser, error) {
		if fail != nil {
			return nil, fail
		}
		return io.NopCloser(strings.NewReader(f.Data)), nil
	}}
}

func filesGoOut(t *testing.T, s *scene) {
	id := s.mustSend(t, bots.Outgoing{To: s.at(s.Private), Text: bots.Plain("дивіться"), Buttons: yesNo, Files: []bots.Upload{
		upload(File{Name: "фото.jpg", Data: "jpeg"}, "image/jpeg", nil), upload(File{Name: "файл.pdf", Data: "%PDF"}, "application/pdf", nil),
	}})
	var data, words []string
	buttons := 0
	for _, m := range s.Shown(s.Private) {
		for _, f := range m.Files {
			data = append(data, string(f.Kind)+" "+f.Data)
		}
		if m.Text != "" {
			words = append(words, m.Text)
		}
		if len(m.Buttons) > 0 {
			buttons++
		}
	}
	if !reflect.DeepEqual(data, []string{"photo jpeg", "document %PDF"}) || !reflect.DeepEqual(words, []string{"дивіться"}) || buttons != 1 {
		t.Errorf("people see files %q, words %q and %d keyboards", data, words, buttons)
	}
	d, ok := s.Adapter.(bots.Deleter)
	if !ok {
		return
	}
	if err := d.Delete(t.Context(), s.at(s.Private), id); err != nil {
		t.Errorf("Delete: %v", err)
	}
	for _, m := range s.Shown(s.Private) {
		if !m.Deleted {
			t.Errorf("after the deletion people see %+v", m)
		}
	}
}

func buttonsComeBack(t *testing.T, s *scene) {
	if s.Press == nil {
		return
	}
	id := s.mustSend(t, bots.Outgoing{To: s.at(s.Private), Text: bots.Plain("Чи допомогло?"), Buttons: yesNo})
	s.Press(t, s.Private, id, "human:1")
	s.receive(t)
	m := s.store.Wait(t, 1)[0]
	if m.Kind != bots.Pressed || m.Button != "human:1" || m.ReplyTo != id || m.From != s.at(s.Private) || m.Author.ID == "" {
		t.Errorf("a press came as %+v", m)
	}
	k, ok := s.Adapter.(bots.Acknowledger)
	if !ok {
		return
	}
	for range 2 { // late is no error
		if err := k.Acknowledge(t.Context(), m.PressID, "Дякуємо!"); err != nil {
			t.Errorf("Acknowledge: %v", err)
		}
	}
}

func sentChanges(t *testing.T, s *scene) {
	id := s.mustSend(t, bots.Outgoing{To: s.at(s.Private), Text: bots.Plain("одрук"), Buttons: yesNo})
	if e, ok := s.Adapter.(bots.Editor); ok {
		for range 2 { // to the same is fine
			if err := e.Edit(t.Context(), s.at(s.Private), id, bots.Outgoing{Text: bots.Plain("виправлено")}); err != nil {
				t.Errorf("Edit: %v", err)
			}
		}
		if m := s.shown(t, s.Private, id); m.Text != "виправлено" || len(m.Buttons) > 0 {
			t.Errorf("after the edit people see %+v", m)
		}
		err := e.Edit(t.Context(), s.at(s.Private), "999999", bots.Outgoing{Text: bots.Plain("чого?")})
		if s.discreet(t, err); !errors.Is(err, bots.ErrRejected) {
			t.Errorf("Edit of no message: %v, want ErrRejected", err)
		}
	}
	if d, ok := s.Adapter.(bots.Deleter); ok {
		for range 2 { // twice is fine
			if err := d.Delete(t.Context(), s.at(s.Private), id); err != nil {
				t.Errorf("Delete: %v", err)
			}
		}
		if m := s.shown(t, s.Private, id); !m.Deleted {
			t.Errorf("after the deletion people see %+v", m)
		}
	}
}
