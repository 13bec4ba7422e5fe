package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/inboxtest"
	"github.com/poruch/poruch/inbox/postgres"
	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/internal/database/databasetest"
)

func TestMain(m *testing.M) { os.Exit(databasetest.Main(m)) }

type queue struct {
	*postgres.Store
	db    *database.DB
	clock *inboxtest.Clock
}

func newQueue(t *testing.T) queue {
	t.Helper()
	db := databasetest.New(t)
	clock := inboxtest.NewClock()
	store, err := postgres.NewStore(db, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return queue{store, db, clock}
}

func (q queue) add(t *testing.T, jobs ...inbox.Job) {
	t.Helper()
	err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error {
		for _, j := range jobs {
			if err := tx.Enqueue(ctx, j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (q queue) claim(t *testing.T, worker int32, n int) []inbox.Job {
	t.Helper()
	jobs, err := q.Claim(t.Context(), inbox.Claiming{Worker: worker, Max: n, Lease: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

func (q queue) finish(t *testing.T, j inbox.Job) error {
	t.Helper()
	return q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error { return tx.Finish(ctx, j) })
}

// send is the nth job of a lane.
func send(lane string, n int64) inbox.Job {
	return inbox.Job{Lane: lane, Kind: inbox.JobSend, Brand: "b", Message: n}
}

func what(jobs []inbox.Job) string {
	var all []string
	for _, j := range jobs {
		all = append(all, fmt.Sprintf("%s%d", j.Lane, j.Message))
	}
	return strings.Join(all, " ")
}

func TestOneJobOfALaneAtATime(t *testing.T) {
	q := newQueue(t)
	q.add(t, send("a", 1), send("a", 2), send("b", 1))
	jobs := q.claim(t, 1, 10)
	if got := what(jobs); got != "a1 b1" {
		t.Fatalf("claimed %q, want the heads of both lanes", got)
	}
	if got := what(q.claim(t, 2, 10)); got != "" {
		t.Fatalf("claimed %q behind running heads", got)
	}
	if err := q.finish(t, jobs[0]); err != nil {
		t.Fatal(err)
	}
	if got := what(q.claim(t, 2, 10)); got != "a2" {
		t.Fatalf("claimed %q, want the successor", got)
	}
	if err := q.finish(t, jobs[0]); !errors.Is(err, inbox.ErrLeaseLost) {
		t.Errorf("a second end = %v, want ErrLeaseLost", err)
	}
}

func TestFailedHeadHoldsUpOnlyItsLane(t *testing.T) {
	q := newQueue(t)
	q.add(t, send("a", 1), send("a", 2), send("b", 1))
	head := q.claim(t, 1, 1)[0]
	later := q.clock.Now().Add(time.Minute)
	if err := q.Retry(t.Context(), head, inbox.Retry{At: later, Cause: "busy", Unsure: true}); err != nil {
		t.Fatal(err)
	}
	if got := what(q.claim(t, 1, 10)); got != "b1" {
		t.Fatalf("claimed %q, want only the other lane", got)
	}
	if due, err := q.Due(t.Context()); err != nil || due.After(later) {
		t.Errorf("due %v, %v", due, err)
	}
	q.clock.Advance(2 * time.Minute)
	again := q.claim(t, 1, 10)
	if what(again) != "a1" || again[0].Attempt != 2 || !again[0].Unsure {
		t.Fatalf("claimed %+v, want the head, unsure, for the second time", again)
	}
	if err := q.Retry(t.Context(), again[0], inbox.Retry{At: q.clock.Now(), Waited: true}); err != nil {
		t.Fatal(err)
	}
	if again = q.claim(t, 1, 10); again[0].Attempt != 2 {
		t.Errorf("attempt %d, want a wait not to count", again[0].Attempt)
	}
}

func TestDeadWorkersJobsAreTakenOverAtOnce(t *testing.T) {
	q := newQueue(t)
	q.add(t, send("a", 1), send("b", 1))
	alive, err := q.Appear(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close(context.Background())
	dying, err := q.Appear(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Appear(t.Context(), 2); err == nil {
		t.Error("two workers could have one id")
	}
	kept, lost := q.claim(t, 1, 1), q.claim(t, 2, 1)
	if n, err := q.Reap(t.Context()); n != 0 || err != nil {
		t.Fatalf("reaped %d, %v while both live", n, err)
	}
	if err := dying.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	reapedUntil(t, q, 1)
	taken := q.claim(t, 1, 10)
	if what(taken) != what(lost) || !taken[0].Unsure {
		t.Fatalf("claimed %+v, want the dead worker's job, unsure", taken)
	}
	if err := q.finish(t, lost[0]); !errors.Is(err, inbox.ErrLeaseLost) {
		t.Errorf("the dead worker's end = %v, want ErrLeaseLost", err)
	}
	if err := q.finish(t, kept[0]); err != nil {
		t.Errorf("the living worker's end = %v", err)
	}
}

// reapedUntil reaps until n jobs were put back: Postgres frees a closed
// session's lock a moment after the client is gone.
func reapedUntil(t *testing.T, q queue, n int) {
	t.Helper()
	for n > 0 && t.Context().Err() == nil {
		got, err := q.Reap(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n -= got
	}
}

func TestHangingJobIsTakenOverAfterItsLease(t *testing.T) {
	q := newQueue(t)
	q.add(t, send("a", 1))
	alive, err := q.Appear(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close(context.Background())
	q.claim(t, 1, 1)
	q.clock.Advance(2 * time.Minute)
	if n, err := q.Reap(t.Context()); n != 1 || err != nil {
		t.Fatalf("reaped %d, %v", n, err)
	}
}

func TestCardsThatWaitAreOne(t *testing.T) {
	q := newQueue(t)
	card := inbox.Job{Lane: "s1", Kind: inbox.JobCard, Brand: "b", Ticket: 1}
	q.add(t, card, card)
	if n := len(q.claim(t, 1, 10)); n != 1 {
		t.Fatalf("%d cards", n)
	}
	q.add(t, card) // one is being shown, with what it read before
	if waiting, dead, err := q.Backlog(t.Context()); waiting != 2 || dead != 0 || err != nil {
		t.Errorf("backlog %d, %d, %v; want a running and a waiting card", waiting, dead, err)
	}
}

func TestBuriedJobsStayAndFreeTheirLane(t *testing.T) {
	q := newQueue(t)
	q.add(t, send("a", 1), send("a", 2))
	head := q.claim(t, 1, 1)[0]
	err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error { return tx.Bury(ctx, head, "hopeless") })
	if err != nil {
		t.Fatal(err)
	}
	if got := what(q.claim(t, 1, 10)); got != "a2" {
		t.Errorf("claimed %q", got)
	}
	if _, dead, err := q.Backlog(t.Context()); dead != 1 || err != nil {
		t.Errorf("%d dead, %v", dead, err)
	}
}

// Many writers and workers, failing attempts and dying workers: every job is
// done once, and within a lane in the order of its commits.
func TestOrderHoldsUnderLoad(t *testing.T) {
	const lanes, each, workers = 20, 25, 8
	q := newQueue(t)
	convs := make([]int64, lanes)
	for i := range convs {
		err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error {
			c, err := tx.ConversationFor(ctx, "b", bots.Message{
				From: bots.Address{Bot: "t", Chat: bots.ChatID(fmt.Sprint(i))}, Author: bots.Author{ID: bots.UserID(fmt.Sprint(i))},
			})
			convs[i] = c.ID
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	committed, done := map[string][]int64{}, map[string][]int64{}
	var writers, working sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for n := range each / 5 * lanes / 4 * 5 {
				lane := (n + w) % lanes
				id := int64(w*1_000_000 + n)
				err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error {
					if _, err := tx.LockConversation(ctx, convs[lane]); err != nil {
						return err
					}
					if err := tx.Enqueue(ctx, send(fmt.Sprint("c", convs[lane]), id)); err != nil {
						return err
					}
					mu.Lock() // still under the lane's lock: this is the commits' order
					defer mu.Unlock()
					committed[fmt.Sprint("c", convs[lane])] = append(committed[fmt.Sprint("c", convs[lane])], id)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	total := each / 5 * lanes / 4 * 5 * 4
	finished := make(chan struct{})
	var last sync.Once
	for w := range int32(workers) {
		working.Go(func() {
			rng := rand.New(rand.NewPCG(1, uint64(w)))
			for {
				select {
				case <-finished:
					return
				default:
				}
				jobs, err := q.Claim(t.Context(), inbox.Claiming{Worker: w + 1, Max: 3, Lease: time.Minute})
				if err != nil {
					t.Error(err)
					return
				}
				for _, j := range jobs {
					if rng.IntN(5) == 0 {
						if err := q.Retry(t.Context(), j, inbox.Retry{At: q.clock.Now(), Cause: "try again"}); err != nil {
							t.Error(err)
						}
						continue
					}
					mu.Lock()
					done[j.Lane] = append(done[j.Lane], j.Message)
					mu.Unlock()
					if err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error { return tx.Finish(ctx, j) }); err != nil {
						t.Error(err)
					}
					mu.Lock()
					if n := count(done); n == total {
						last.Do(func() { close(finished) })
					}
					mu.Unlock()
				}
			}
		})
	}
	writers.Wait()
	working.Wait()
	for lane, want := range committed {
		if fmt.Sprint(done[lane]) != fmt.Sprint(want) {
			t.Errorf("lane %s ran\n%v, want\n%v", lane, done[lane], want)
		}
	}
}

func count(m map[string][]int64) (n int) {
	for _, l := range m {
		n += len(l)
	}
	return n
}

func TestPurgeKeepsWhatFailedAndWhatIsYoung(t *testing.T) {
	q := newQueue(t)
	store := func(rs ...inbox.Receipt) {
		err := q.InTx(t.Context(), func(ctx context.Context, tx inbox.Tx) error {
			_, err := tx.Receive(ctx, "telegram", rs)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	store(inbox.Receipt{EventID: "1"}, inbox.Receipt{EventID: "2", Failed: true, Why: "odd"})
	q.clock.Advance(time.Hour)
	store(inbox.Receipt{EventID: "3"})
	if n, err := q.PurgeRaw(t.Context(), q.clock.Now()); n != 1 || err != nil {
		t.Fatalf("purged %d, %v; want the old handled one", n, err)
	}
	if n, err := q.Failed(t.Context()); n != 1 || err != nil {
		t.Errorf("%d failed, %v", n, err)
	}
}
