// Package databasetest gives each test a Postgres database of its own: a clone
// of a migrated template on a private cluster, or on TEST_DATABASE_URL.
package databasetest

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/pgembed"
	"github.com/poruch/poruch/migrations"
)

var (
	once    sync.Once
	cluster *clusterState
	failed  error
	count   atomic.Int64
)

type clusterState struct {
	admin    string // URL of the database to give orders in
	template string
	stop     func() error
}

// Main is a package's TestMain: it runs the tests and stops the cluster.
func Main(m *testing.M) int {
	code := m.Run()
	if cluster != nil {
		if err := cluster.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stop the test cluster:", err)
			return 1
		}
	}
	return code
}

// New returns a migrated, empty database that lives as long as the test. The
// package's TestMain must call Main.
func New(t testing.TB) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{URL: URL(t), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("open test database: %v", err)
	}
	t.Cleanup(db.Close)
	return db
}

// URL makes a migrated, empty database and returns its address.
func URL(t testing.TB) string {
	t.Helper()
	once.Do(func() { cluster, failed = begin(context.Background()) })
	if failed != nil {
		t.Fatalf("start the test cluster: %v", failed)
	}
	name := fmt.Sprintf("t%d_%d", os.Getpid(), count.Add(1))
	if err := order(t.Context(), cluster.admin, "CREATE DATABASE "+name+" TEMPLATE "+cluster.template); err != nil {
		t.Fatalf("clone the template database: %v", err)
	}
	t.Cleanup(func() {
		if err := order(context.Background(), cluster.admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	return named(cluster.admin, name)
}

func begin(ctx context.Context) (*clusterState, error) {
	s := &clusterState{admin: os.Getenv("TEST_DATABASE_URL"), stop: func() error { return nil }}
	if s.admin == "" {
		dir, err := os.MkdirTemp("", "poruchtest")
		if err != nil {
			return nil, err
		}
		if err := os.Chmod(dir, 0o755); err != nil { // root's cluster belongs to another user
			return nil, err
		}
		server, err := pgembed.Start(ctx, pgembed.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			return nil, err
		}
		s.admin = server.URL()
		s.stop = func() error {
			if err := server.Stop(context.Background()); err != nil {
				return err
			}
			return os.RemoveAll(dir)
		}
	}
	s.template = "template_poruch_" + strconv.Itoa(os.Getpid())
	if err := s.makeTemplate(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *clusterState) makeTemplate(ctx context.Context) error {
	if err := order(ctx, s.admin, "CREATE DATABASE "+s.template); err != nil {
		return err
	}
	stop := s.stop
	s.stop = func() error {
		if err := order(context.Background(), s.admin, "DROP DATABASE IF EXISTS "+s.template+" WITH (FORCE)"); err != nil {
			return err
		}
		return stop()
	}
	db, err := database.Open(ctx, database.Config{URL: named(s.admin, s.template), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx, migrations.FS)
}

func order(ctx context.Context, address, statement string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

// named is the address of another database of the same server.
func named(address, database string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return address + " dbname=" + database
	}
	u.Path = "/" + database
	return u.String()
}
