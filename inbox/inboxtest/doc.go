// Package inboxtest has what tests of the desk need around it: a console, a
// platform and a knowledge base that live in memory, can be told to fail, and
// remember everything. The store is always a real Postgres.
package inboxtest
