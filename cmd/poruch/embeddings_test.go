package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/embeddings"
	"github.com/poruch/poruch/knowledge/embeddings/embeddingstest"
	"github.com/poruch/poruch/knowledge/files"
)

// endpointOf serves a pretended embeddings endpoint.
func endpointOf(t *testing.T, s *embeddingstest.Server) config.Embeddings {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return config.Embeddings{URL: server.URL + "/v1", Key: embeddingstest.Key, Model: embeddingstest.Model}
}

// With an endpoint configured, the app answers what words alone would hand off,
// and counts it.
func TestEmbeddingsHelpTheApp(t *testing.T) {
	tongue := embeddingstest.NewTongue(12)
	server := &embeddingstest.Server{Meanings: tongue.Meanings}
	var entries []knowledge.Entry
	for _, topic := range tongue.Topics {
		entries = append(entries, knowledge.Entry{
			ID: topic.ID, Title: topic.Title, Phrasings: topic.Phrasings, Lang: knowledge.Ukrainian,
			Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "Відповідь."},
		})
	}
	var file strings.Builder
	if err := files.Write(&file, files.JSONL, entries); err != nil {
		t.Fatal(err)
	}
	brand := t.TempDir()
	for name, text := range map[string]string{"brand.yaml": "id: tongue\nname: Мова\n", "knowledge.jsonl": file.String()} {
		if err := os.WriteFile(filepath.Join(brand, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t)
	c := w.config()
	c.Brand, c.Embeddings = brand, endpointOf(t, server)
	app := runAppWith(t, c, nil)
	w.until(t, "an answer with vectors", func() bool {
		d, err := app.library.Decide(t.Context(), "tongue", knowledge.Question{Text: tongue.Topics[3].Questions[0], Private: true})
		if err != nil {
			t.Fatal(err)
		}
		return d.Action == knowledge.Answer && d.Entry() == tongue.Topics[3].ID
	})
	if err := app.purge(t.Context()); err != nil {
		t.Error(err)
	}
	families, err := app.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var counted strings.Builder
	for _, f := range families {
		counted.WriteString(f.String() + "\n")
	}
	for _, want := range []string{"poruch_embeddings_total", `value:"question"`, `value:"book"`, `value:"asked"`, "poruch_embeddings_breaker"} {
		if !strings.Contains(counted.String(), want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

func TestDoctorChecksEmbeddings(t *testing.T) {
	server := &embeddingstest.Server{}
	a := &App{cfg: config.Config{Embeddings: endpointOf(t, server)}, log: slog.New(slog.DiscardHandler), metrics: newMetrics()}
	h, err := a.checkEmbeddings(t.Context())
	if err != nil || h.Dimensions != embeddingstest.Dimensions || h.Took <= 0 {
		t.Errorf("%+v, %v", h, err)
	}
	for _, fault := range embeddingstest.Faults() {
		switch fault {
		case embeddingstest.WrongSize, embeddingstest.UnevenSizes: // one vector of any size may be right
			continue
		case embeddingstest.Slow: // below
			continue
		}
		server.Fail(fault)
		if _, err := a.checkEmbeddings(t.Context()); err == nil || strings.Contains(err.Error(), embeddingstest.Key) {
			t.Errorf("%s: %v", fault, err)
		}
	}
	server.Fail(embeddingstest.Slow)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.checkEmbeddings(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled check: %v", err)
	}
	for _, c := range []struct {
		h    embeddings.Health
		err  error
		line string
		says string
	}{
		{embeddings.Health{Dimensions: 1536, Took: 84 * time.Millisecond}, nil, "embeddings (1536 dimensions, 84 ms)", ""},
		{embeddings.Health{Dimensions: 1536, Took: time.Second}, nil, "embeddings (1536 dimensions, 1000 ms)", "waits 300 ms"},
		{embeddings.Health{}, errors.New("no"), "embeddings", "no"},
	} {
		line, err := embeddingsLine(c.h, c.err)
		if line != c.line || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q, %v; want %q, %q", line, err, c.line, c.says)
		}
	}
}

// The gauge knows each state that the breaker has.
func TestBreakerStatesAreShown(t *testing.T) {
	m := newMetrics()
	for _, c := range []struct {
		state string
		want  string
	}{{"open", "value:2"}, {"half-open", "value:1"}, {"closed", "value:0"}} {
		m.BreakerMoved(c.state)
		families, err := m.registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range families {
			found = found || f.GetName() == "poruch_embeddings_breaker" && strings.Contains(f.String(), c.want)
		}
		if !found {
			t.Errorf("%s is not %s", c.state, c.want)
		}
	}
}
