package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/bots/telegram/telegramtest"
	"github.com/poruch/poruch/internal/pgembed"
)

// program is `poruch serve` as a process of its own, configured by environment
// alone, on the embedded default.
type program struct {
	cmd  *exec.Cmd
	addr string // where its health is
}

func serve(t *testing.T, environ []string) program {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve")
	cmd.Env = append(environ, asProgram+"=1")
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready ") {
		_ = cmd.Wait()
		t.Fatalf("serve said %q, %v\n%s", line, err, log.String())
	}
	return program{cmd, strings.TrimPrefix(strings.TrimSpace(line), "ready http://")}
}

// shortDir is a folder that root's Postgres can reach, unlike t.TempDir's.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "poruch")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (p program) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
}

// A burst of 200 questions, and Poruch killed in the middle of it, again and
// again: every question is answered or handed off, once, in order.
func TestStoryKilledInTheMiddleOfABurst(t *testing.T) {
	const customers, each, kills = 40, 5, 4
	w := newWorld(t)
	dir := shortDir(t)
	environ := w.environ("PORUCH_DATA=" + dir)
	p := serve(t, environ)
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })

	known := []string{
		"Скільки триває доставка?", "Скільки коштує доставка?", "Якими способами можна отримати замовлення?",
		"Де моє замовлення?", "Скільки триває доставка?",
	}
	answers := w.answersTo(t, known)
	people := make([]telegramtest.User, customers)
	for i := range people {
		people[i] = customer(int64(500000+i), fmt.Sprintf("Клієнт %d", i))
	}
	question := func(i, n int) string {
		if i%2 == 0 {
			return known[n]
		}
		return fmt.Sprintf("Питання %d-%d: чи буває у вас таке, чого немає ніде на світі?", i, n)
	}
	for n := range each {
		for i, who := range people {
			w.asks(t, who, question(i, n))
		}
	}
	rng := rand.New(rand.NewPCG(uint64(os.Getpid()), 1))
	for k := range kills {
		reached := w.progress() + 1 + rng.IntN(20)
		w.until(t, "some progress", func() bool { return w.progress() >= reached })
		p.kill(t)
		t.Logf("killed after %d visible messages, %d updates unconfirmed (kill %d)", w.progress(), w.Telegram.Pending(), k+1)
		p = serve(t, environ)
	}
	w.until(t, "all 200 are answered or handed off", func() bool {
		for i, who := range people {
			if i%2 == 0 && len(w.fromBot(who.ID)) < each {
				return false
			}
			if i%2 == 1 {
				heads := w.heads(question(i, 0))
				if len(heads) == 0 || len(w.inThread(heads[0], question(i, each-1))) == 0 || len(w.fromBot(who.ID)) == 0 {
					return false
				}
			}
		}
		return true
	})
	possible := p.duplicatesSaid(t, dir)
	doubled := 0
	for i, who := range people {
		if i%2 == 0 {
			var said, want []string
			for _, m := range w.fromBot(who.ID) {
				said = append(said, m.Text)
			}
			for n := range each {
				want = append(want, answers[question(i, n)])
			}
			once, repeated := withoutRepeats(said)
			doubled += repeated
			if fmt.Sprint(once) != fmt.Sprint(want) {
				t.Errorf("customer %d was told\n%q\nwant\n%q", i, said, want)
			}
			continue
		}
		heads := w.heads(question(i, 0))
		if len(heads) != 1 {
			t.Errorf("customer %d has %d threads, want 1", i, len(heads))
			continue
		}
		last := ""
		for n := 1; n < each; n++ {
			posts := w.inThread(heads[0], question(i, n))
			if len(posts) != 1 || posts[0].TS <= last {
				t.Errorf("customer %d: follow-up %d is %d times in the thread, or out of order", i, n, len(posts))
				continue
			}
			last = posts[0].TS
		}
		doubled += min(len(w.fromBot(who.ID))-1, 1)
	}
	// Telegram knows no way to ask whether a message was sent, so one that was
	// under way at the kill may be there twice; each such is counted.
	if doubled > possible {
		t.Errorf("%d messages came more than once, but only %d are counted as possible duplicates", doubled, possible)
	}
	t.Logf("200 questions, %d kills: 0 lost, %d came more than once, %d counted as possible duplicates", kills, doubled, possible)
}

// withoutRepeats drops messages that repeat the one before them, and counts the
// repeated ones; each may have come more than twice when Poruch died again.
func withoutRepeats(said []string) (once []string, repeated int) {
	again := false
	for _, s := range said {
		switch {
		case len(once) == 0 || once[len(once)-1] != s:
			once, again = append(once, s), false
		case !again:
			repeated, again = repeated+1, true
		}
	}
	return once, repeated
}

// progress counts everything that the program has made visible.
func (w *world) progress() (n int) {
	for _, chat := range w.Telegram.Chats() {
		n += len(w.fromBot(chat))
	}
	return n + len(w.Slack.Messages(w.Inbox))
}

// answersTo asks each question once and returns what the bot says.
func (w *world) answersTo(t *testing.T, questions []string) map[string]string {
	t.Helper()
	answers := map[string]string{}
	for i, q := range questions {
		who := customer(int64(400000+i), "Спроба")
		w.asks(t, who, q)
		w.until(t, "an answer to "+q, func() bool { return len(w.fromBot(who.ID)) == 1 })
		answers[q] = w.fromBot(who.ID)[0].Text
	}
	return answers
}

// duplicatesSaid ends the program in order, and counts on its data the messages
// that Poruch itself takes for possibly sent twice.
func (p program) duplicatesSaid(t *testing.T, dir string) (n int) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("an orderly stop ended with %v", err)
	}
	server, err := pgembed.Start(t.Context(), pgembed.Config{Dir: dir, Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop(context.Background())
	conn, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var waiting int
	err = conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM messages WHERE possible_duplicate), (SELECT count(*) FROM jobs)`).Scan(&n, &waiting)
	if err != nil {
		t.Fatal(err)
	}
	if waiting != 0 {
		t.Errorf("%d jobs are left over", waiting)
	}
	return n
}
