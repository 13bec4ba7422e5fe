package main

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/poruch/poruch/internal/database/databasetest"
)

// run runs the program to its end and returns its exit status and all it said.
func run(t *testing.T, environ []string, args ...string) (int, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(environ, asProgram+"=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// without leaves variables out of an environment.
func without(environ []string, names ...string) (left []string) {
	for _, line := range environ {
		name, _, _ := strings.Cut(line, "=")
		keep := true
		for _, n := range names {
			keep = keep && n != name
		}
		if keep {
			left = append(left, line)
		}
	}
	return left
}

// brandWith is a brand's folder with a knowledge file.
func brandWith(t *testing.T, knowledge string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"brand.yaml": "id: proba\nname: Проба\n", "knowledge.yaml": knowledge} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Whatever an operator gets wrong, serve and doctor end with words that say
// what to do, and without a panic or a secret.
func TestStoryWhatAnOperatorGetsWrong(t *testing.T) {
	w := newWorld(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	well := w.environ("DATABASE_URL=" + databasetest.URL(t))
	with := func(extra ...string) []string { return slices.Concat(well, extra) }
	wrongToken := "600000001:another-token-that-opens-nothing"
	for _, c := range []struct {
		name    string
		environ []string
		args    []string
		status  int
		say     []string
	}{
		{"nothing is set", []string{"PATH=" + os.Getenv("PATH")}, []string{"serve"}, 2,
			[]string{"PORUCH_TELEGRAM_TOKEN", "@BotFather", "PORUCH_SLACK_BOT_TOKEN", "PORUCH_SLACK_APP_TOKEN", "PORUCH_SLACK_CHANNEL", "poruch doctor"}},
		{"a mistyped variable", with("PORUCH_TELEGRAM_TOKN=x"), []string{"serve"}, 2, []string{"PORUCH_TELEGRAM_TOKN", "did you mean PORUCH_TELEGRAM_TOKEN"}},
		{"a port that is taken", with("PORUCH_ADDR=" + taken.Addr().String()), []string{"serve"}, 1, []string{taken.Addr().String(), "PORUCH_ADDR"}},
		{"a wrong Telegram token", with("PORUCH_TELEGRAM_TOKEN=" + wrongToken), []string{"serve"}, 1, []string{"@BotFather", "PORUCH_TELEGRAM_TOKEN"}},
		{"a wrong Slack token", with("PORUCH_SLACK_BOT_TOKEN=xoxb-wrong"), []string{"serve"}, 1, []string{"PORUCH_SLACK_BOT_TOKEN"}},
		{"a wrong app token", with("PORUCH_SLACK_APP_TOKEN=xapp-wrong"), []string{"serve"}, 1, []string{"PORUCH_SLACK_APP_TOKEN"}},
		{"no such database", with("DATABASE_URL=postgres://127.0.0.1:1/none"), []string{"serve"}, 1, []string{"DATABASE_URL"}},
		{"no such brand", with("PORUCH_BRAND=/nonexistent/brand"), []string{"serve"}, 1, []string{"/nonexistent/brand"}},
		{"a knowledge file with mistakes", with("PORUCH_BRAND=" + brandWith(t, "- id: a\n  title: Перше\n  answer: Так\n- id: a\n  title: Друге\n")), []string{"serve"}, 1,
			[]string{"knowledge.yaml:4", "knowledge.yaml"}},
		{"a knowledge file that is no YAML", with("PORUCH_BRAND=" + brandWith(t, "- id: a\n  title: [\n")), []string{"doctor"}, 1, []string{"knowledge.yaml:", "FAIL  knowledge"}},
		{"doctor: a channel that is not there", with("PORUCH_SLACK_CHANNEL=C0NOWHERE"), []string{"doctor"}, 1, []string{"FAIL  slack", "PORUCH_SLACK_CHANNEL", "/invite"}},
		{"doctor: a wrong token", with("PORUCH_TELEGRAM_TOKEN=" + wrongToken), []string{"doctor"}, 1, []string{"FAIL  telegram", "@BotFather"}},
		{"doctor: a port that is taken", with("PORUCH_ADDR=" + taken.Addr().String()), []string{"doctor"}, 1, []string{"FAIL  http address"}},
		{"doctor: all is well", well, []string{"doctor"}, 0, []string{"ok    telegram", "ok    slack", "ok    database", "ok    knowledge"}},
	} {
		status, said := run(t, c.environ, c.args...)
		if status != c.status {
			t.Errorf("%s: status %d, want %d", c.name, status, c.status)
		}
		for _, want := range c.say {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is not said", c.name, want)
			}
		}
		if strings.Contains(said, "goroutine ") || strings.Contains(said, wrongToken) || strings.Contains(said, w.TelegramToken) {
			t.Errorf("%s: a panic or a secret is in the output", c.name)
		}
		if t.Failed() {
			t.Fatalf("%s said:\n%s", c.name, said)
		}
	}
}

// Beside a running serve on the embedded default, doctor looks at that one.
func TestStoryDoctorBesideServe(t *testing.T) {
	w := newWorld(t)
	dir := shortDir(t)
	p := serve(t, w.environ("PORUCH_DATA="+dir))
	defer p.kill(t)
	status, said := run(t, w.environ("PORUCH_DATA="+dir, "PORUCH_ADDR="+p.addr), "doctor")
	if status != 0 || !strings.Contains(said, "ok    http address") || !strings.Contains(said, "ok    database") {
		t.Errorf("doctor ended with %d:\n%s", status, said)
	}
	if status, said = run(t, without(w.environ("PORUCH_DATA="+dir), "PORUCH_BRAND"), "kb", "export", "--brand", "rankova"); status != 0 || strings.Count(said, "\n") != 60 {
		t.Errorf("kb export ended with %d and %d lines", status, strings.Count(said, "\n"))
	}
}
