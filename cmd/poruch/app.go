package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/bots/telegram"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/postgres"
	"github.com/poruch/poruch/inbox/redis"
	"github.com/poruch/poruch/inbox/slack"
	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/pgembed"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/library"
	"github.com/poruch/poruch/migrations"
)

// App is one running Poruch: everything of a replica, wired.
type App struct {
	cfg      config.Config
	log      *slog.Logger
	metrics  *metrics
	brand    inbox.Brand
	db       *database.DB
	private  *pgembed.Server // nil with DATABASE_URL
	redis    *goredis.Client
	store    *postgres.Store
	library  *library.Library
	news     *redis.News
	fleet    *bots.Fleet
	console  *slack.Console
	desk     *inbox.Desk
	signals  *redis.Signals
	leases   *redis.Leases
	webhooks map[string]http.Handler
	closers  []func(context.Context) error
}

// telegramName is how the bot's updates, cursor and conversations are known.
const telegramName = "telegram"

// Options are what the demo and tests choose beside the configuration.
type Options struct {
	Config  config.Config
	Log     *slog.Logger
	Durable bool // of the private Postgres
	Fresh   bool // forget all earlier conversations
}

// NewApp starts the stores and wires the rest. The caller calls Close, also
// after an error of Run.
func NewApp(ctx context.Context, o Options) (_ *App, err error) {
	a := &App{cfg: o.Config, log: o.Log, metrics: newMetrics(), webhooks: map[string]http.Handler{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close(context.WithoutCancel(ctx)))
		}
	}()
	if a.brand, err = brandOf(a.cfg); err != nil {
		return nil, err
	}
	go knowledge.Prepare() // while the database starts
	if err := a.openDatabase(ctx, o.Durable); err != nil {
		return nil, err
	}
	if o.Fresh {
		if err := a.store.Clear(ctx); err != nil {
			return nil, err
		}
	}
	if err := a.openRedis(); err != nil {
		return nil, err
	}
	if err := a.openKnowledge(ctx); err != nil {
		return nil, err
	}
	if err := a.buildPlatforms(); err != nil {
		return nil, err
	}
	debug.FreeOSMemory() // starting leaves much behind, running needs little
	return a, a.buildDesk()
}

// brandOf reads the brand that the configuration names.
func brandOf(c config.Config) (inbox.Brand, error) {
	b := config.DefaultBrand()
	if c.Brand != "" {
		var err error
		if b, err = config.LoadBrand(c.Brand); err != nil {
			return b, err
		}
	}
	b.Channel = c.Slack.Channel
	return b, nil
}

// later registers what Close must do; the last registered is done first.
func (a *App) later(f func(context.Context) error) { a.closers = append(a.closers, f) }

func (a *App) openDatabase(ctx context.Context, durable bool) error {
	address := a.cfg.DatabaseURL.Reveal()
	if address == "" {
		server, err := pgembed.Start(ctx, pgembed.Config{Dir: dataDir(a.cfg), Durable: durable, Log: a.log})
		if err != nil {
			return err
		}
		a.private = server
		a.later(server.Stop)
		address = server.URL()
		a.log.Info("using a private postgres", "data", dataDir(a.cfg))
	} else {
		a.log.Info("using the postgres of DATABASE_URL")
	}
	return a.connect(ctx, address)
}

// dataDir is where the private Postgres keeps its data.
func dataDir(c config.Config) string { return cmp.Or(c.Data, pgembed.DefaultDir()) }

func (a *App) connect(ctx context.Context, address string) error {
	db, err := database.Open(ctx, database.Config{URL: address, Log: a.log, MaxConns: int32(a.cfg.Workers + 6)})
	if err != nil {
		return err
	}
	a.db = db
	a.later(func(context.Context) error { db.Close(); return nil })
	if err := db.Migrate(ctx, migrations.FS); err != nil {
		return err
	}
	a.store, err = postgres.NewStore(db, time.Now)
	return err
}

func (a *App) openRedis() error {
	if a.cfg.RedisURL.Set() {
		client, err := redis.Open(a.cfg.RedisURL.Reveal(), a.log)
		if err != nil {
			return err
		}
		a.redis = client
		a.later(func(context.Context) error { return client.Close() })
		a.log.Info("using the redis of REDIS_URL")
	} else {
		embedded, err := redis.StartEmbedded(a.log)
		if err != nil {
			return err
		}
		a.redis = embedded.Client
		a.later(func(context.Context) error { return embedded.Close() })
		a.log.Info("using an in-process redis")
	}
	a.news = &redis.News{Client: a.redis, Log: a.log}
	a.signals = redis.NewSignals(a.redis, a.log)
	a.leases = &redis.Leases{Client: a.redis, Owner: fmt.Sprintf("%d-%d", os.Getpid(), rand.Int64()), TTL: 10 * time.Second, Log: a.log}
	return nil
}

func (a *App) buildPlatforms() error {
	bot, err := telegram.New(telegram.Config{
		Name: telegramName, Token: a.cfg.Telegram.Token.Reveal(), APIURL: a.cfg.Telegram.APIURL,
		Mode: telegram.Mode(a.cfg.Telegram.Mode), WebhookURL: a.cfg.Telegram.WebhookURL,
		WebhookSecret: a.cfg.Telegram.WebhookSecret.Reveal(), Log: a.log,
	})
	if err != nil {
		return err
	}
	if a.fleet, err = bots.NewFleet(bot); err != nil {
		return err
	}
	a.console, err = slack.New(slack.Config{
		BotToken: a.cfg.Slack.BotToken.Reveal(), AppToken: a.cfg.Slack.AppToken.Reveal(), APIURL: a.cfg.Slack.APIURL,
		StaffLang: a.brand.StaffLang, Agents: a.brand.Agents, Log: a.log,
	})
	return err
}

func (a *App) buildDesk() error {
	phrases, err := inbox.NewPhrases()
	if err != nil {
		return err
	}
	rates := map[string]redis.Rate{telegramName: {PerSecond: a.cfg.Telegram.Rate, Burst: int(a.cfg.Telegram.Rate)}}
	a.desk = &inbox.Desk{
		Store: a.store, Queue: a.store, Console: a.console, Bots: a.fleet, Answers: a.library,
		Pacer: redis.NewPacer(a.redis, rates, time.Now, a.log), Signals: a.signals, Phrases: phrases,
		Brands: map[string]inbox.Brand{a.brand.ID: a.brand}, BrandOf: map[string]string{telegramName: a.brand.ID},
		Platform: map[string]string{telegramName: "Telegram"}, Log: a.log, Now: time.Now, Observe: a.metrics,
	}
	for _, name := range a.fleet.Names() {
		adapter, err := a.fleet.Get(name)
		if err != nil {
			return err
		}
		if w, ok := adapter.(bots.Webhooker); ok {
			a.webhooks["/webhooks/"+name] = w.Webhook(a.desk)
		}
	}
	return a.desk.Check()
}

// Run does the replica's roles until ctx ends or one of them fails for good.
// l serves the web role; nil for none.
func (a *App) Run(ctx context.Context, l net.Listener) error {
	g, ctx := errgroup.WithContext(ctx)
	does := func(role string) bool { return slices.Contains(a.cfg.Roles, role) }
	g.Go(func() error { a.signals.Run(ctx); return nil })
	g.Go(func() error { return a.watchDatabase(ctx) })
	if does(config.RoleWorker) {
		if err := a.startWorker(ctx, g); err != nil {
			return err
		}
	}
	if does(config.RoleIntake) {
		for _, name := range a.fleet.Names() {
			adapter, err := a.fleet.Get(name)
			if err != nil {
				return err
			}
			g.Go(func() error {
				return a.leases.Hold(ctx, "receive:"+name, func(ctx context.Context) error { return adapter.Receive(ctx, a.desk) })
			})
		}
	}
	if does(config.RoleSlack) {
		// One replica at a time: Slack deals envelopes out among sockets, and the
		// words of one thread must stay in order.
		g.Go(func() error {
			a.warnOfSlack(ctx)
			return a.leases.Hold(ctx, "receive:slack", func(ctx context.Context) error { return a.console.Receive(ctx, a.desk) })
		})
	}
	if l != nil && does(config.RoleWeb) {
		g.Go(func() error { return serveHTTP(ctx, l, a.handler()) })
	}
	return g.Wait()
}

// warnOfSlack says at the start what people must mend in Slack. It ends
// nothing: replies wait until it is mended.
func (a *App) warnOfSlack(ctx context.Context) {
	if err := a.console.Check(ctx, a.brand.Channel); err != nil && ctx.Err() == nil {
		a.log.Error("slack is not ready", "err", err)
	}
}

// watchDatabase ends the program when its private Postgres has ended: a
// supervisor then starts both again.
func (a *App) watchDatabase(ctx context.Context) error {
	if a.private == nil {
		return nil
	}
	select {
	case <-ctx.Done():
		return nil
	case <-a.private.Done():
		return errors.New("the private postgres ended; start poruch again (its log is beside its data)")
	}
}

func (a *App) startWorker(ctx context.Context, g *errgroup.Group) error {
	id := rand.Int32N(1<<31-2) + 1
	presence, err := a.store.Appear(ctx, id)
	if err != nil {
		return err
	}
	timers, err := postgres.NewTimers(a.db, postgres.Due{Wake: a.desk.Wake, Settle: a.desk.Settle, Purge: a.purge}, a.log)
	if err != nil {
		return errors.Join(err, presence.Close(ctx))
	}
	if err := timers.Start(context.WithoutCancel(ctx)); err != nil {
		return errors.Join(err, presence.Close(ctx))
	}
	work := &inbox.Worker{Desk: a.desk, ID: id, Slots: a.cfg.Workers, Lease: 2 * time.Minute, Poll: time.Second}
	g.Go(func() error {
		keep, stop := context.WithCancel(context.WithoutCancel(ctx))
		kept := make(chan struct{})
		go func() {
			defer close(kept)
			presence.Keep(keep, time.Second)
		}()
		err := work.Run(ctx)
		stop()
		<-kept
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return errors.Join(err, timers.Stop(end), presence.Close(end))
	})
	g.Go(func() error { return a.keepKnowledge(ctx) })
	g.Go(func() error { return a.library.LearnVectors(ctx) })
	g.Go(func() error { a.collectGaps(ctx); return nil })
	return nil
}

// keepEarly is how long a reply waits for its thread to become a ticket's.
const keepEarly = 24 * time.Hour

// purge deletes payloads that are older than the brand keeps them, vectors of
// customers' words, and talk in the channel that turned out to be about no ticket.
func (a *App) purge(ctx context.Context) error {
	n, err := a.store.PurgeRaw(ctx, time.Now().Add(-a.brand.KeepRaw))
	if n > 0 {
		a.log.Info("deleted old payloads", "rows", n)
	}
	return errors.Join(err, a.store.PurgeEarly(ctx, time.Now().Add(-keepEarly)), a.purgeVectors(ctx))
}

// Close ends what NewApp started, the last first.
func (a *App) Close(ctx context.Context) error {
	var errs []error
	for _, f := range slices.Backward(a.closers) {
		errs = append(errs, f(ctx))
	}
	a.closers = nil
	return errors.Join(errs...)
}
