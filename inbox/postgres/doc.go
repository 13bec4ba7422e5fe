// Package postgres keeps the inbox in Postgres: contacts, conversations,
// messages, tickets and their events, the queue of due jobs, and the timers
// (River, on the same pool). gorm stays in here: private row structs carry the
// tags, and its errors are translated into the inbox's.
package postgres
