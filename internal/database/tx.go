package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Tx is one transaction, usable through gorm and through pgx (River needs it).
type Tx struct {
	Gorm *gorm.DB
	Pgx  pgx.Tx
}

// InTx runs do in a transaction: committed when do returns nil, rolled back on
// an error, a panic or the end of ctx. It is the only entry to transactions.
func (db *DB) InTx(ctx context.Context, do func(ctx context.Context, tx Tx) error) (err error) {
	conn, err := db.SQL.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", withoutAddress(err))
	}
	defer conn.Close()
	var tx pgx.Tx
	if err := conn.Raw(func(driver any) (err error) {
		tx, err = driver.(*stdlib.Conn).Conn().Begin(ctx)
		return err
	}); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	// Through Raw, since database/sql gives a broken connection back to the
	// pool, which closes it, the moment gorm meets the breakage. It is not ours
	// to touch then, and the server has already undone its work.
	defer func() {
		// After a commit this is a no-op; after a cancelled ctx it must still run.
		rerr := conn.Raw(func(any) error { return tx.Rollback(context.WithoutCancel(ctx)) })
		if rerr != nil && !errors.Is(rerr, pgx.ErrTxClosed) && !errors.Is(rerr, sql.ErrConnDone) && err == nil {
			err = fmt.Errorf("roll back: %w", rerr)
		}
	}()
	g := db.Gorm.Session(&gorm.Session{Context: ctx, NewDB: true, SkipDefaultTransaction: true})
	g.Statement.ConnPool = txConn{conn}
	if err := do(ctx, Tx{Gorm: g, Pgx: tx}); err != nil {
		return withAdvice(err)
	}
	if err := conn.Raw(func(any) error { return tx.Commit(ctx) }); err != nil {
		return fmt.Errorf("commit: %w", withAdvice(err))
	}
	return nil
}

// txConn tells gorm that a transaction is already open on the connection, so
// that a nested gorm.Transaction uses a savepoint; on a bare *sql.Conn it would
// begin, and commit the outer transaction.
type txConn struct{ *sql.Conn }

var errNotYours = errors.New("the transaction belongs to InTx")

func (txConn) Commit() error   { return errNotYours }
func (txConn) Rollback() error { return errNotYours }
