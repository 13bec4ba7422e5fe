package embeddings

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
)

// Hash stands for a text and the model that its vector comes from.
type Hash = [sha256.Size]byte

// Cache keeps vectors. question says that the texts are customers' words, which
// are kept for a shorter time than a book's. Losing it costs time only, so its
// errors end nothing.
type Cache interface {
	// Vectors returns those it has.
	Vectors(ctx context.Context, hashes []Hash, question bool) (map[Hash][]float32, error)
	// Keep stores vectors; one that is there already is replaced.
	Keep(ctx context.Context, vectors map[Hash][]float32, question bool) error
}

// NoCache keeps nothing.
type NoCache struct{}

// Vectors has none.
func (NoCache) Vectors(context.Context, []Hash, bool) (map[Hash][]float32, error) { return nil, nil }

// Keep forgets.
func (NoCache) Keep(context.Context, map[Hash][]float32, bool) error { return nil }

// hash is of the endpoint too: two may call different models by one name.
func (c *Client) hash(text string) Hash {
	h := sha256.New()
	for _, part := range []string{c.address, c.model, text} {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write([]byte(part))
	}
	return Hash(h.Sum(nil))
}
