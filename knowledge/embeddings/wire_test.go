package embeddings

import (
	"encoding/json"
	"testing"
)

// Whatever an endpoint sends, what comes out can be used.
func FuzzVectorsOf(f *testing.F) {
	for _, s := range []string{
		`{"data":[{"index":0,"embedding":[1,2.5e-3]}]}`, `{"data":[{"index":1,"embedding":[1]},{"index":0,"embedding":[ -2 ]}]}`,
		`{"data":[{"index":0,"embedding":[null]}]}`, `{"data":[{"index":0,"embedding":[[1],2]}]}`, `{"data":[{"index":0,"embedding":{"a":1}}]}`,
		`{"data":[{"index":0,"embedding":null}]}`, `{"data":[{"index":0,"embedding":[1e39]}]}`, `[`, `null`, `{"data":[{"embedding":[1]}]}`,
		`{"data":[{"index":0,"embedding":[3e38,3e38]}]}`, `{"data":[{"index":0,"embedding":["1"]}]}`,
	} {
		f.Add([]byte(s), 1)
		f.Add([]byte(s), 2)
	}
	f.Fuzz(func(t *testing.T, raw []byte, count int) {
		if count < 1 || count > MaxBatch {
			return
		}
		vectors, err := vectorsOf(raw, count)
		if err != nil {
			return
		}
		if len(vectors) != count || !json.Valid(raw) {
			t.Fatalf("%d vectors for %d texts", len(vectors), count)
		}
		for _, v := range vectors {
			if len(v) == 0 || len(v) != len(vectors[0]) || !sound(v) {
				t.Fatalf("a vector that cannot be used: %v", v)
			}
		}
	})
}
