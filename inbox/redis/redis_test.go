package redis_test

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/inboxtest"
	"github.com/poruch/poruch/inbox/redis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// servers are the Redises that every test must hold on: a real one, and the
// in-process one of the embedded default.
func servers(t *testing.T, test func(t *testing.T, client *goredis.Client)) {
	t.Run("real", func(t *testing.T) {
		dir := t.TempDir()
		socket := filepath.Join(dir, "r.sock")
		cmd := exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", dir)
		if err := cmd.Start(); err != nil {
			t.Fatalf("start redis-server: %v", err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		client := goredis.NewClient(&goredis.Options{Network: "unix", Addr: socket})
		t.Cleanup(func() { _ = client.Close() })
		for client.Ping(t.Context()).Err() != nil {
			if t.Context().Err() != nil {
				t.Fatal("redis-server does not answer")
			}
		}
		test(t, client)
	})
	t.Run("in-process", func(t *testing.T) {
		e, err := redis.StartEmbedded(quiet)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Close() })
		test(t, e.Client)
	})
}

func TestPacerKeepsTheRateAcrossReplicas(t *testing.T) {
	servers(t, func(t *testing.T, client *goredis.Client) {
		clock := inboxtest.NewClock()
		rates := map[string]redis.Rate{"telegram": {PerSecond: 10, Burst: 5}}
		replicas := []*redis.Pacer{
			redis.NewPacer(client, rates, clock.Now, quiet), redis.NewPacer(client, rates, clock.Now, quiet),
		}
		key := inbox.PaceKey{Bot: "telegram", Chat: "1"}
		for i := range 5 {
			if wait := replicas[i%2].Take(t.Context(), key); wait != 0 {
				t.Fatalf("send %d of the burst waits %s", i, wait)
			}
		}
		wait := replicas[1].Take(t.Context(), key)
		if wait <= 0 || wait > 100*time.Millisecond {
			t.Fatalf("the sixth send waits %s, want up to a tenth of a second", wait)
		}
		if other := replicas[0].Take(t.Context(), inbox.PaceKey{Bot: "other"}); other != 0 {
			t.Errorf("a bot without a rate waits %s", other)
		}
		clock.Advance(wait)
		if wait = replicas[0].Take(t.Context(), key); wait != 0 {
			t.Errorf("after the wait it still waits %s", wait)
		}
	})
}

func TestPauseStopsOneChatOrTheWholeBotOnEveryReplica(t *testing.T) {
	servers(t, func(t *testing.T, client *goredis.Client) {
		clock := inboxtest.NewClock()
		here, there := redis.NewPacer(client, nil, clock.Now, quiet), redis.NewPacer(client, nil, clock.Now, quiet)
		one, two := inbox.PaceKey{Bot: "t", Chat: "1"}, inbox.PaceKey{Bot: "t", Chat: "2"}
		here.Pause(t.Context(), one, time.Minute)
		for name, p := range map[string]*redis.Pacer{"here": here, "there": there} {
			if p.Take(t.Context(), one) == 0 || p.Take(t.Context(), two) != 0 {
				t.Errorf("%s: want chat 1 to wait and chat 2 to go", name)
			}
		}
		here.Pause(t.Context(), inbox.PaceKey{Bot: "t"}, time.Minute)
		if here.Take(t.Context(), two) == 0 || there.Take(t.Context(), two) == 0 {
			t.Error("a pause of the whole bot let a chat go")
		}
	})
}

func TestPacerGoesOnAloneWithoutRedis(t *testing.T) {
	server := miniredis.RunT(t)
	client := goredis.NewClient(&goredis.Options{Addr: server.Addr(), MaxRetries: -1})
	defer client.Close()
	server.Close()
	clock := inboxtest.NewClock()
	p := redis.NewPacer(client, map[string]redis.Rate{"t": {PerSecond: 10, Burst: 2}}, clock.Now, quiet)
	key := inbox.PaceKey{Bot: "t", Chat: "1"}
	for range 2 {
		if wait := p.Take(t.Context(), key); wait != 0 {
			t.Fatalf("the burst waits %s", wait)
		}
	}
	if p.Take(t.Context(), key) == 0 {
		t.Error("without Redis the rate was not kept")
	}
	p.Pause(t.Context(), key, time.Minute)
	clock.Advance(time.Second)
	if p.Take(t.Context(), key) < 58*time.Second {
		t.Error("without Redis a pause was not kept")
	}
}

func TestSignalReachesOtherReplicas(t *testing.T) {
	servers(t, func(t *testing.T, client *goredis.Client) {
		here, there := redis.NewSignals(client, quiet), redis.NewSignals(client, quiet)
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { here.Run(ctx) })
		running.Go(func() { there.Run(ctx) })
		here.Wake()
		<-here.Woken()
		for woken := false; !woken; { // a subscription may begin after the first signal
			select {
			case <-there.Woken():
				woken = true
			case <-here.Woken():
			default:
				here.Wake()
			}
		}
		stop()
		running.Wait()
	})
}

func TestNewsReachesOtherReplicas(t *testing.T) {
	servers(t, func(t *testing.T, client *goredis.Client) {
		here, there := &redis.News{Client: client, Log: quiet}, &redis.News{Client: client, Log: quiet}
		ctx, stop := context.WithCancel(t.Context())
		heard := make(chan string, 1)
		var listening sync.WaitGroup
		listening.Go(func() {
			there.Listen(ctx, func(brand string) {
				select {
				case heard <- brand:
				default:
				}
			})
		})
		for told := false; !told; { // the subscription may begin after the first word
			here.Announce("rankova")
			select {
			case brand := <-heard:
				told = true
				if brand != "rankova" {
					t.Errorf("heard of %q", brand)
				}
			default:
			}
		}
		stop()
		listening.Wait()
	})
}

func TestNewsWithoutRedisIsQuiet(t *testing.T) {
	server := miniredis.RunT(t)
	client := goredis.NewClient(&goredis.Options{Addr: server.Addr(), MaxRetries: -1})
	t.Cleanup(func() { _ = client.Close() })
	server.Close()
	news := &redis.News{Client: client, Log: quiet}
	news.Announce("rankova")
	ctx, stop := context.WithCancel(t.Context())
	var listening sync.WaitGroup
	listening.Go(func() { news.Listen(ctx, func(string) { t.Error("heard something") }) })
	stop()
	listening.Wait()
}

func TestOneHolderAtATimeAndTheNextTakesOver(t *testing.T) {
	servers(t, func(t *testing.T, client *goredis.Client) {
		lease := func(owner string) *redis.Leases {
			return &redis.Leases{Client: client, Owner: owner, TTL: 300 * time.Millisecond, Log: quiet}
		}
		var mu sync.Mutex
		holders, most := 0, 0
		do := func(ctx context.Context) error {
			mu.Lock()
			holders++
			most = max(most, holders)
			mu.Unlock()
			<-ctx.Done()
			mu.Lock()
			holders--
			mu.Unlock()
			return nil
		}
		first, stopFirst := context.WithCancel(t.Context())
		second, stopSecond := context.WithCancel(t.Context())
		began := make(chan string, 2)
		var running sync.WaitGroup
		hold := func(ctx context.Context, owner string) {
			running.Go(func() {
				err := lease(owner).Hold(ctx, "poll", func(ctx context.Context) error {
					began <- owner
					return do(ctx)
				})
				if err != nil {
					t.Errorf("%s: %v", owner, err)
				}
			})
		}
		hold(first, "a")
		if got := <-began; got != "a" {
			t.Fatalf("%s began", got)
		}
		hold(second, "b")
		stopFirst()
		if got := <-began; got != "b" {
			t.Fatalf("%s began, want b to take over", got)
		}
		stopSecond()
		running.Wait()
		if most != 1 {
			t.Errorf("%d held the lease at once", most)
		}
	})
}

func TestLeaseEndsWithItsWork(t *testing.T) {
	e, err := redis.StartEmbedded(quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	want := errors.New("wrong token")
	l := &redis.Leases{Client: e.Client, Owner: "a", TTL: time.Second, Log: quiet}
	if err := l.Hold(t.Context(), "poll", func(context.Context) error { return want }); !errors.Is(err, want) {
		t.Errorf("Hold = %v, want the work's own error", err)
	}
}

// The in-process server must expire keys by itself; bare miniredis never does.
func TestEmbeddedKeysExpire(t *testing.T) {
	e, err := redis.StartEmbedded(quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.Client.Set(t.Context(), "k", 1, 200*time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	for e.Client.Exists(t.Context(), "k").Val() == 1 {
		if t.Context().Err() != nil {
			t.Fatal("the key never expired")
		}
	}
}
