package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Migrate brings the schema to the newest version: ours from files, then
// River's. Several replicas may call it at once; one works, the others wait.
// Nothing is done, by one query, when all is new already.
func (db *DB) Migrate(ctx context.Context, files fs.FS) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	ours, err := goose.NewProvider(goose.DialectPostgres, db.SQL, files, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	theirs, err := rivermigrate.New(riverpgxv5.New(db.Pool), nil)
	if err != nil {
		return fmt.Errorf("prepare river's migrations: %w", err)
	}
	want := newest(ours.ListSources())
	all := theirs.AllVersions()
	done, err := db.atVersion(ctx, want, all[len(all)-1].Version)
	if err != nil || done {
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
