package database_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"gorm.io/gorm"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
)

func TestMain(m *testing.M) { os.Exit(databasetest.Main(m)) }

var errUndo = errors.New("undo")

func notes(t *testing.T) *database.DB {
	t.Helper()
	db := databasetest.New(t)
	if _, err := db.Pool.Exec(t.Context(), `CREATE TABLE notes (body text PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	return db
}

func count(t *testing.T, db *database.DB) (n int) {
	t.Helper()
	if err := db.Pool.QueryRow(t.Context(), `SELECT count(*) FROM notes`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func idleInTransaction(t *testing.T, db *database.DB) (n int) {
	t.Helper()
	err := db.Pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND state LIKE 'idle in transaction%'`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestInTxCommitsGormAndPgxTogether(t *testing.T) {
	db := notes(t)
	err := db.InTx(t.Context(), func(ctx context.Context, tx database.Tx) error {
		if err := tx.Gorm.Exec(`INSERT INTO notes VALUES ('gorm')`).Error; err != nil {
			return err
		}
		_, err := tx.Pgx.Exec(ctx, `INSERT INTO notes VALUES ('pgx')`)
		return err
	})
	if err != nil || count(t, db) != 2 {
		t.Fatalf("InTx = %v with %d rows, want nil with 2", err, count(t, db))
	}
}

func TestInTxRollsBothBack(t *testing.T) {
	db := notes(t)
	err := db.InTx(t.Context(), func(ctx context.Context, tx database.Tx) error {
		tx.Gorm.Exec(`INSERT INTO notes VALUES ('gorm')`)
		if _, err := tx.Pgx.Exec(ctx, `INSERT INTO notes VALUES ('pgx')`); err != nil {
			return err
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) || count(t, db) != 0 {
		t.Fatalf("InTx = %v with %d rows, want errUndo with none", err, count(t, db))
	}
}

// A nested gorm transaction must be a savepoint of the outer one. On a bare
// *sql.Conn gorm would commit the outer transaction with it.
func TestInTxNestedTransactionIsASavepoint(t *testing.T) {
	db := notes(t)
	err := db.InTx(t.Context(), func(_ context.Context, tx database.Tx) error {
		if err := tx.Gorm.Transaction(func(inner *gorm.DB) error {
			return inner.Exec(`INSERT INTO notes VALUES ('inner')`).Error
		}); err != nil {
			return err
		}
		_ = tx.Gorm.Transaction(func(inner *gorm.DB) error {
			inner.Exec(`INSERT INTO notes VALUES ('undone')`)
			return errUndo
		})
		var n int64
		if err := tx.Gorm.Raw(`SELECT count(*) FROM notes`).Scan(&n).Error; err != nil || n != 1 {
			t.Errorf("inside: %d rows, %v; want the savepoint's one", n, err)
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) || count(t, db) != 0 {
		t.Fatalf("InTx = %v with %d rows, want errUndo with none", err, count(t, db))
	}
}

func TestInTxLeavesNoOpenSession(t *testing.T) {
	db := notes(t)
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.InTx(ctx, func(ctx context.Context, tx database.Tx) error {
			if _, err := tx.Pgx.Exec(ctx, `INSERT INTO notes VALUES ('cancelled')`); err != nil {
				return err
			}
			cancel()
			return tx.Gorm.Exec(`SELECT pg_sleep(60)`).Error
		})
		if err == nil {
			t.Error("InTx succeeded after its context ended")
		}
	})
	t.Run("panicked", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("the panic did not come through")
			}
		}()
		_ = db.InTx(t.Context(), func(ctx context.Context, tx database.Tx) error {
			tx.Gorm.Exec(`INSERT INTO notes VALUES ('panicked')`)
			panic("in the middle")
		})
	})
	if n := idleInTransaction(t, db); n != 0 || count(t, db) != 0 {
		t.Fatalf("%d sessions idle in transaction and %d rows, want none", n, count(t, db))
	}
}

func TestInTxHoldsAdvisoryLock(t *testing.T) {
	db := notes(t)
	err := db.InTx(t.Context(), func(ctx context.Context, tx database.Tx) error {
		var mine, theirs bool
		if err := tx.Gorm.Raw(`SELECT pg_try_advisory_xact_lock(7)`).Scan(&mine).Error; err != nil {
			return err
		}
		if err := db.Pool.QueryRow(ctx, `SELECT pg_try_advisory_lock(7)`).Scan(&theirs); err != nil {
			return err
		}
		if !mine || theirs {
			t.Errorf("lock: mine %t, another session's %t; want true, false", mine, theirs)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestErrorsAreClassified(t *testing.T) {
	db := notes(t)
	for _, c := range []struct {
		statement string
		data      bool
	}{
		{`INSERT INTO notes VALUES ('a'), ('a')`, true},
		{`SELECT 1/0`, true},
		{`SELECT '2026-99-99'::date`, true},
		{`SELECT * FROM nowhere`, false},
	} {
		_, err := db.Pool.Exec(t.Context(), c.statement)
		if database.IsData(err) != c.data {
			t.Errorf("%s: data %t, want %t (%v)", c.statement, database.IsData(err), c.data, err)
		}
	}
}
