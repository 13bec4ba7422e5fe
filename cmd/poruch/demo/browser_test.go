package demo

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/poruch/poruch/internal/browsertest"
)

// keep writes a screenshot in the folder of PORUCH_PICTURES, for people who
// want to see what the browser saw.
func keep(t *testing.T, p *browsertest.Page, name string) {
	t.Helper()
	dir := os.Getenv("PORUCH_PICTURES")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), p.Picture(), 0o600); err != nil {
		t.Fatal(err)
	}
}

const noSideways = "document.documentElement.scrollWidth <= window.innerWidth && document.body.scrollWidth <= window.innerWidth"

// On a laptop: a known question is answered, an unknown one becomes a card, its
// button and modal work, and an answer in the thread comes back to the chat.
func TestBrowserLaptop(t *testing.T) {
	s := newStage(t)
	s.runBot()
	p := browsertest.Open(t, browsertest.Window{Width: 1440, Height: 900})
	t.Cleanup(func() {
		if t.Failed() {
			keep(t, p, "laptop-failed")
		}
	})
	p.Go(s.page.URL)
	keep(t, p, "laptop-1-empty")
	p.Click(".sample[data-kind=known]")
	p.WaitText("#log", "Скільки триває доставка?")
	p.WaitText("#log", "1–3 дні")
	p.Type("#customer textarea", "чернетка")
	p.Click(".sample[data-kind=unknown]")
	p.WaitText("#channel-live", "на сорок гостей")
	p.Wait("the draft is still there", "document.querySelector('#customer textarea').value === 'чернетка'")
	p.Click("#channel-live button.replies")
	p.WaitText("#thread", "на сорок гостей")
	p.Type("#thread textarea", "// перевірю в адміністратора")
	p.Wait("the composer warns of a note", "document.querySelector('#thread .composer').classList.contains('noting')")
	p.Type("#thread textarea", "\r")
	p.WaitText("#replies-live", "перевірю в адміністратора")
	p.Wait("the composer is empty", "document.querySelector('#thread textarea').value === ''")
	p.Type("#thread textarea", "Так, можна! Яка дата?\r")
	p.WaitText("#log", "Яка дата?")
	p.Click("#channel-live [data-action=claim]")
	s.until("the button reaches the app", func() bool { return slices.Contains(s.pressed(), "U0OLENA claim 7") })
	keep(t, p, "laptop-2-talk")
	p.Click("#channel-live [data-action=snooze]")
	p.WaitText("dialog[open]", "До якого дня")
	keep(t, p, "laptop-3-modal")
	p.Type("dialog textarea", "чекаємо складу")
	p.Click("dialog footer .primary")
	p.Wait("the error shows", "document.querySelector('dialog .error') !== null")
	p.Wait("what was typed stays", "document.querySelector('dialog textarea').value === 'чекаємо складу'")
	p.Click("dialog footer .btn:not(.primary)")
	p.Wait("the modal is closed", "document.querySelector('dialog') === null")
	if !browsertest.Eval[bool](p, noSideways) {
		t.Error("the page scrolls sideways")
	}
	if c := p.Complaints(); len(c) != 0 {
		t.Errorf("the browser complains: %q", c)
	}
}

// On a phone one side shows at a time, and nothing scrolls sideways.
func TestBrowserPhone(t *testing.T) {
	s := newStage(t)
	s.runBot()
	p := browsertest.Open(t, browsertest.Window{Width: 360, Height: 740, Dark: true})
	p.Go(s.page.URL)
	p.Click(".sample[data-kind=known]")
	p.WaitText("#log", "1–3 дні")
	p.Click(".sample[data-kind=unknown]")
	p.Wait("the other tab has news", "document.querySelector('[data-tab=team] .news').hidden === false")
	keep(t, p, "phone-1-customer")
	if !browsertest.Eval[bool](p, noSideways) {
		t.Error("the customer's side scrolls sideways")
	}
	p.Click("[data-tab=team]")
	p.WaitText("#channel-live", "на сорок гостей")
	keep(t, p, "phone-2-channel")
	p.Click("#channel-live button.replies")
	p.WaitText("#replies-live", "на сорок гостей")
	p.Type("#thread textarea", "Так, можна!\r")
	p.WaitText("#replies-live", "Так, можна!")
	keep(t, p, "phone-3-thread")
	if !browsertest.Eval[bool](p, noSideways) {
		t.Error("the team's side scrolls sideways")
	}
	if browsertest.Eval[bool](p, "document.querySelector('#customer').checkVisibility()") {
		t.Error("both sides show at once")
	}
	if c := p.Complaints(); len(c) != 0 {
		t.Errorf("the browser complains: %q", c)
	}
}

// The keyboard alone reaches a sample question, and the ring shows where it is.
func TestBrowserKeyboard(t *testing.T) {
	s := newStage(t)
	p := browsertest.Open(t, browsertest.Window{Width: 1440, Height: 900, Dark: true})
	p.Go(s.page.URL)
	p.Click(".strip h1")
	for range 40 {
		p.Press("\t")
		if browsertest.Eval[bool](p, "document.activeElement.matches('.sample[data-kind=thanks]')") {
			break
		}
	}
	if !browsertest.Eval[bool](p, "document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle === 'solid'") {
		t.Fatal("the focused button has no ring")
	}
	keep(t, p, "laptop-4-dark")
}
