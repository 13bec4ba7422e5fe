// Package postgres keeps brands' knowledge in Postgres: the Store of
// knowledge/library. A brand's version grows in the transaction that changes
// what answers, so that replicas see by one number that their book is old.
// gorm stays in here.
package postgres
