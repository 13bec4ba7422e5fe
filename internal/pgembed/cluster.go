package pgembed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// create makes a new cluster unless there is one. initdb works in a folder of
// another name, so a cluster under the right name is always a whole one, and
// what an interrupted start left is made anew.
func (f folder) create(ctx context.Context, p program, durable bool) error {
	if f.major() != "" {
		return nil
	}
	if entries, err := os.ReadDir(f.cluster); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s holds files but no cluster: move them away, or set PORUCH_DATA to another folder", f.cluster)
	}
	fresh := f.cluster + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("clear an unfinished cluster: %w", err)
	}
	if err := p.id.own(fresh); err != nil {
		return fmt.Errorf("create the cluster's folder: %w", err)
	}
	// Cyrillic needs a UTF-8 character type: with plain C, lower() and pg_trgm
	// know ASCII only. Trust is safe behind the socket's folder.
	out, err := p.run(ctx, "initdb", "-D", fresh, "-U", "poruch", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
		"--no-instructions", "--no-sync")
	if err != nil {
		return fmt.Errorf("create the cluster in %s: %w%s", f.root, err, lastLines(out))
	}
	if durable {
		// One sync of all files costs far less than initdb's of each.
		if err := syncAll(fresh); err != nil {
			return fmt.Errorf("write the cluster to disk: %w", err)
		}
	}
	if err := os.Remove(f.cluster); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("make way for the cluster: %w", err)
	}
	if err := os.Rename(fresh, f.cluster); err != nil {
		return fmt.Errorf("put the cluster in place: %w", err)
	}
	if durable {
		if err := syncAll(f.root); err != nil {
			return fmt.Errorf("write the cluster to disk: %w", err)
		}
	}
	return nil
}

// program is how Postgres' programs are run for one folder.
type program struct {
	bin     string
	id      identity
	dir     string // the working folder, reachable for the identity
	inherit *os.File
}

func (p program) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir = p.dir
	cmd.SysProcAttr = attributes(p.id)
	cmd.ExtraFiles = []*os.File{p.inherit}
	// The caller's PG* variables and language must not leak into the server.
	cmd.Env = []string{"PATH=" + p.bin + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	if libs := os.Getenv("LD_LIBRARY_PATH"); libs != "" {
		cmd.Env = append(cmd.Env, "LD_LIBRARY_PATH="+libs)
	}
	return cmd
}

// run returns what a short program printed. When ctx ends it is stopped.
func (p program) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	// The kernel ties the program's life to this thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var out bytes.Buffer
	cmd := p.command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }) // it may have ended
	err := cmd.Wait()
	if !stop() && ctx.Err() != nil {
		return out.Bytes(), context.Cause(ctx)
	}
	return out.Bytes(), err
}

// lastLines are the end of a program's output, for an error's text.
func lastLines(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) > 8 {
		lines = lines[len(lines)-8:]
	}
	text := strings.Join(lines, "; ")
	if text == "" {
		return ""
	}
	return ": " + text
}
