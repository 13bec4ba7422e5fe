// Package embeddingstest pretends an endpoint of OpenAI's embeddings protocol,
// strict about requests, with vectors that are always the same, and with every
// way to fail that the real ones know. Tests reach it over a loopback address or,
// where time must stand still, over pipes within the process.
package embeddingstest
