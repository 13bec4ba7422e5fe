package embeddings_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"context"

	"github.com/poruch/poruch/knowledge/embeddings"
	"github.com/poruch/poruch/knowledge/embeddings/embeddingstest"
)

const question = "де моя посилка, номер 12345"

// endpoint is where a pretended endpoint is reached over pipes.
func endpoint(t *testing.T, h http.Handler) embeddings.Endpoint {
	return embeddings.Endpoint{
		URL: "http://endpoint.test/v1?api-version=1", Key: embeddingstest.Key, Model: embeddingstest.Model,
		Transport: embeddingstest.Pipes(t, h),
	}
}

func client(t *testing.T, e embeddings.Endpoint) *embeddings.Client {
	t.Helper()
	c, err := embeddings.NewClient(e)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// discreet fails a test when something that people may read holds the key, a
// customer's words or the address with its query.
func discreet(t *testing.T, what, text string) {
	t.Helper()
	for _, secret := range []string{embeddingstest.Key, "посилка", "12345", "api-version"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s: holds %q: %s", what, secret, text)
		}
	}
}

func TestVectorsKeepTheOrderOfTheTexts(t *testing.T) {
	server := httptest.NewServer(&embeddingstest.Server{})
	defer server.Close()
	c := client(t, embeddings.Endpoint{URL: server.URL + "/v1/", Key: embeddingstest.Key, Model: embeddingstest.Model})
	texts := []string{"Скільки триває доставка?", "How to cancel?", "Де чек"}
	all, err := c.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		one, err := c.Embed(t.Context(), []string{text})
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(one[0]) != fmt.Sprint(all[i]) || len(one[0]) != embeddingstest.Dimensions {
			t.Errorf("text %d has another vector alone than among others", i)
		}
	}
	if none, err := c.Embed(t.Context(), nil); err != nil || len(none) != 0 {
		t.Errorf("no texts: %v, %v", none, err)
	}
	if _, err := c.Embed(t.Context(), make([]string, embeddings.MaxBatch+1)); err == nil {
		t.Error("a batch that is too large was sent")
	}
}

// Each way to fail is an error that tells people nothing they must not read.
func TestEveryFaultIsAnError(t *testing.T) {
	status := map[embeddingstest.Fault]string{
		embeddingstest.Unauthorized: "401 (invalid_api_key); check PORUCH_EMBEDDINGS_KEY",
		embeddingstest.NotFound:     "404 (model_not_found); check PORUCH_EMBEDDINGS_URL",
		embeddingstest.TooMany:      "429 (rate_limit_exceeded)",
		embeddingstest.ServerError:  "500 (server_error)",
		embeddingstest.RedirectHost: "redirects to another place", embeddingstest.RedirectPlain: "redirects to another place",
		embeddingstest.Slow: "deadline exceeded",
	}
	says := map[embeddingstest.Fault]string{
		embeddingstest.Huge: "larger than 576 kB", embeddingstest.HTML: "not the JSON", embeddingstest.Null: "no number",
		embeddingstest.WrongCount: "1 vectors for 2 texts", embeddingstest.UnevenSizes: "different sizes",
	}
	network := []embeddingstest.Fault{embeddingstest.HalfClosed, embeddingstest.Dropped}
	for _, fault := range embeddingstest.Faults() {
		if fault == embeddingstest.WrongSize {
			continue // only who knows the right size can tell
		}
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := &embeddingstest.Server{}
				server.Fail(fault)
				c := client(t, endpoint(t, server))
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				vectors, err := c.Embed(ctx, []string{question, "Де чек"})
				if err == nil {
					t.Fatalf("no error, but %d vectors", len(vectors))
				}
				discreet(t, "the error", fmt.Sprintf("%v %+v %#v", err, err, errors.Unwrap(err)))
				if !strings.Contains(err.Error(), says[fault]) {
					t.Errorf("%v, want %q", err, says[fault])
				}
				want, isStatus := status[fault]
				if isStatus && !strings.Contains(err.Error(), want) {
					t.Errorf("%v, want %q", err, want)
				}
				if isNetwork := strings.Contains(fmt.Sprint(network), string(fault)); !isStatus && errors.Is(err, embeddings.ErrAnswer) == isNetwork {
					t.Errorf("%v is of the wrong kind", err)
				}
			})
		})
	}
}

func TestRedirectWithinTheHostIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &embeddingstest.Server{}
		mux := http.NewServeMux()
		mux.Handle("/v1/", server)
		mux.Handle("/old/", http.RedirectHandler("/v1/embeddings", http.StatusPermanentRedirect))
		e := endpoint(t, mux)
		e.URL = "http://endpoint.test/old"
		if _, err := client(t, e).Embed(t.Context(), []string{"Де чек"}); err != nil {
			t.Error(err)
		}
	})
}

func TestRetryAfterIsRead(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "60": time.Minute, "0.5": 500 * time.Millisecond, "-1": 0, "soon": 0, "NaN": 0, "99999999999999": 10 * time.Minute,
		"Sat, 01 Jan 2000 00:01:00 GMT": time.Minute, "Fri, 31 Dec 1999 00:00:00 GMT": 0,
	} {
		synctest.Test(t, func(t *testing.T) { // begins at 2000-01-01
			e := endpoint(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", text)
				w.WriteHeader(http.StatusServiceUnavailable)
			}))
			_, err := client(t, e).Embed(t.Context(), []string{"Де чек"})
			var status *embeddings.StatusError
			if !errors.As(err, &status) || status.RetryAfter != want || status.Code != http.StatusServiceUnavailable {
				t.Errorf("Retry-After %q: %v after %v, want %v", text, err, status.RetryAfter, want)
			}
		})
	}
}

func TestClientRefusesSettings(t *testing.T) {
	good := embeddings.Endpoint{URL: "https://api.openai.com/v1", Model: "m"}
	for name, spoil := range map[string]func(*embeddings.Endpoint){
		"no address": func(e *embeddings.Endpoint) { e.URL = "" },
		"no scheme":  func(e *embeddings.Endpoint) { e.URL = "api.openai.com/v1" },
		"a file":     func(e *embeddings.Endpoint) { e.URL = "file:///etc/passwd" },
		"a password": func(e *embeddings.Endpoint) { e.URL = "https://user:" + embeddingstest.Key + "@x.test/v1" },
		"odd":        func(e *embeddings.Endpoint) { e.URL = "https://x.test/" + embeddingstest.Key + "%zz" },
		"no model":   func(e *embeddings.Endpoint) { e.Model = "" },
		"a line end": func(e *embeddings.Endpoint) { e.Key = embeddingstest.Key + "\n" },
	} {
		bad := good
		spoil(&bad)
		if _, err := embeddings.NewClient(bad); err == nil {
			t.Errorf("%s was accepted", name)
		} else {
			discreet(t, name, err.Error())
		}
	}
	if _, err := embeddings.NewClient(good); err != nil {
		t.Errorf("a good one: %v", err)
	}
}

func TestKeyNeverPrints(t *testing.T) {
	e := embeddings.Endpoint{Key: embeddingstest.Key, URL: "https://x.test", Model: "m"}
	asJSON, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "key", e.Key, "all", e)
	discreet(t, "printed", fmt.Sprintf("%v %+v %#v %s %q", e, e, e, e.Key, e.Key)+string(asJSON)+logged.String())
	if embeddings.Key("").String() != "" {
		t.Error("no key looks like one")
	}
}
