package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/poruch/poruch/cmd/poruch/demo"
	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/internal/pgembed"
)

// DemoCmd runs everything on this machine. The adapters are those of serve;
// only their addresses lead to the pretended Telegram and Slack.
type DemoCmd struct {
	Addr  string `help:"Where the page is served." default:"127.0.0.1:8080"`
	Data  string `help:"Folder for the demo's data. Conversations are forgotten at each start, as the pretended platforms forget them." placeholder:"DIR"`
	Brand string `help:"The brand's folder." default:"configs/brands/rankova" placeholder:"DIR"`
}

// Run serves the demo until ctx ends.
func (c *DemoCmd) Run(ctx context.Context) (err error) {
	l, err := listen(c.Addr)
	if err != nil {
		return err
	}
	defer l.Close()
	vendors, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("open a port for the pretended vendors: %w", err)
	}
	fakes := demo.NewFakes()
	defer fakes.Close()
	cfg := c.config(fakes, vendors.Addr().String())
	log := newLogger(os.Stderr, cfg.Log)

	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return serveHTTP(gctx, vendors, fakes.Vendors()) })
	app, err := NewApp(gctx, Options{Config: cfg, Log: log, Fresh: true})
	if err != nil {
		fakes.Close()
		_ = vendors.Close()
		return errors.Join(installHint(err), ignoreClosed(g.Wait()))
	}
	page, err := demo.New(demo.Config{Fakes: fakes, BrandName: app.brand.Name, Log: log})
	if err != nil {
		return err
	}
	g.Go(func() error { return app.Run(gctx, nil) })
	g.Go(func() error { return serveHTTP(gctx, l, page) })
	g.Go(func() error {
		<-gctx.Done()
		fakes.Close() // ends long polls and sockets, so that the servers can end
		return nil
	})
	fmt.Printf("ready http://%s\n", l.Addr())
	err = g.Wait()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return errors.Join(err, app.Close(end))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (c *DemoCmd) config(fakes *demo.Fakes, vendors string) config.Config {
	cfg := config.Default()
	cfg.Log.Level = "warn"
	cfg.Brand, cfg.Data = c.Brand, c.Data
	if cfg.Data == "" {
		cfg.Data = filepath.Join(pgembed.DefaultDir(), "demo")
	}
	cfg.Telegram.Token = config.Secret(fakes.TelegramToken())
	cfg.Telegram.APIURL = "http://" + vendors
	cfg.Slack.BotToken = config.Secret(fakes.SlackBotToken())
	cfg.Slack.AppToken = config.Secret(fakes.SlackAppToken())
	cfg.Slack.Channel = fakes.SlackChannel()
	cfg.Slack.APIURL = "http://" + vendors + "/api/"
	return cfg
}
