package pgembed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// awaitReady returns when the database answers, making it the first time.
func (s *Server) awaitReady(ctx context.Context, socket string) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		err := s.hello(ctx, socket)
		if err == nil {
			return nil
		}
		// Anything but "not yet listening" and "starting up" is final.
		var said *pgconn.PgError
		if errors.As(err, &said) && said.Code != "57P03" {
			return err
		}
		select {
		case <-s.done:
			return errors.New("the server ended")
		case <-ctx.Done():
			return fmt.Errorf("%w while the server was not ready", context.Cause(ctx))
		case <-tick.C:
		}
	}
}

func (s *Server) hello(ctx context.Context, socket string) error {
	conn, err := s.connect(ctx, socket, "poruch")
	var said *pgconn.PgError
	if errors.As(err, &said) && said.Code == "3D000" { // no such database
		return s.createDatabase(ctx, socket)
	}
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func (s *Server) createDatabase(ctx context.Context, socket string) error {
	conn, err := s.connect(ctx, socket, "postgres")
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE poruch")
	return errors.Join(err, conn.Close(ctx))
}

func (s *Server) connect(ctx context.Context, socket, database string) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig(databaseURL(socket))
	if err != nil {
		return nil, err
	}
	cfg.Database = database
	// A failed attempt is repeated at once; a second one inside pgx only delays it.
	cfg.Fallbacks = nil
	return pgx.ConnectConfig(ctx, cfg)
}
