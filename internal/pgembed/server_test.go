package pgembed_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/internal/pgembed"
)

// childDir makes this test binary a child that starts a server and waits to be
// killed.
const childDir = "PORUCH_TEST_PGEMBED_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

func child(dir string) int {
	s, err := pgembed.Start(context.Background(), pgembed.Config{Dir: dir, Durable: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	fmt.Println("ready", s.URL())
	<-s.Done()
	return 0
}

// dataDir is a folder that the server's user can reach; t.TempDir is not when
// the tests run as root.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pgembed")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *pgembed.Server {
	t.Helper()
	s, err := pgembed.Start(t.Context(), pgembed.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	return s
}

func query(t *testing.T, address, statement string) (answer string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), statement).Scan(&answer); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
	return answer
}

func TestStopsAndStartsOnItsOldData(t *testing.T) {
	dir := dataDir(t)
	s := start(t, dir)
	if got := query(t, s.URL(), `SELECT lower('ПРИВІТ, ЇЖАЧЕ')`); got != "привіт, їжаче" {
		t.Errorf("lower in Ukrainian = %q", got)
	}
	query(t, s.URL(), `CREATE TABLE kept AS SELECT 'слово'::text AS word`)
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Errorf("a second Stop = %v, want nil", err)
	}
	<-s.Done()
	if got := query(t, start(t, dir).URL(), `SELECT word FROM kept`); got != "слово" {
		t.Errorf("after a restart the table holds %q", got)
	}
}

func TestSecondInstanceIsRefused(t *testing.T) {
	dir := dataDir(t)
	start(t, dir)
	_, err := pgembed.Start(t.Context(), pgembed.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, pgembed.ErrInUse) || !strings.Contains(err.Error(), "PORUCH_DATA") {
		t.Fatalf("second Start = %v, want a refusal that says what to set", err)
	}
}

// The server must end when its program is killed, and recover what was
// committed when the program comes back.
func TestSurvivesSIGKILLOfItsProgram(t *testing.T) {
	dir := dataDir(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ok {
		t.Fatalf("child said %q, %v", line, err)
	}
	query(t, address, `CREATE TABLE kept AS SELECT 'слово'::text AS word`)
	watcher, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	// The open session ends when the server does.
	if _, err := watcher.WaitForNotification(t.Context()); err == nil {
		t.Fatal("the session outlived the program")
	}
	if got := query(t, start(t, dir).URL(), `SELECT word FROM kept`); got != "слово" {
		t.Errorf("after SIGKILL the table holds %q", got)
	}
}

func TestUnfinishedClusterIsMadeAgain(t *testing.T) {
	dir := dataDir(t)
	for _, half := range []string{"postgres.new/base", "postgres"} {
		if err := os.MkdirAll(filepath.Join(dir, half), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got := query(t, start(t, dir).URL(), `SELECT 'ok'::text`); got != "ok" {
		t.Errorf("got %q", got)
	}
}

func TestLongPathGetsAShortSocket(t *testing.T) {
	dir := filepath.Join(dataDir(t), strings.Repeat("дуже-довга-тека", 6))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := query(t, start(t, dir).URL(), `SELECT 'ok'::text`); got != "ok" {
		t.Errorf("got %q", got)
	}
}

func TestDataFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(dataDir(t), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := pgembed.Start(t.Context(), pgembed.Config{Dir: filepath.Join(file, "data"), Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "PORUCH_DATA") {
		t.Fatalf("Start = %v, want words that say what to set", err)
	}
}

// A start that waits for nothing has a reason: the words of the server itself.
func TestBrokenClusterIsToldInTheServersWords(t *testing.T) {
	dir := dataDir(t)
	if err := start(t, dir).Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "postgres", "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	_, err := pgembed.Start(t.Context(), pgembed.Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "PANIC") && !strings.Contains(err.Error(), "could not") {
		t.Fatalf("Start = %v, want the folder and the server's last lines", err)
	}
	// The failed start must leave the folder free.
	if _, err := pgembed.Start(t.Context(), pgembed.Config{Dir: dir}); err == nil || errors.Is(err, pgembed.ErrInUse) {
		t.Errorf("the next Start = %v, want the same failure", err)
	}
}

func TestFolderOfSomethingElseIsLeftAlone(t *testing.T) {
	dir := dataDir(t)
	kept := filepath.Join(dir, "postgres", "letter.txt")
	if err := os.Mkdir(filepath.Dir(kept), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := pgembed.Start(t.Context(), pgembed.Config{Dir: dir}); err == nil {
		t.Error("a cluster was made among other files")
	}
	if text, err := os.ReadFile(kept); err != nil || string(text) != "mine" {
		t.Errorf("the other file is now %q, %v", text, err)
	}
}

// After a container restarts, the pid in the file is another program's.
func TestStalePidOfALivingProgram(t *testing.T) {
	dir := dataDir(t)
	if err := start(t, dir).Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	pid := fmt.Sprintf("%d\n%s/postgres\n", os.Getpid(), dir)
	if err := os.WriteFile(filepath.Join(dir, "postgres", "postmaster.pid"), []byte(pid), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := query(t, start(t, dir).URL(), `SELECT 'ok'::text`); got != "ok" {
		t.Errorf("got %q", got)
	}
}

func TestDoneTellsThatTheServerDied(t *testing.T) {
	dir := dataDir(t)
	s := start(t, dir)
	conn, err := pgx.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	text, err := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if err := s.Stop(t.Context()); err != nil {
		t.Errorf("Stop of a dead server = %v", err)
	}
	if got := query(t, start(t, dir).URL(), `SELECT 'ok'::text`); got != "ok" {
		t.Errorf("after a crash: %q", got)
	}
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	dir := dataDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pgembed.Start(ctx, pgembed.Config{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Fatalf("Start = %v, want context.Canceled", err)
	}
	if got := query(t, start(t, dir).URL(), `SELECT 'ok'::text`); got != "ok" {
		t.Errorf("after a start that gave up: %q", got)
	}
}

func TestServerListensOnItsPrivateSocketOnly(t *testing.T) {
	dir := dataDir(t)
	s := start(t, dir)
	if got := query(t, s.URL(), `SHOW listen_addresses`); got != "" {
		t.Errorf("listen_addresses = %q, want none", got)
	}
	for _, folder := range []string{"postgres", "postgres.run"} {
		info, err := os.Stat(filepath.Join(dir, folder))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %o, want 700", folder, info.Mode().Perm())
		}
	}
}
