package pgembed

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
)

// maxLog is the size in bytes at which a start puts the server's log aside.
const maxLog = 4 << 20

// settings suit one Poruch on a small machine. They are given at each start
// rather than kept in the cluster, so an upgrade changes them for old data too.
func settings(durable bool) []string {
	list := []string{
		"listen_addresses=",
		"max_connections=60",
		"shared_buffers=64MB",
		"max_wal_size=256MB",
		"jit=off", // our queries are short; compiling them is not
		// Nobody replicates this cluster.
		"wal_level=minimal", "max_wal_senders=0",
		"timezone=UTC", "log_timezone=UTC",
		// Errors quote the row or the statement, and thus what people wrote;
		// they go to the client only. The server's own condition is logged.
		"log_min_messages=log", "log_min_error_statement=panic", "log_error_verbosity=terse",
		"log_checkpoints=off", "logging_collector=off", "log_destination=stderr",
	}
	if !durable {
		list = append(list, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := make([]string, 0, 2*len(list))
	for _, s := range list {
		args = append(args, "-c", s)
	}
	return args
}

// openLog opens the server's log for appending; a long one becomes the previous one.
func (f folder) openLog() (*os.File, error) {
	info, err := os.Stat(f.log)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("open the server's log: %w", err)
	case info.Size() > maxLog:
		if err := os.Rename(f.log, f.log+".1"); err != nil {
			return nil, fmt.Errorf("put the server's log aside: %w", err)
		}
	}
	out, err := os.OpenFile(f.log, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	return out, nil
}

// logSince returns the last lines of the log after an offset, for an error's text.
func (f folder) logSince(offset int64) string {
	file, err := os.Open(f.log)
	if err != nil {
		return ""
	}
	defer file.Close()
	text, err := io.ReadAll(io.NewSectionReader(file, offset, maxLog))
	if err != nil {
		return ""
	}
	return lastLines(text)
}

func lookupUser(name string) (*user.User, error) { return user.Lookup(name) }
