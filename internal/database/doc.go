// Package database is the one way to Postgres: a pgx pool with gorm on top,
// transactions that both can use, migrations, and a check that the cluster
// treats Cyrillic as letters.
package database
