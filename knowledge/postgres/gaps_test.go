package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/poruch/poruch/internal/database"
	"github.com/poruch/poruch/knowledge/gaps"
	"github.com/poruch/poruch/knowledge/postgres"
)

func collect(t *testing.T, h *history) int {
	t.Helper()
	n, err := (gaps.Collector{Store: postgres.NewGaps(h.db)}).Collect(t.Context(), "rankova")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func register(h *history) gaps.Register {
	return gaps.Register{Store: postgres.NewGaps(h.db), Matcher: libraryOn(h.db), Now: func() time.Time { return began.Add(time.Hour) }}
}

func list(t *testing.T, h *history, all bool) []gaps.Gap {
	t.Helper()
	gs, err := register(h).List(t.Context(), "rankova", gaps.Filter{All: all})
	if err != nil {
		t.Fatal(err)
	}
	return gs
}

func TestCollectPutsTheSameQuestionTogether(t *testing.T) {
	h := newHistory(t)
	for _, s := range []said{
		{text: "Чи є у вас знижка для пенсіонерів?"},
		{text: "доброго дня, підкажіть, знижка пенсіонерам є?"},
		{text: "chy ye znyzhka dlya pensioneriv"},
		{text: "А скидка для пенсионеров есть?", lang: "ru", group: "Кава і ми"},
		{text: "Is there a discount for pensioners?", lang: "en"},
		{text: "можна прийти з собакою в кав'ярню?"},
		{text: "с собакой к вам можно?", lang: "ru"},
	} {
		h.say(s)
	}
	if n := collect(t, h); n != 7 {
		t.Errorf("took %d questions of 7", n)
	}
	got := list(t, h, false)
	if len(got) != 2 || got[0].Asked != 5 || got[1].Asked != 2 {
		t.Fatalf("got %s; want a gap of five and one of two", briefly(got))
	}
	g := got[0]
	if g.Contacts != 5 || g.Langs["uk"] != 3 || g.Langs["ru"] != 1 || g.Langs["en"] != 1 {
		t.Errorf("%d contacts, languages %v", g.Contacts, g.Langs)
	}
	if strings.Join(g.Communities, "|") != "|Кава і ми" {
		t.Errorf("communities %q", g.Communities)
	}
}

func briefly(gs []gaps.Gap) (s string) {
	for _, g := range gs {
		s += fmt.Sprintf("[%d %s: %d asked by %d, since %d, %v] ", g.ID, g.State, g.Asked, g.Contacts, g.Since, g.Heat)
	}
	return s
}

func TestCollectTakesOnlyWhatNoEntryAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		s    said
		want bool
	}{
		"unsure":                       {said{}, true},
		"unsure, and people named one": {said{verdict: "missed", right: "a"}, true},
		"unsure, yet confirmed":        {said{verdict: "confirmed"}, false},
		"answered":                     {said{action: "answer", reason: "sure", entries: []string{"a"}}, false},
		"answered, assumed right":      {said{action: "answer", reason: "sure", verdict: "assumed"}, false},
		"answered wrongly":             {said{action: "answer", reason: "sure", verdict: "wrong"}, true},
		"answered without help":        {said{action: "answer", reason: "sure", verdict: "unhelpful"}, true},
		"offered":                      {said{action: "clarify", reason: "close"}, false},
		"offered, none was right":      {said{action: "clarify", reason: "close", verdict: "wrong"}, true},
		"a suggestion that waits":      {said{reason: "withheld"}, false},
		"a suggestion that was wrong":  {said{reason: "withheld", verdict: "wrong"}, true},
		"a complaint":                  {said{reason: "complaint", verdict: "missed"}, false},
		"a person was wanted":          {said{reason: "person", verdict: "wrong"}, false},
		"a picture":                    {said{reason: "files", verdict: "missed"}, false},
		"spam":                         {said{action: "ignore", reason: "spam", verdict: "missed"}, false},
		"nobody spoke in a group":      {said{action: "ignore", reason: "unsure"}, true},
		"chatter":                      {said{action: "ignore", reason: "chatter"}, false},
		"deleted meanwhile":            {said{deleted: true}, false},
		"of another brand":             {said{brand: "other"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHistory(t)
			c.s.text = "чи є знижка для пенсіонерів"
			h.say(c.s)
			collect(t, h)
			if got := len(list(t, h, true)) == 1; got != c.want {
				t.Errorf("taken: %t, want %t", got, c.want)
			}
		})
	}
}

func TestCollectTakesEachQuestionOnce(t *testing.T) {
	h := newHistory(t)
	message, _ := h.say(said{text: "чи є знижка для пенсіонерів", at: began.Add(time.Hour)})
	h.say(said{text: "🙂🙂 ??", at: began.Add(time.Hour)}) // nothing to go by
	if n := collect(t, h); n != 2 {
		t.Fatalf("took %d of 2", n)
	}
	// A decision becomes visible behind the cursor, and a verdict comes to one
	// that was taken.
	h.say(said{text: "чи є знижка для пенсіонерів", at: began.Add(time.Hour - 5*time.Minute)})
	h.do(`UPDATE decisions SET verdict = 'missed', judged_at = $2 WHERE message_id = $1`, message, began.Add(2*time.Hour))
	if n := collect(t, h); n != 1 {
		t.Errorf("took %d, want the late one", n)
	}
	if n := collect(t, h); n != 0 {
		t.Errorf("took %d again", n)
	}
	if got := list(t, h, true); len(got) != 1 || got[0].Asked != 2 {
		t.Errorf("got %s", briefly(got))
	}
}

func TestCollectStandsAsideForAnother(t *testing.T) {
	h := newHistory(t)
	h.say(said{text: "чи є знижка для пенсіонерів"})
	collect(t, h)
	h.say(said{text: "чи є знижка для студентів"})
	err := h.db.InTx(t.Context(), func(ctx context.Context, tx database.Tx) error {
		if _, err := tx.Pgx.Exec(ctx, `SELECT FROM gap_cursors FOR UPDATE`); err != nil {
			return err
		}
		if n := collect(t, h); n != 0 {
			t.Errorf("took %d beside another", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := collect(t, h); n != 1 {
		t.Errorf("took %d afterwards, want 1", n)
	}
}

func TestReplicasCollectTogether(t *testing.T) {
	h := newHistory(t)
	for i := range 450 {
		h.say(said{text: fmt.Sprintf("питання про товар%d і колір%d", i%30, i%30), at: began.Add(time.Duration(i) * time.Second)})
	}
	var total atomic.Int64
	var done sync.WaitGroup
	for range 3 {
		done.Go(func() {
			n, err := (gaps.Collector{Store: postgres.NewGaps(h.db)}).Collect(t.Context(), "rankova")
			if err != nil {
				t.Error(err)
			}
			total.Add(int64(n))
		})
	}
	done.Wait()
	total.Add(int64(collect(t, h))) // whoever stood aside left the rest to the writer
	if total.Load() != 450 {
		t.Errorf("took %d of 450", total.Load())
	}
	asked := 0
	for _, g := range list(t, h, true) {
		asked += g.Asked
	}
	if asked != 450 {
		t.Errorf("gaps hold %d questions of 450", asked)
	}
	var terms, postings int
	if err := h.db.Pool.QueryRow(t.Context(), `SELECT (SELECT sum(gaps) FROM gap_terms), (SELECT count(*) FROM gap_postings)`).Scan(&terms, &postings); err != nil {
		t.Fatal(err)
	}
	if terms != postings {
		t.Errorf("terms count %d postings, there are %d", terms, postings)
	}
}

func TestGapsHoldNoWords(t *testing.T) {
	h := newHistory(t)
	h.say(said{text: "Мене звати Ганна Пилипенко, де моя посилка 0671234567?"})
	collect(t, h)
	for _, table := range []string{"gap_cursors", "gaps", "gap_terms", "gap_postings", "gap_questions"} {
		rows, err := h.db.Pool.Query(t.Context(), `SELECT to_jsonb(r)::text FROM `+table+` r`)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for rows.Next() {
			var row string
			if err := rows.Scan(&row); err != nil {
				t.Fatal(err)
			}
			n++
			for _, word := range []string{"анна", "ганна", "пилип", "посилк", "067123", "parcel"} {
				if strings.Contains(strings.ToLower(row), word) {
					t.Errorf("%s holds %q: %s", table, word, row)
				}
			}
		}
		if err := rows.Err(); err != nil || n == 0 {
			t.Errorf("%s: %d rows, %v", table, n, err)
		}
	}
}

func TestHotGapsComeFirst(t *testing.T) {
	h := newHistory(t)
	now := began.Add(60 * 24 * time.Hour)
	for i := range 8 { // often, long ago
		h.say(said{text: "чи є знижка для пенсіонерів", at: began.Add(time.Duration(i) * time.Hour)})
	}
	for range 3 { // now
		h.say(said{text: "можна прийти з собакою?", at: now})
	}
	for range 6 { // one insistent customer
		h.say(said{text: "коли відкриєте кав'ярню в Харкові?", by: "Іван", at: now})
	}
	collect(t, h)
	got := list(t, h, false)
	if len(got) != 3 || got[0].Asked != 3 || got[1].Asked != 6 || got[1].Contacts != 1 || got[2].Asked != 8 {
		t.Fatalf("ranked %s", briefly(got))
	}
	if c := got[0].Count(now); c < 2.99 || c > 3.01 {
		t.Errorf("three questions now count %v", c)
	}
	if c := got[0].Count(now.Add(gaps.HalfLife)); c < 1.49 || c > 1.51 {
		t.Errorf("and %v after a half-life", c)
	}
	if c := got[1].Count(now); c < 2.24 || c > 2.26 {
		t.Errorf("six of one customer count %v, want 1 + 5/4", c)
	}
}

func TestDismissedGapComesBack(t *testing.T) {
	h := newHistory(t)
	ask := func(n int, at time.Time) {
		for range n {
			h.say(said{text: "чи є знижка для пенсіонерів", at: at})
		}
		collect(t, h)
	}
	ask(4, began)
	g := list(t, h, false)[0]
	if err := register(h).Dismiss(t.Context(), g.ID, "U1", "  "); err == nil {
		t.Error("dismissed without a reason")
	}
	if err := register(h).Dismiss(t.Context(), g.ID, "U1", "не наша справа"); err != nil {
		t.Fatal(err)
	}
	ask(3, began.Add(2*time.Hour))
	if got := list(t, h, false); len(got) != 0 {
		t.Fatalf("it is back too soon: %s", briefly(got))
	}
	if got := list(t, h, true)[0]; got.State != gaps.Dismissed || got.Asked != 7 || got.Since != 3 || got.Why != "не наша справа" || got.By != "U1" {
		t.Errorf("dismissed: %s why %q by %q", briefly([]gaps.Gap{got}), got.Why, got.By)
	}
	ask(2, began.Add(3*time.Hour))
	got := list(t, h, false)
	if len(got) != 1 || got[0].State != gaps.Open || got[0].Asked != 9 || got[0].Why != "не наша справа" {
		t.Errorf("after as many questions again: %s", briefly(got))
	}
}

func TestAnsweredGapCountsAgainstItsEntry(t *testing.T) {
	h := newHistory(t)
	h.say(said{text: "чи є знижка для пенсіонерів"})
	collect(t, h)
	g := list(t, h, false)[0]
	if err := register(h).Answered(t.Context(), g.ID, "U1", "discounts"); err != nil {
		t.Fatal(err)
	}
	for i := range gaps.Doubted {
		if got := list(t, h, false); len(got) != 0 {
			t.Fatalf("listed after %d questions: %s", i, briefly(got))
		}
		h.say(said{text: "чи є знижка для пенсіонерів", at: began.Add(2 * time.Hour)})
		collect(t, h)
	}
	got := list(t, h, false)
	if len(got) != 1 || got[0].State != gaps.Answered || got[0].Entry != "discounts" || got[0].Since != gaps.Doubted {
		t.Errorf("got %s", briefly(got))
	}
}

func TestUnknownGap(t *testing.T) {
	h := newHistory(t)
	_, _, err := register(h).Show(t.Context(), 7, 3)
	for _, err := range []error{err, register(h).Dismiss(t.Context(), 7, "", "x"), register(h).Answered(t.Context(), 7, "", "x")} {
		if !errors.Is(err, gaps.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	}
}

// A question finds its gap again among many that share all but its telling
// word.
func TestTellingWordsFindTheGap(t *testing.T) {
	h := newHistory(t)
	for i := range 300 {
		h.say(said{text: fmt.Sprintf("скільки коштує доставка %s", strange(i)), at: began.Add(time.Duration(i) * time.Second)})
	}
	collect(t, h)
	before := len(list(t, h, true))
	for i := 250; i < 260; i++ {
		h.say(said{text: fmt.Sprintf("доброго дня, скільки коштує доставка %s?", strange(i)), at: began.Add(time.Hour)})
	}
	collect(t, h)
	gs := list(t, h, true)
	if len(gs) != before {
		t.Errorf("%d gaps became %d", before, len(gs))
	}
	var apart int
	if err := h.db.Pool.QueryRow(t.Context(), `SELECT count(*) FROM (
		SELECT right(rtrim(m.body->>'plain', '?'), 8) FROM gap_questions q JOIN messages m ON m.id = q.message_id
		GROUP BY 1 HAVING count(DISTINCT q.gap_id) > 1) AS split`).Scan(&apart); err != nil {
		t.Fatal(err)
	}
	if apart > 0 {
		t.Errorf("%d of 10 questions are in two gaps", apart)
	}
}

// strange is a word of eight letters that nobody uses.
func strange(i int) string {
	consonants, vowels := []rune("бвгджзклмнпрстфхцч"), []rune("аеоу")
	var word []rune
	for range 4 {
		word = append(word, consonants[i%len(consonants)], vowels[i%len(vowels)])
		i = i*31 + 7
	}
	return string(word)
}
