// Package redis makes replicas fast together: it paces their sends, wakes their
// workers, and lets one of them poll a bot. Nothing in it is the record: with
// Redis gone, each replica paces itself, workers look by the clock, and every
// poller polls (which the platform itself limits to one).
package redis
