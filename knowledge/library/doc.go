// Package library is the trainers' side of knowledge: the life of an entry
// from draft to archive, the trust it earns, and the verdicts and proposals
// that make it better. It also holds the books that answer: one immutable
// knowledge.Book per brand, swapped whole when a publish changes it.
//
// The program and the staff side call a Library; knowledge/postgres is its
// Store. Every operation is one transaction under the brand's lock, names its
// author, and either happens whole or not at all.
package library
