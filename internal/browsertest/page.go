package browsertest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience is the time that one step of a test may take on a busy machine.
const patience = 30 * time.Second

// Window is the browser's window in CSS pixels.
type Window struct {
	Width, Height int64
	Dark          bool // what the visitor's system prefers
}

// Page is an open page. Its methods end the test when they fail.
type Page struct {
	t   testing.TB
	ctx context.Context // of the browser, for as long as it lives

	close func()

	mu         sync.Mutex
	complaints []string
}

// Open starts a browser with an empty page.
func Open(t testing.TB, w Window) *Page {
	t.Helper()
	path, err := find()
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("hide-scrollbars", false),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses root otherwise
	}
	browser, closeBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closePage := chromedp.NewContext(browser)
	p := &Page{t: t, ctx: ctx}
	p.close = sync.OnceFunc(func() {
		if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("close the browser: %v", err)
		}
		closePage()
		closeBrowser()
	})
	t.Cleanup(p.close)
	scheme := "light"
	if w.Dark {
		scheme = "dark"
	}
	err = chromedp.Do(ctx,
		chromedp.EmulateViewport(w.Width, w.Height),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			return err
		}),
	)
	if err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	p.listen()
	return p
}

func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium on this machine; install it: apt-get install chromium")
}

// listen collects complaints until the page closes, which also ends it.
func (p *Page) listen() {
	messages := chromedp.Console(p.ctx)
	over := make(chan struct{})
	p.t.Cleanup(func() { p.close(); <-over })
	go func() {
		defer close(over)
		for m, err := range messages {
			if err != nil {
				return // the page is closed
			}
			if m.Type == chromedp.ConsoleError || m.IsException() {
				p.mu.Lock()
				p.complaints = append(p.complaints, m.Text+" "+m.URL)
				p.mu.Unlock()
			}
		}
	}()
}

// Complaints are the errors that the browser has reported so far: exceptions,
// console errors, refused scripts and styles, failed requests.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.complaints...)
}

func (p *Page) run(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v; complaints: %q", what, err, p.Complaints())
	}
}

// Go opens an address and waits until it is loaded.
func (p *Page) Go(url string) {
	p.t.Helper()
	p.run("open "+url, chromedp.Navigate(url))
}

// Click clicks the first visible element that a CSS selector finds.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.run("click "+selector, chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

// Type presses the keys of text in an element.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.run("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Press presses keys wherever the focus is.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.run("press keys", chromedp.KeyEvent(keys))
}

// Wait polls until a JavaScript expression is true.
func (p *Page) Wait(what, expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingInterval(20*time.Millisecond)))
	if err != nil {
		p.t.Fatalf("wait until %s: %v; complaints: %q", what, err, p.Complaints())
	}
}

// WaitText polls until the element of a CSS selector shows a text.
func (p *Page) WaitText(selector, text string) {
	p.t.Helper()
	p.Wait(selector+" shows "+text, "document.querySelector("+strconv.Quote(selector)+")?.innerText.includes("+strconv.Quote(text)+")")
}

// Picture is the window as a PNG.
func (p *Page) Picture() []byte {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	b, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("take a picture: %v", err)
	}
	return b
}

// Eval returns the value of a JavaScript expression.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}
