package database

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

// IsData says whether a failure lies in the data itself, so that the same
// statement can never succeed: SQLSTATE classes 22 (data exception) and 23
// (integrity constraint), https://www.postgresql.org/docs/current/errcodes-appendix.html.
func IsData(err error) bool {
	c := code(err)
	return strings.HasPrefix(c, "22") || strings.HasPrefix(c, "23") || errors.Is(err, gorm.ErrDuplicatedKey)
}

// withAdvice says what to do about a failure that people can cure.
func withAdvice(err error) error {
	switch code(err) {
	case "53100":
		return fmt.Errorf("the database's disk is full, free some space on it: %w", err)
	case "53300":
		return fmt.Errorf("the database has no connection left, raise its max_connections or lower PORUCH_WORKERS: %w", err)
	}
	return err
}

func code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}
