// Package pgembed runs a private Postgres server beside Poruch, from the
// binaries that the machine already has. It is what `poruch serve` uses when
// DATABASE_URL is not set, what the demo uses always, and what the tests use.
//
// The cluster lives in one folder and belongs to one Poruch process at a time.
// It listens on a Unix socket only. Its folder and the socket's folder have
// mode 0700, so only the user that owns the server, and root, can connect; in
// exchange there is no password.
//
// Postgres refuses to run as root. Started by root, the server runs as the
// owner of the existing cluster, else as postgres, else as nobody.
//
// The server ends when [Server.Stop] is called and, on Linux, when the process
// that started it dies in any way. The next [Start] waits for a server that is
// still ending and recovers what it left.
package pgembed
