package database

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

// IsUnique says whether a row was refused because its key exists.
func IsUnique(err error) bool {
	return errors.Is(err, gorm.ErrDuplicatedKey) || code(err) == "23505"
}

// IsData says whether a failure lies in the data itself, so that the same
// statement can never succeed: SQLSTATE classes 22 (data exception) and 23
// (integrity constraint), https://www.postgresql.org/docs/current/errcodes-appendix.html.
func IsData(err error) bool {
	c := code(err)
	return strings.HasPrefix(c, "22") || strings.HasPrefix(c, "23") || errors.Is(err, gorm.ErrDuplicatedKey)
}

// IsTemporary says whether the same work may succeed later as it is: the server
// was not reachable, was going away or starting, was out of connections, memory
// or disk, or chose this transaction as the victim of a conflict. A context
// that the caller ended is not temporary.
func IsTemporary(err error) bool {
	if c := code(err); c != "" {
		switch c[:2] {
		case "08", // connection exception
			"53", // insufficient resources: disk full, too many connections
			"58": // system error: an I/O error of the disk
			return true
		}
		switch c {
		case "40001", "40P01", // serialization failure, deadlock
			"55P03",                   // lock not available
			"57P01", "57P02", "57P03", // shutting down, crashed, starting up
			"25006": // read only: a standby, until the failover ends
			return true
		}
		return false
	}
	var unreachable *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &unreachable) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
}

func code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}
