package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Migrate brings the schema to the newest version: ours from files, then
// River's. Several replicas may call it at once; one works, the others wait.
// Nothing is done, by one query, when all is new already.
func (db *DB) Migrate(ctx context.Context, files fs.FS) error {
	ours, err := goose.NewProvider(goose.DialectPostgres, db.SQL, files)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	theirs, err := rivermigrate.New(riverpgxv5.New(db.Pool), nil)
	if err != nil {
		return fmt.Errorf("prepare river's migrations: %w", err)
	}
	want := newest(ours.ListSources())
	all := theirs.AllVersions()
	wantRiver := all[len(all)-1].Version
	done, err := db.atVersion(ctx, want, wantRiver)
	if err != nil || done {
		return err
	}
	release, err := db.lockMigrations(ctx)
	if err != nil {
		return err
	}
	defer release()
	// Another replica may have done it while this one waited.
	if done, err = db.atVersion(ctx, want, wantRiver); err != nil || done {
		return err
	}
	if _, err := ours.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := theirs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate river: %w", err)
	}
	return db.checkTrigrams(ctx)
}

// migrationLock is an arbitrary number, the same in every version of Poruch.
const migrationLock = 7_061_970_117

// lockMigrations waits until no other replica migrates. goose has a lock of its
// own, but it does not cover River's migrations, and waits in steps of 5 seconds.
// The connection is outside the pool: closing it gives the lock back, whatever
// happened meanwhile.
func (db *DB) lockMigrations(ctx context.Context) (release func(), err error) {
	conn, err := pgx.ConnectConfig(ctx, db.Pool.Config().ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("lock the schema: %w", withoutAddress(err))
	}
	release = func() { _ = conn.Close(context.WithoutCancel(ctx)) }
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		release()
		return nil, fmt.Errorf("lock the schema: %w", err)
	}
	return release, nil
}

func newest(sources []*goose.Source) (version int64) {
	for _, s := range sources {
		version = max(version, s.Version)
	}
	return version
}

// atVersion says whether both schemas are at these versions or newer ones.
func (db *DB) atVersion(ctx context.Context, ours int64, river int) (bool, error) {
	var have int64
	var theirs int
	err := db.Pool.QueryRow(ctx, `SELECT
		(SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied),
		(SELECT coalesce(max(version), 0) FROM river_migration)`).Scan(&have, &theirs)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42P01" { // undefined_table: a new database
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the schema's version: %w", err)
	}
	return have >= ours && theirs >= river, nil
}

// checkTrigrams refuses a cluster whose trigram search drops Cyrillic letters.
func (db *DB) checkTrigrams(ctx context.Context) error {
	var ok bool
	if err := db.Pool.QueryRow(ctx, `SELECT show_trgm('їж') <> '{}'`).Scan(&ok); err != nil {
		return fmt.Errorf("check trigram search: %w", err)
	}
	if !ok {
		return errors.New("the database's trigram search drops Cyrillic letters (its lc_ctype is C); create it anew with: CREATE DATABASE poruch TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
	}
	return nil
}
