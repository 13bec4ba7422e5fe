package bots_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/botstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// plain is an adapter with no ability beyond the contract.
type plain struct {
	name    string
	receive func(context.Context) error
}

func (p plain) Name() string { return p.name }
func (p plain) Receive(ctx context.Context, _ bots.Intake) error {
	return p.receive(ctx)
}
func (p plain) Send(context.Context, bots.Outgoing) (bots.MessageID, error) { return "1", nil }

func untilTheEnd(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func fleet(t *testing.T, adapters ...bots.Adapter) *bots.Fleet {
	t.Helper()
	f, err := bots.NewFleet(adapters...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFleetTakesEachNameOnce(t *testing.T) {
	if _, err := bots.NewFleet(plain{name: "a"}, plain{name: "a"}); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("NewFleet with two of a name: %v", err)
	}
	f := fleet(t, plain{name: "viber"}, plain{name: "discord"}, plain{name: "telegram"})
	if got := f.Names(); !slices.Equal(got, []string{"discord", "telegram", "viber"}) {
		t.Errorf("Names() = %q", got)
	}
}

func TestFleetHandsToTheBotInTheAddress(t *testing.T) {
	a, b := botstest.NewFake("a"), botstest.NewFake("b")
	f := fleet(t, a, b)
	at := bots.Address{Bot: "b", Chat: "7"}
	id, err := f.Send(t.Context(), bots.Outgoing{To: at, Text: bots.Plain("агов")})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Edit(t.Context(), at, id, bots.Outgoing{Text: bots.Plain("ага")}); err != nil {
		t.Errorf("Edit: %v", err)
	}
	if err := f.Delete(t.Context(), at, id); err != nil {
		t.Errorf("Delete: %v", err)
	}
	if err := f.Acknowledge(t.Context(), "b", "press", "Дякуємо"); err != nil {
		t.Errorf("Acknowledge: %v", err)
	}
	b.PutFile("file", "вміст")
	r, err := f.OpenFile(t.Context(), "b", "file")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if data, err := io.ReadAll(r); err != nil || string(data) != "вміст" {
		t.Errorf("file %q, %v", data, err)
	}
	if sent := b.Sent("7"); len(sent) != 1 || sent[0].Out.Text.Plain != "ага" || sent[0].Edits != 1 || !sent[0].Deleted {
		t.Errorf("b sent %+v", sent)
	}
	if notice, _ := b.Notice("press"); notice != "Дякуємо" {
		t.Errorf("notice %q", notice)
	}
	if sent := a.Sent("7"); len(sent) != 0 {
		t.Errorf("a sent %+v", sent)
	}
}

func TestFleetKnowsWhoCanWhat(t *testing.T) {
	f := fleet(t, plain{name: "plain"})
	for bot, want := range map[string]error{"plain": bots.ErrUnsupported, "nobody": bots.ErrRejected} {
		at := bots.Address{Bot: bot}
		if err := f.Edit(t.Context(), at, "1", bots.Outgoing{}); !errors.Is(err, want) {
			t.Errorf("Edit as %s: %v, want %v", bot, err, want)
		}
		if err := f.Delete(t.Context(), at, "1"); !errors.Is(err, want) {
			t.Errorf("Delete as %s: %v, want %v", bot, err, want)
		}
		if _, err := f.OpenFile(t.Context(), bot, "1"); !errors.Is(err, want) {
			t.Errorf("OpenFile as %s: %v, want %v", bot, err, want)
		}
	}
	if err := f.Acknowledge(t.Context(), "plain", "1", ""); err != nil {
		t.Errorf("Acknowledge where there is nothing to end: %v", err)
	}
	if _, err := f.Send(t.Context(), bots.Outgoing{To: bots.Address{Bot: "nobody"}}); !errors.Is(err, bots.ErrRejected) {
		t.Errorf("Send as nobody: %v", err)
	}
	if err := f.Acknowledge(t.Context(), "nobody", "1", ""); !errors.Is(err, bots.ErrRejected) {
		t.Errorf("Acknowledge as nobody: %v", err)
	}
}

func TestFleetReceivesFromAll(t *testing.T) {
	a, b := botstest.NewFake("a"), botstest.NewFake("b")
	ctx, cancel := context.WithCancel(t.Context())
	in := botstest.NewStore()
	ended := make(chan error, 1)
	go func() { ended <- fleet(t, a, b).Receive(ctx, in) }()
	a.Push(bots.Message{From: bots.Address{Chat: "1"}})
	b.Push(bots.Message{From: bots.Address{Chat: "1"}})
	got := in.Wait(t, 2)
	if got[0].From.Bot == got[1].From.Bot {
		t.Errorf("both messages came from %q", got[0].From.Bot)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Receive = %v, want nil at the end of its context", err)
	}
}

func TestFleetStopsWhenOneCannotGoOn(t *testing.T) {
	wrong := errors.New("wrong token")
	f := fleet(t, plain{"a", untilTheEnd}, plain{"b", func(context.Context) error { return wrong }})
	if err := f.Receive(t.Context(), botstest.NewStore()); !errors.Is(err, wrong) || !strings.Contains(err.Error(), "receive as b") {
		t.Errorf("Receive = %v, want what is wrong with b", err)
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	cause := errors.New("too many requests")
	wait := &bots.RetryError{After: 3 * time.Second, Err: cause}
	if !errors.Is(wait, cause) || wait.Error() != "too many requests (retry after 3s)" {
		t.Errorf("RetryError says %q", wait)
	}
	if now := (&bots.RetryError{Err: cause}); now.Error() != "too many requests" {
		t.Errorf("RetryError without a wait says %q", now)
	}
	if moved := (&bots.MovedError{Chat: "-100"}); moved.Error() != "chat has moved" {
		t.Errorf("MovedError says %q", moved)
	}
}
