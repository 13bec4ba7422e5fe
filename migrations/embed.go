// Package migrations holds the schema's SQL files, in goose's format.
package migrations

import "embed"

// FS is every migration, at its top.
//
//go:embed *.sql
var FS embed.FS
