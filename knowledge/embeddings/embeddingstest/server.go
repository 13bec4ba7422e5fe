package embeddingstest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"
)

// What the pretended endpoint asks for.
const (
	Key   = "sk-test-0123456789abcdef"
	Model = "pretended-3"
)

// Dimensions is the size of its vectors.
const Dimensions = 96

// Server is the endpoint, at /v1/embeddings. Its zero value works.
type Server struct {
	Meanings Meanings

	mu    sync.Mutex
	held  chan struct{} // nil: nothing is held
	fault Fault
	size  int
	asked []string
}

// Fail makes all further requests fail in a way; Working ends it.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Resize changes the size of the vectors, as another model would.
func (s *Server) Resize(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size = n
}

// Hold lets requests wait for their answers until release is called.
func (s *Server) Hold() (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := make(chan struct{})
	s.held = held
	return sync.OnceFunc(func() { close(held) })
}

func (s *Server) wait(ctx context.Context) {
	s.mu.Lock()
	held := s.held
	s.mu.Unlock()
	if held == nil {
		return
	}
	select {
	case <-held:
	case <-ctx.Done():
	}
}

// Asked lists the texts of all sound requests since the last call, those that
// failed on purpose included.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.asked
	s.asked = nil
	return list
}

func (s *Server) note(texts []string) (Fault, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, texts...)
	if s.size == 0 {
		return s.fault, Dimensions
	}
	return s.fault, s.size
}

// ServeHTTP is the endpoint. A request that a real one would refuse gets an
// error as OpenAI writes it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == elsewhere {
		refuse(w, http.StatusTeapot, "redirected", "nobody may be led here")
		return
	}
	texts, ok := s.read(w, r)
	if !ok {
		return
	}
	s.wait(r.Context())
	fault, size := s.note(texts)
	if fault.happen(w, r) {
		return
	}
	data := make([]item, len(texts))
	for i, text := range texts {
		// The last first: order is told by the index alone.
		data[len(texts)-1-i] = item{Object: "embedding", Index: i, Embedding: s.Meanings.vector(text, size)}
	}
	body, err := json.Marshal(answer{Object: "list", Data: data, Model: Model})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "server_error", err.Error())
		return
	}
	fault.write(w, body, data)
}

type item struct {
	Object    string    `json:"object"`
	Index     int       `json:"index"`
	Embedding []float64 `json:"embedding"`
}

type answer struct {
	Object string `json:"object"`
	Data   []item `json:"data"`
	Model  string `json:"model"`
}

// read checks a request.
func (s *Server) read(w http.ResponseWriter, r *http.Request) (texts []string, ok bool) {
	if r.Method != http.MethodPost || r.URL.Path != "/v1/embeddings" {
		refuse(w, http.StatusNotFound, "unknown_url", "no "+r.Method+" "+r.URL.Path)
		return nil, false
	}
	if r.Header.Get("Authorization") != "Bearer "+Key {
		refuse(w, http.StatusUnauthorized, "invalid_api_key", "Incorrect API key provided: "+r.Header.Get("Authorization"))
		return nil, false
	}
	var asks struct {
		Model  string   `json:"model"`
		Input  []string `json:"input"`
		Format string   `json:"encoding_format"`
	}
	raw, err := io.ReadAll(r.Body) // to its end, so that the server sees a caller who goes away
	if err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request_error", "half a request")
		return nil, false
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&asks); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		refuse(w, http.StatusBadRequest, "invalid_request_error", fmt.Sprint("no JSON that is known here: ", err))
		return nil, false
	}
	if asks.Model != Model {
		refuse(w, http.StatusNotFound, "model_not_found", "no model "+asks.Model)
		return nil, false
	}
	if len(asks.Input) == 0 || len(asks.Input) > 2048 || asks.Format != "float" {
		refuse(w, http.StatusBadRequest, "invalid_request_error", "1 to 2048 inputs as floats")
		return nil, false
	}
	for _, text := range asks.Input {
		if strings.TrimSpace(text) == "" || !utf8.ValidString(text) {
			refuse(w, http.StatusBadRequest, "invalid_request_error", "an input is empty or no text")
			return nil, false
		}
	}
	return asks.Input, true
}

// refuse writes an error as OpenAI does. Like the real one, the message may
// quote the key.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	body, _ := json.Marshal(map[string]any{"error": map[string]any{"message": message, "type": "invalid_request_error", "code": code, "param": nil}})
	_, _ = w.Write(body)
}
