package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// metrics counts what the desk does, for /metrics.
type metrics struct {
	registry  *prometheus.Registry
	received  *prometheus.CounterVec
	decisions *prometheus.CounterVec
	jobs      *prometheus.HistogramVec
	embedded  *prometheus.CounterVec
	breaker   prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		received: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "poruch_received_total", Help: "New updates stored, by bot.",
		}, []string{"bot"}),
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "poruch_decisions_total", Help: "Decisions of the matcher.",
		}, []string{"action", "reason"}),
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "poruch_job_seconds", Help: "Attempts of jobs, by kind and outcome.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 8),
		}, []string{"kind", "outcome"}),
		embedded: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "poruch_embeddings_total", Help: "Texts that needed a vector, by what they are and what became of them.",
		}, []string{"of", "outcome"}),
		breaker: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "poruch_embeddings_breaker", Help: "Whether questions are kept from the embeddings endpoint: 0 no, 1 one may try, 2 yes.",
		}),
	}
	m.registry.MustRegister(m.received, m.decisions, m.jobs, m.embedded, m.breaker,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Received counts updates of a bot that were new.
func (m *metrics) Received(bot string, n int) { m.received.WithLabelValues(bot).Add(float64(n)) }

// Decided counts a decision.
func (m *metrics) Decided(d knowledge.Decision) {
	m.decisions.WithLabelValues(string(d.Action), string(d.Reason)).Inc()
}

// Finished counts one attempt of a job.
func (m *metrics) Finished(kind inbox.JobKind, outcome string, took time.Duration) {
	m.jobs.WithLabelValues(string(kind), outcome).Observe(took.Seconds())
}

// Embedded counts what became of texts that needed a vector.
func (m *metrics) Embedded(outcome string, questions bool, texts int) {
	of := "book"
	if questions {
		of = "question"
	}
	m.embedded.WithLabelValues(of, outcome).Add(float64(texts))
}

// BreakerMoved shows the state of the embeddings endpoint's breaker.
func (m *metrics) BreakerMoved(state string) {
	m.breaker.Set(map[string]float64{"half-open": 1, "open": 2}[state])
}
