// Package gaps finds what a brand's knowledge lacks: it puts unanswered
// questions that ask the same together, ranks them by how often and how
// recently they were asked, and drafts an entry for each.
//
// A Collector runs beside the inbox's worker and takes new decisions in small
// batches; knowledge/postgres keeps what it finds. A gap holds the ids of
// messages and hashed terms, never a customer's words: those are read from the
// messages when somebody looks, so a deleted message is gone here too.
package gaps
