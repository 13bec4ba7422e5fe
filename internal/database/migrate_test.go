package database_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
	"github.com/poruch/poruch/migrations"
)

// blank is the address of a database without any table.
func blank(t *testing.T) string {
	t.Helper()
	db := databasetest.New(t)
	own := db.Pool.Config().ConnConfig.Database
	if _, err := db.Pool.Exec(t.Context(), `CREATE DATABASE `+own+`_blank TEMPLATE template0`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Pool.Exec(context.Background(), `DROP DATABASE `+own+`_blank WITH (FORCE)`); err != nil {
			t.Errorf("drop: %v", err)
		}
	})
	return strings.Replace(db.Pool.Config().ConnString(), "/"+own, "/"+own+"_blank", 1)
}

func TestReplicasMayMigrateTogether(t *testing.T) {
	address := blank(t)
	const replicas = 4
	errs := make([]error, replicas)
	var done sync.WaitGroup
	for i := range replicas {
		db, err := database.Open(t.Context(), database.Config{URL: address, MaxConns: 4})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(db.Close)
		done.Go(func() { errs[i] = db.Migrate(t.Context(), migrations.FS) })
	}
	done.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("replica %d: %v", i, err)
		}
	}
}
