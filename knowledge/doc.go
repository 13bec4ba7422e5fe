// Package knowledge decides what a brand's vetted answers say to a customer's
// message: answer, hand off to people, or ignore. It is deterministic and does
// no I/O: the same book and the same question always give the same decision.
//
// The inbox asks a Book for each message; knowledge/postgres keeps the entries
// and swaps the whole Book when they change.
package knowledge
