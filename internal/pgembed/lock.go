package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrInUse means that another Poruch, or another server, has the data folder.
var ErrInUse = errors.New("data folder is in use")

// endingTime is how long a start waits for a server that lost its Poruch. A
// fast shutdown writes a checkpoint first, which takes seconds on a slow disk.
const endingTime = 60 * time.Second

// locks keep a folder for one process. The kernel drops a lock when the last
// process that holds its file ends, so a killed Poruch leaves none behind.
type locks struct {
	mine   *os.File // this process only: tells two Poruch processes apart
	server *os.File // inherited by the server: free when all of it has ended
}

// lock takes the folder. It fails at once with ErrInUse beside a living Poruch
// and waits for a server that is only still ending.
func (f folder) lock(ctx context.Context) (*locks, error) {
	mine, err := tryLock(filepath.Join(f.root, "postgres.owner.lock"))
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%w: another poruch is running on %s: stop it, or set PORUCH_DATA to another folder", ErrInUse, f.root)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the data folder (PORUCH_DATA sets another): %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, endingTime)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		server, err := tryLock(filepath.Join(f.root, "postgres.server.lock"))
		if err == nil {
			return &locks{mine: mine, server: server}, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			_ = mine.Close() // nothing was written
			return nil, fmt.Errorf("lock the data folder (PORUCH_DATA sets another): %w", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			_ = mine.Close() // nothing was written
			return nil, fmt.Errorf("%w: the Postgres server that last ran on %s has not ended: %w", ErrInUse, f.root, ctx.Err())
		}
	}
}

func (l *locks) release() {
	_ = l.server.Close() // nothing was written to either
	_ = l.mine.Close()
}

func tryLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close() // nothing was written
		return nil, err
	}
	return file, nil
}

// dropStalePid removes the pid file of a server that is gone. Postgres does so
// itself unless the number now belongs to another process of the same user,
// which happens each time a container restarts.
func (f folder) dropStalePid() error {
	file := filepath.Join(f.cluster, "postmaster.pid")
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the last server's pid: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err == nil && pid > 0 && worksIn(pid, f.cluster) {
		return fmt.Errorf("%w: a Postgres server that poruch did not start (process %d) runs on %s: stop it", ErrInUse, pid, f.cluster)
	}
	if err := os.Remove(file); err != nil {
		return fmt.Errorf("remove the last server's pid: %w", err)
	}
	return nil
}

// worksIn tells whether a process runs with dir as its working folder, as a
// Postgres server does with its cluster.
func worksIn(pid int, dir string) bool {
	cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	return cwd == dir
}
