// Package embeddings asks an endpoint that speaks OpenAI's embeddings protocol
// for vectors of texts: the optional scorer of a knowledge.Book. It is made to
// be left out. A question gets its vector from the cache, or from the endpoint
// within a short limit, or none, and then the book decides by words alone. A
// circuit breaker keeps a broken endpoint from costing each question its limit.
//
// knowledge/postgres asks an Embedder and keeps its Cache; cmd/poruch makes one
// when PORUCH_EMBEDDINGS_URL is set. No error and no log line of this package
// holds the key or anybody's words.
package embeddings
