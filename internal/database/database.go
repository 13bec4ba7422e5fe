package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Config says which database, and how.
type Config struct {
	URL      string // postgres://… or key=value; may hold a password, so it is never logged
	MaxConns int32  // 0: DefaultMaxConns
	Log      *slog.Logger
}

// DefaultMaxConns leaves room for River's listener, the workers and intake; on
// small machines more connections buy latency only.
const DefaultMaxConns = 12

// DB is one database: a pgx pool, and gorm and database/sql on top of it.
type DB struct {
	Pool *pgxpool.Pool
	SQL  *sql.DB
	Gorm *gorm.DB
	log  *slog.Logger
}

// minVersion is the oldest server that the tests run on.
const minVersion = 140000

// Open connects and checks the server. The caller closes the DB.
func Open(ctx context.Context, c Config) (*DB, error) {
	pc, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, errors.New("DATABASE_URL is not a Postgres address like postgres://user:password@host:5432/poruch")
	}
	pc.MaxConns = c.MaxConns
	if pc.MaxConns == 0 {
		pc.MaxConns = DefaultMaxConns
	}
	pc.MaxConnIdleTime = 5 * time.Minute
	pc.ConnConfig.ConnectTimeout = 5 * time.Second
	if pc.ConnConfig.RuntimeParams["application_name"] == "" {
		pc.ConnConfig.RuntimeParams["application_name"] = "poruch"
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", withoutAddress(err))
	}
	if err := check(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	db := &DB{Pool: pool, SQL: stdlib.OpenDBFromPool(pool), log: c.Log}
	db.Gorm, err = gorm.Open(postgres.New(postgres.Config{Conn: db.SQL}), &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		Logger:                 logger.Discard, // errors are returned, and rows hold people's words
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// Close ends all connections.
func (db *DB) Close() {
	_ = db.SQL.Close()
	db.Pool.Close()
}

// check refuses a server that is too old or that cannot read Ukrainian.
func check(ctx context.Context, pool *pgxpool.Pool) error {
	var version int
	var lower, letters bool
	err := pool.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, lower('Ї') = 'ї', 'ї' ~ '^[[:alpha:]]$'`).
		Scan(&version, &lower, &letters)
	if err != nil {
		return fmt.Errorf("cannot use the database: %w; check DATABASE_URL and that the server runs", withoutAddress(err))
	}
	if version < minVersion {
		return fmt.Errorf("the database server is version %d; Poruch needs PostgreSQL 14 or newer", version/10000)
	}
	if !lower || !letters {
		return errors.New("the database does not treat Cyrillic letters as letters (its locale is C); create it anew with: CREATE DATABASE poruch TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
	}
	return nil
}

// withoutAddress keeps the user, the host and any password out of what people
// and logs get to read.
func withoutAddress(err error) error {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		if inner := connect.Unwrap(); inner != nil {
			return inner
		}
		return errors.New("the server cannot be reached")
	}
	return err
}
