package embeddings

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Endpoint says whom to ask.
type Endpoint struct {
	URL   string // up to and without /embeddings, such as https://api.openai.com/v1
	Key   Key    // "": none is sent
	Model string // as the endpoint calls it
	// Transport replaces the usual one; nil in production.
	Transport http.RoundTripper
}

// MaxBatch is how many texts one request carries.
const MaxBatch = 64

// Of an answer, this much is read: a vector of 4096 numbers takes some 90 kB.
const (
	mostOfAnswer = 64 << 10
	mostOfVector = 256 << 10
)

// Client asks one endpoint for one model's vectors. It is safe for concurrent
// use, tries nothing twice, and leaves time limits to the caller's context.
type Client struct {
	address string
	key     Key
	model   string
	http    *http.Client
}

// NewClient checks an endpoint's settings and asks nothing yet.
func NewClient(e Endpoint) (*Client, error) {
	u, err := url.Parse(e.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("the embeddings endpoint's address must be http or https, such as https://api.openai.com/v1")
	}
	if u.User != nil {
		return nil, errors.New("the embeddings endpoint's address holds a password; put a key into PORUCH_EMBEDDINGS_KEY")
	}
	if e.Model == "" {
		return nil, errors.New("the embeddings endpoint needs the name of a model")
	}
	if strings.ContainsFunc(string(e.Key), func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the embeddings endpoint's key has a character that no key has; copy it anew")
	}
	transport := e.Transport
	if transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = 8
		transport = t
	}
	return &Client{
		address: u.JoinPath("embeddings").String(), key: e.Key, model: e.Model,
		http: &http.Client{Transport: transport, CheckRedirect: stayThere},
	}, nil
}

// stayThere follows a redirect only if the same request goes to the same host.
func stayThere(to *http.Request, before []*http.Request) error {
	first := before[0]
	if len(before) > 3 || to.Method != first.Method || to.URL.Host != first.URL.Host || to.URL.Scheme != first.URL.Scheme {
		return errRedirect
	}
	return nil
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Embed returns a vector for each text, in order and all of one size. Texts are
// at most MaxBatch, and none is empty. Its errors are a *StatusError, ErrAnswer,
// or the network's.
func (c *Client) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	if len(texts) > MaxBatch {
		return nil, fmt.Errorf("%d texts in one request; %d is the most", len(texts), MaxBatch)
	}
	body, err := json.Marshal(asking{Model: c.model, Input: texts, Format: "float"})
	if err != nil {
		return nil, fmt.Errorf("ask the embeddings endpoint: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("ask the embeddings endpoint: %w", withoutURL(err))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "poruch")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+string(c.key))
	}
	answer, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the embeddings endpoint: %w", withoutURL(err))
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, newStatusError(answer, time.Now())
	}
	most := mostOfAnswer + len(texts)*mostOfVector
	raw, err := io.ReadAll(io.LimitReader(answer.Body, int64(most)+1))
	if err != nil {
		return nil, fmt.Errorf("read the embeddings endpoint's answer: %w", withoutURL(err))
	}
	if len(raw) > most {
		return nil, fmt.Errorf("%w: it is larger than %d kB", ErrAnswer, most>>10)
	}
	return vectorsOf(raw, len(texts))
}
