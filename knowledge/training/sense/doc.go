// Package sense learns where terms lie, so that texts that ask the same thing
// lie near each other: a bag of term vectors, trained so that each message is
// nearer to its own entry's phrasings than to those of its brand's other
// entries. Only the fit command uses it.
package sense
