package main

import (
	"context"
	"errors"
	"fmt"
	"net"
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
	log := newLogger(os.Stderr, config.Log{Level: "warn"})
	fakes := demo.NewFakes(demo.FakesConfig{Log: log})
	telegram, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	defer telegram.Close()
	slack, err := listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	defer slack.Close()

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return serveHTTP(ctx, telegram, fakes.Telegram) })
	g.Go(func() error { return serveHTTP(ctx, slack, fakes.Slack) })
	g.Go(func() error {
		<-ctx.Done()
		fakes.Close() // ends the long polls and sockets, so that the servers can end
		return nil
	})
	g.Go(func() error {
		cfg := c.config(fakes, telegram.Addr(), slack.Addr())
		return c.run(ctx, g, l, fakes, Options{Config: cfg, Log: log, Fresh: true})
	})
	return g.Wait()
}

// run is Poruch itself, beside the page that shows it.
func (c *DemoCmd) run(ctx context.Context, g *errgroup.Group, l net.Listener, fakes *demo.Fakes, o Options) (err error) {
	app, err := NewApp(ctx, o)
	if err != nil {
		return installHint(err)
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		err = errors.Join(err, app.Close(end))
	}()
	page, err := demo.New(fakes.Page(app.brand.Name))
	if err != nil {
		return err
	}
	g.Go(func() error { return serveHTTP(ctx, l, page) })
	fmt.Printf("ready http://%s\n", l.Addr())
	return app.Run(ctx, nil)
}

// config points the production adapters at the pretended platforms.
func (c *DemoCmd) config(fakes *demo.Fakes, telegram, slack net.Addr) config.Config {
	cfg := config.Default()
	cfg.Brand, cfg.Data = c.Brand, c.Data
	if cfg.Data == "" {
		cfg.Data = filepath.Join(pgembed.DefaultDir(), "demo")
	}
	cfg.Telegram.Token = config.Secret(fakes.TelegramToken)
	cfg.Telegram.APIURL = "http://" + telegram.String()
	cfg.Slack.BotToken = config.Secret(fakes.SlackBotToken)
	cfg.Slack.AppToken = config.Secret(fakes.SlackAppToken)
	cfg.Slack.Channel = fakes.Inbox
	cfg.Slack.APIURL = "http://" + slack.String() + "/api/"
	return cfg
}
