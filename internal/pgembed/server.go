package pgembed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// pollEvery is how often a start looks whether the server is ready.
const pollEvery = 10 * time.Millisecond

// Config says where and how a server runs.
type Config struct {
	// Dir is the data folder. It is created; the cluster is in it.
	Dir string
	// Durable makes a commit survive a power failure. Without it a commit
	// survives the death of any process, and no more: for tests and the demo.
	Durable bool
	// Log hears of starts, stops and a server that died; nil for none. The
	// server's own words go to postgres.log in Dir.
	Log *slog.Logger
}

// Server is a running Postgres server. Its methods may be called from several
// goroutines.
type Server struct {
	url     string
	process *os.Process
	done    chan struct{}
	log     *slog.Logger
	stop    sync.Once
	asked   chan struct{} // closed once Stop was called
}

// Start runs the server of a data folder and returns when its database answers.
// ctx bounds the start only. The caller must call Stop.
//
// The error is or wraps ErrNoBinaries or ErrInUse where they fit; any other
// names the folder and carries the last lines that Postgres wrote.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	began := time.Now()
	f, err := openFolder(cfg.Dir)
	if err != nil {
		return nil, err
	}
	bin, err := machine().find(f.major())
	if err != nil {
		return nil, err
	}
	id, err := chooseIdentity(os.Geteuid(), f.cluster, lookupUser)
	if err != nil {
		return nil, err
	}
	if err := f.admit(id); err != nil {
		return nil, err
	}
	held, err := f.lock(ctx)
	if err != nil {
		return nil, err
	}
	s, err := start(ctx, f, program{bin: bin, id: id, dir: f.root, inherit: held.server}, cfg.Durable, log, held)
	if err != nil {
		held.release()
		return nil, err
	}
	log.Info("postgres started", "dir", f.root, "bin", bin, "durable", cfg.Durable, "took", time.Since(began).Round(time.Millisecond))
	return s, nil
}

// URL is what pgx, or any libpq program, connects to the database with. It
// holds no secret.
func (s *Server) URL() string { return s.url }

// Done is closed when the server has ended, whether asked to or not.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop ends the sessions, writes everything to disk and returns when the server
// has ended. When ctx ends first, the server is stopped at once, recovers at
// the next start, and the error is ctx's. Stopping again is a quiet success.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() {
		close(s.asked)
		_ = s.process.Signal(syscall.SIGINT) // fails only when it has ended
	})
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
	}
	_ = s.process.Signal(syscall.SIGQUIT) // as above
	<-s.done
	return fmt.Errorf("stop postgres: %w", context.Cause(ctx))
}

// start runs the server in a locked folder.
func start(ctx context.Context, f folder, p program, durable bool, log *slog.Logger, held *locks) (*Server, error) {
	if err := f.create(ctx, p, durable); err != nil {
		return nil, err
	}
	if err := f.dropStalePid(); err != nil {
		return nil, err
	}
	socket, err := f.socketDir(p.id)
	if err != nil {
		return nil, err
	}
	out, err := f.openLog()
	if err != nil {
		return nil, err
	}
	defer out.Close() // the server has its own
	from, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	cmd := p.command("postgres", append([]string{"-D", f.cluster, "-k", socket}, settings(durable)...)...)
	cmd.Stdout, cmd.Stderr = out, out

	s := &Server{url: databaseURL(socket), done: make(chan struct{}), asked: make(chan struct{}), log: log}
	started := make(chan error, 1)
	go s.own(cmd, started, held)
	if err := <-started; err != nil {
		<-s.done
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	if err := s.awaitReady(ctx, socket); err != nil {
		now, cancel := context.WithCancel(context.Background())
		cancel() // there is nothing to save
		_ = s.Stop(now)
		return nil, fmt.Errorf("start postgres in %s: %w%s", f.root, err, f.logSince(from))
	}
	return s, nil
}

// own starts the server and waits for its end, on one thread for all its life:
// the kernel stops the server when the thread that started it ends.
func (s *Server) own(cmd *exec.Cmd, started chan<- error, held *locks) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(s.done)
	if err := cmd.Start(); err != nil {
		started <- err
		return
	}
	s.process = cmd.Process
	started <- nil
	err := cmd.Wait()
	held.release()
	select {
	case <-s.asked:
		s.log.Debug("postgres stopped", "state", cmd.ProcessState.String())
	default:
		s.log.Error("postgres ended by itself", "err", errors.Join(err, errors.New(cmd.ProcessState.String())))
	}
}

// Address is the URL of the server that another process runs on a data folder,
// after Start said ErrInUse. It does not look whether the server answers.
func Address(dir string) (string, error) {
	f, err := openFolder(dir)
	if err != nil {
		return "", err
	}
	id, err := chooseIdentity(os.Geteuid(), f.cluster, lookupUser)
	if err != nil {
		return "", err
	}
	socket, err := f.socketDir(id)
	if err != nil {
		return "", err
	}
	return databaseURL(socket), nil
}

func databaseURL(socket string) string {
	q := url.Values{"host": {socket}, "user": {"poruch"}, "sslmode": {"disable"}}
	return "postgres:///poruch?" + q.Encode()
}
