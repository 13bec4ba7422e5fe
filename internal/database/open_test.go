package database_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/migrations"
)

const password = "d0-not-t3ll"

// closedPort is a loopback address that nobody listens on.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestOpenNeverTellsThePassword(t *testing.T) {
	for name, address := range map[string]string{
		"unreachable":   "postgres://poruch:" + password + "@" + closedPort(t) + "/poruch?sslmode=disable",
		"malformed":     "postgres://poruch:" + password + "@[::1/poruch",
		"no such words": "host=127.0.0.1 password=" + password + " port=many",
		"no file":       "postgres://poruch:" + password + "@127.0.0.1/poruch?sslmode=verify-full&sslrootcert=/nonexistent",
	} {
		db, err := database.Open(t.Context(), database.Config{URL: address})
		if err == nil {
			db.Close()
			t.Errorf("%s: Open succeeded", name)
			continue
		}
		if strings.Contains(err.Error(), password) || !strings.Contains(err.Error(), "DATABASE_URL") {
			t.Errorf("%s: %q, want words about DATABASE_URL without the password", name, err)
		}
	}
}

// A cluster made without a UTF-8 locale keeps Ukrainian capitals as they are
// and finds nothing by trigrams.
func TestOpenRefusesALocaleWithoutCyrillic(t *testing.T) {
	db := databasetest.New(t)
	name := fmt.Sprintf("plain_%s", pgx.Identifier{db.Pool.Config().ConnConfig.Database}[0])
	if _, err := db.Pool.Exec(t.Context(), `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Pool.Exec(context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Errorf("drop: %v", err)
		}
	})
	address := strings.Replace(db.Pool.Config().ConnString(), "/"+db.Pool.Config().ConnConfig.Database, "/"+name, 1)
	plain, err := database.Open(t.Context(), database.Config{URL: address})
	if err == nil {
		plain.Close()
		t.Fatal("a database with the locale C was accepted")
	}
	if !strings.Contains(err.Error(), "CREATE DATABASE") {
		t.Errorf("%q does not say what to do", err)
	}
}

func TestMigrateTwiceChangesNothing(t *testing.T) {
	db := databasetest.New(t)
	applied := func() (n int) {
		t.Helper()
		if err := db.Pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM goose_db_version) + (SELECT count(*) FROM river_migration)`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := applied()
	if err := db.Migrate(t.Context(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	if after := applied(); after != before || before < 2 {
		t.Errorf("%d migrations before, %d after", before, after)
	}
}

// What another attempt may cure must never count as a fault of the data: a full
// disk, a restart or a failover would make intake give a message up.
func TestOnlyFaultsOfTheDataAreSo(t *testing.T) {
	for code, want := range map[string]bool{
		"22021": true, "23505": true,
		"08006": false, "40001": false, "40P01": false, "53100": false, "53300": false, "57P01": false, "57P03": false, "58030": false, "42601": false,
	} {
		if got := database.IsData(fmt.Errorf("save: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("IsData(%s) = %t", code, got)
		}
	}
	for _, err := range []error{nil, errUndo, context.Canceled} {
		if database.IsData(err) {
			t.Errorf("IsData(%v) = true", err)
		}
	}
}

// What an operator can cure is told with the cure.
func TestFullDiskIsToldWithItsCure(t *testing.T) {
	db := notes(t)
	err := db.InTx(t.Context(), func(ctx context.Context, tx database.Tx) error {
		_, err := tx.Pgx.Exec(ctx, `DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "free some space") || database.IsData(err) {
		t.Errorf("InTx = %v", err)
	}
}

// A session that the server ends, as in a failover, leaves nothing behind.
func TestLostConnectionLeavesNothing(t *testing.T) {
	db := notes(t)
	err := db.InTx(t.Context(), func(ctx context.Context, tx database.Tx) error {
		var pid int
		if err := tx.Pgx.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
			return err
		}
		if _, err := db.Pool.Exec(ctx, `SELECT pg_terminate_backend($1)`, pid); err != nil {
			return err
		}
		return tx.Gorm.Exec(`INSERT INTO notes VALUES ('lost')`).Error
	})
	if err == nil || errors.Is(err, context.Canceled) || database.IsData(err) {
		t.Errorf("InTx = %v, want an error that another attempt may cure", err)
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows, want none", n)
	}
}
