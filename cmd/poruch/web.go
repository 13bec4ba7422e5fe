package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// serverHeader tells a second program on this machine whose port it is.
const serverHeader = "Poruch-Server"

// overdueLimit: work that has waited longer than this is worth an alarm.
const overdueLimit = 5 * time.Minute

// listen opens the HTTP address early, so that a port that is taken is the
// first thing an operator hears of.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; stop the program that has this port, or choose another with PORUCH_ADDR (demo: --addr)", addr, err)
	}
	return l, nil
}

// serveHTTP serves until ctx ends, then lets requests under way finish.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve http: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		_ = server.Close() // streams that would never end
	}
	if err := <-failed; err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve http: %w", err)
	}
	return nil
}

// handler is what poruch serve offers by HTTP.
func (a *App) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(serverHeader, "poruch")
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{}))
	for path, h := range a.webhooks {
		mux.Handle("POST "+path, h)
	}
	return mux
}

// ready says whether this replica can do its work, and what is wrong if not.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	overdue, err := a.desk.Overdue(ctx)
	switch {
	case err != nil:
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	case overdue > overdueLimit:
		http.Error(w, fmt.Sprintf("work has waited for %s; run `poruch doctor`", overdue.Round(time.Second)), http.StatusServiceUnavailable)
	default:
		fmt.Fprintln(w, "ready")
	}
}
