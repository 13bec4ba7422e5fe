package knowledge

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/poruch/poruch/knowledge/embeddings/embeddingstest"
)

// spoken is a book in a made-up language, with so many phrasings an entry.
func spoken(t testing.TB, tongue embeddingstest.Tongue, phrasings int, o Options) *Book {
	t.Helper()
	var entries []Entry
	for _, topic := range tongue.Topics {
		entries = append(entries, Entry{ID: topic.ID, Title: topic.Title, Phrasings: topic.Phrasings[:phrasings], Lang: Ukrainian})
	}
	b, err := NewBook(entries, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var (
	tongue       = embeddingstest.NewTongue(12)
	tongueVector = tongue.Meanings.Vector
	allPhrasings = len(tongue.Topics[0].Phrasings)

	tongueOnce    sync.Once
	tongueWords   *Book
	tongueVectors *Book
)

// tongueBook is a book in that language, and the same with vectors.
func tongueBook(t testing.TB) (words, vectors *Book) {
	t.Helper()
	tongueOnce.Do(func() {
		tongueWords = spoken(t, tongue, allPhrasings, Options{})
		tongueVectors = withVectors(t, tongueWords, tongueVector)
	})
	if tongueVectors == nil {
		t.Fatal("an earlier test could not make the book")
	}
	return tongueWords, tongueVectors
}

func withVectors(t testing.TB, b *Book, of func(text string) []float32) *Book {
	t.Helper()
	var list [][]float32
	for _, text := range b.Texts() {
		list = append(list, of(text))
	}
	with, err := b.WithVectors(context.Background(), list)
	if err != nil {
		t.Fatal(err)
	}
	return with
}

// Where phrasings share meanings and no words, words alone hand off and vectors
// answer, but not what the book does not hold.
func TestVectorsAnswerWhatWordsCannot(t *testing.T) {
	words, vectors := tongueBook(t)
	if r, ok := vectors.Rehearsal(); !ok || !r.Used || !vectors.Embedded() || r.Questions != 84 || r.Joint <= r.Local || r.Wrong > r.Joint/20 {
		t.Fatalf("rehearsal %+v", r)
	}
	asked, before, after := 0, 0, 0
	for _, topic := range tongue.Topics {
		for _, text := range topic.Questions {
			asked++
			if d := words.Decide(Question{Text: text, Private: true}); d.Action == Answer {
				before++
			}
			d := vectors.Decide(Question{Text: text, Private: true, Vector: tongueVector(text)})
			if d.Action == Answer && d.Entry() != topic.ID {
				t.Errorf("%s was answered with %s at %.3f", topic.ID, d.Entry(), d.Confidence)
			}
			if d.Action == Answer {
				after++
			}
		}
	}
	t.Logf("of %d questions words answered %d, vectors %d", asked, before, after)
	if before > 0 || after < asked*8/10 {
		t.Errorf("of %d questions words answered %d, vectors %d", asked, before, after)
	}
	for i, text := range tongue.Strangers {
		if d := vectors.Decide(Question{Text: text, Private: true, Vector: tongueVector(text)}); d.Action != HandOff {
			t.Errorf("stranger %d was answered with %s at %.3f of %.3f", i, d.Entry(), d.Confidence, d.Threshold)
		}
	}
}

// The coffee brand with vectors of an imagined model that knows entries apart,
// though not well: more is answered, and it is as often right.
func TestVectorsOfAPoorModel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := func() []float32 {
		v := make([]float32, 64)
		for i := range v {
			v[i] = float32(r.NormFloat64())
		}
		return v
	}
	words := coffeeBook(t)
	shared := noise()
	own := map[string][]float32{}
	for _, e := range words.entries {
		own[e.ID] = noise()
	}
	text := func(id string, clear float32) []float32 {
		v := noise()
		for i := range v {
			v[i] += shared[i]
			if id != "" {
				v[i] += clear * own[id][i]
			}
		}
		return v
	}
	var list [][]float32
	words.eachText(func(e, _ int, _ string) { list = append(list, text(words.entries[e].ID, 0.8)) })
	vectors, err := words.WithVectors(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	before, answered, right := 0, 0, 0
	for _, q := range queries(t) {
		expect := ""
		if q.Expect != nil {
			expect = *q.Expect
		}
		if words.Decide(Question{Text: q.Text, Private: true}).Action == Answer {
			before++
		}
		if d := vectors.Decide(Question{Text: q.Text, Private: true, Vector: text(expect, 0.6)}); d.Action == Answer {
			answered++
			if d.Entry() == expect {
				right++
			}
		}
	}
	t.Logf("%d answers by words, %d with vectors, %d of them right", before, answered, right)
	if answered < before+before/10 || float64(right) < DefaultPrecision*float64(answered) {
		t.Errorf("%d answers by words, %d with vectors, %d of them right", before, answered, right)
	}
}

// Without a vector that fits, a book with vectors decides to the bit as one
// without.
func TestWithoutVectorNothingChanges(t *testing.T) {
	words, vectors := tongueBook(t)
	var texts []string
	for _, topic := range tongue.Topics {
		texts = append(texts, topic.Phrasings...)
		texts = append(texts, topic.Questions...)
	}
	texts = append(texts, "Доброго дня!", "дякую", "покличте оператора", "шахраї, верніть гроші", "", "???")
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	full := func(x float32) []float32 { return slices.Repeat([]float32{x}, embeddingstest.Dimensions) }
	rapid.Check(t, func(t *rapid.T) {
		q := Question{
			Text: rapid.OneOf(
				rapid.SampledFrom(texts), rapid.String(),
				rapid.Custom(func(t *rapid.T) string {
					return strings.Join(rapid.SliceOfN(rapid.SampledFrom(texts), 1, 4).Draw(t, "texts"), rapid.SampledFrom([]string{" ", ". ", "? "}).Draw(t, "between"))
				}),
			).Draw(t, "text"),
			Private: rapid.Bool().Draw(t, "private"), Addressed: rapid.Bool().Draw(t, "addressed"),
		}
		want := words.Decide(q)
		q.Vector = rapid.SampledFrom([][]float32{
			nil, {}, {1}, full(0), full(nan), full(inf), append(full(0)[1:], nan), append(full(1), 1),
		}).Draw(t, "vector")
		if got := vectors.Decide(q); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, without vectors %+v", got, want)
		}
	})
}

// Whatever a vector says, a decision stays sound, and what rules and word for
// word phrasings decide stays theirs.
func TestAnyVectorLeavesDecisionsSound(t *testing.T) {
	words, vectors := tongueBook(t)
	rapid.Check(t, func(t *rapid.T) {
		topic := rapid.SampledFrom(tongue.Topics).Draw(t, "topic")
		q := Question{Private: true, Text: rapid.OneOf(
			rapid.SampledFrom(topic.Questions), rapid.SampledFrom(topic.Phrasings), rapid.SampledFrom(tongue.Strangers),
			rapid.Just("Шахраї! "+topic.Questions[0]), rapid.String(),
		).Draw(t, "text")}
		want := words.Decide(q)
		q.Vector = rapid.SliceOfN(rapid.Float32(), embeddingstest.Dimensions, embeddingstest.Dimensions).Draw(t, "vector")
		d := vectors.Decide(q)
		if d.Final() != want.Final() || want.Final() && (d.Action != want.Action || d.Reason != want.Reason || d.Entry() != want.Entry()) {
			t.Fatalf("%+v, without vectors %+v", d, want)
		}
		last := 1.0
		for _, c := range d.Candidates {
			if _, ok := vectors.Entry(c.EntryID); !ok || !(c.Confidence >= 0 && c.Confidence <= last) {
				t.Fatalf("candidate %+v after %v", c, last)
			}
			last = c.Confidence
		}
		if len(d.Candidates) > MaxCandidates || d.Action == Answer && d.Confidence < d.Threshold {
			t.Fatalf("%+v", d)
		}
		if !reflect.DeepEqual(d, vectors.Decide(q)) {
			t.Fatal("asked twice, decided twice")
		}
	})
}

// Vectors that tell nothing, and books too small to learn from, change nothing.
func TestUselessVectorsAreNotUsed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	random := func(string) []float32 {
		v := make([]float32, 32)
		for i := range v {
			v[i] = float32(r.NormFloat64())
		}
		return v
	}
	same := func(string) []float32 { return slices.Repeat([]float32{0.1}, 32) }
	few := embeddingstest.NewTongue(8)
	for name, c := range map[string]struct {
		words  *Book
		vector func(string) []float32
	}{
		"random":        {coffeeBook(t), random},
		"all the same":  {spoken(t, tongue, allPhrasings, Options{}), same},
		"few entries":   {spoken(t, few, allPhrasings, Options{}), few.Meanings.Vector},
		"few phrasings": {spoken(t, tongue, 4, Options{}), tongueVector},
		"one entry":     {spoken(t, embeddingstest.NewTongue(1), allPhrasings, Options{}), random},
	} {
		with := withVectors(t, c.words, c.vector)
		if rehearsal, ok := with.Rehearsal(); !ok || rehearsal.Used || with.Embedded() {
			t.Errorf("%s: used: %+v", name, rehearsal)
		}
		for _, text := range append(with.Texts()[:5], "Чи можна орендувати вашу кавʼярню?") {
			q := Question{Text: text, Private: true}
			want := c.words.Decide(q)
			q.Vector = c.vector(text)
			if got := with.Decide(q); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, without vectors %+v", name, got, want)
			}
		}
	}
}

// A higher precision makes vectors no less cautious, and what so few questions
// cannot prove is not claimed.
func TestPrecisionMakesVectorsCautious(t *testing.T) {
	_, usual := tongueBook(t)
	before, _ := usual.Rehearsal()
	with := withVectors(t, spoken(t, tongue, allPhrasings, Options{Precision: 0.99}), tongueVector)
	if r, _ := with.Rehearsal(); r.Used || r.Joint > before.Joint {
		t.Errorf("84 questions proved a precision of 99 %%: %+v; at the usual one %+v", r, before)
	}
}

func TestVectorsThatDoNotFitAreRefused(t *testing.T) {
	words, _ := tongueBook(t)
	n := len(words.Texts())
	good := func() (list [][]float32) {
		for i := range n {
			list = append(list, []float32{1, float32(i)})
		}
		return list
	}
	for name, spoil := range map[string]func(list [][]float32) [][]float32{
		"none":      func([][]float32) [][]float32 { return nil },
		"too few":   func(l [][]float32) [][]float32 { return l[1:] },
		"too many":  func(l [][]float32) [][]float32 { return append(l, l[0]) },
		"uneven":    func(l [][]float32) [][]float32 { l[3] = []float32{1}; return l },
		"a nil":     func(l [][]float32) [][]float32 { l[0] = nil; return l },
		"zero":      func(l [][]float32) [][]float32 { l[n-1] = []float32{0, 0}; return l },
		"no number": func(l [][]float32) [][]float32 { l[5][1] = float32(math.NaN()); return l },
		"endless":   func(l [][]float32) [][]float32 { l[5][1] = float32(math.Inf(-1)); return l },
		"too long":  func(l [][]float32) [][]float32 { l[0] = make([]float32, mostNumbers/n+1); return l },
	} {
		if _, err := words.WithVectors(t.Context(), spoil(good())); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := words.WithVectors(t.Context(), good()); err != nil {
		t.Errorf("good ones: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := words.WithVectors(ctx, good()); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled rehearsal: %v", err)
	}
	empty, err := NewBook(nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := empty.WithVectors(t.Context(), nil); err == nil {
		t.Error("an empty book got vectors")
	}
	if CheckTexts(MaxTexts) != nil || CheckTexts(MaxTexts+1) == nil {
		t.Error("CheckTexts has another limit than MaxTexts")
	}
}

// A phrasing that is left out leaves no trace in the nearness.
func TestNearnessLeavesOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vector := rapid.SliceOfN(rapid.Float32Range(0.1, 1), 5, 5)
		var entries []Entry
		var list [][]float32
		for e := range rapid.IntRange(1, 4).Draw(t, "entries") {
			entry := Entry{ID: string(rune('a' + e)), Title: "назва"}
			for range rapid.IntRange(1, 5).Draw(t, "phrasings") {
				entry.Phrasings = append(entry.Phrasings, "фраза")
			}
			for range 1 + len(entry.Phrasings) {
				list = append(list, vector.Draw(t, "vector"))
			}
			entries = append(entries, entry)
		}
		full, err := newDense(&Book{entries: entries}, list)
		if err != nil {
			t.Fatal(err)
		}
		e := rapid.IntRange(0, len(entries)-1).Draw(t, "entry")
		skip := full.from[e] + 1
		lacking := slices.Clone(entries)
		lacking[e].Phrasings = lacking[e].Phrasings[1:]
		less, err := newDense(&Book{entries: lacking}, slices.Delete(slices.Clone(list), skip, skip+1))
		if err != nil {
			t.Fatal(err)
		}
		q := full.unit(vector.Draw(t, "question"))
		got, want := full.nearness(q, skip), less.nearness(q, -1)
		if !slices.Equal(got, want) {
			t.Fatalf("nearness %v, want %v", got, want)
		}
		for e, x := range full.nearness(q, -1) {
			var all []float64
			for k := full.from[e]; k < full.from[e+1]; k++ {
				all = append(all, cosine(full.texts[k], q))
			}
			slices.Sort(all)
			slices.Reverse(all)
			if top := average(all[:min(nearestTexts, len(all))]); x != top {
				t.Fatalf("entry %d: %v, want %v", e, x, top)
			}
		}
	})
}

// The cut is where the answers are right often enough, surely.
func TestCut(t *testing.T) {
	run := func(n, wrongAt int) (all []answer) {
		for i := range n {
			all = append(all, answer{odds: float64(n - i), right: wrongAt == 0 || i%wrongAt != wrongAt-1})
		}
		return all
	}
	for name, c := range map[string]struct {
		all  []answer
		cut  float64
		ok   bool
		want float64
	}{
		"none":             {nil, 0, false, 0.95},
		"too few to know":  {run(20, 0), 0, false, 0.95},
		"enough":           {run(100, 0), 1, true, 0.95},
		"every tenth":      {run(1000, 10), 0, false, 0.95},
		"a lower standard": {run(1000, 10), 1, true, 0.85},
		"tied":             {[]answer{{odds: 1, right: true}, {odds: 1}}, 0, false, 0.3},
	} {
		cut, ok := cutFor(c.all, c.want)
		if ok != c.ok || ok && cut != c.cut {
			t.Errorf("%s: %v, %t; want %v, %t", name, cut, ok, c.cut, c.ok)
		}
	}
	if b := lowerBound(95, 100); b < 0.91 || b >= 0.95 {
		t.Errorf("95 of 100 are surely %v", b)
	}
}

// Vectors are used if they bring more right answers than chance, with as much
// caution as their mistakes call for.
func TestAppraisal(t *testing.T) {
	answers := func(n int, a answer) []answer { return slices.Repeat([]answer{a}, n) }
	sure := answers(100, answer{odds: 5, right: true})
	for name, c := range map[string]struct {
		all     []answer
		used    bool
		caution float64
	}{
		"nothing":                {nil, false, 0},
		"all is gained":          {answers(100, answer{odds: 1, right: true}), true, 0},
		"nothing known below":    {sure, true, 4},
		"below the bar":          {answers(100, answer{odds: 0.5, right: true}), false, 0},
		"no better than words":   {answers(100, answer{odds: 5, right: true, local: true}), false, 0},
		"a little better":        {slices.Concat(answers(100, answer{odds: 5, right: true, local: true}), answers(4, answer{odds: 5, right: true})), false, 0},
		"clearly better":         {slices.Concat(answers(100, answer{odds: 1, right: true, local: true}), answers(5, answer{odds: 5, right: true})), true, 0},
		"gains and losses":       {slices.Concat(sure, answers(90, answer{odds: 0, local: true})), false, 0},
		"mistakes above the bar": {slices.Concat(sure, answers(20, answer{odds: 3, missing: true})), true, 4},
		"too many mistakes":      {slices.Concat(sure, answers(20, answer{odds: 5, missing: true})), false, 0},
	} {
		r := appraise(c.all, 1, 0.95)
		if r.Used != c.used || r.caution != c.caution {
			t.Errorf("%s: %+v", name, r)
		}
	}
	b := *coffeeBook(t)
	d, err := newDense(&b, slices.Repeat([][]float32{{1, 1}}, len(b.Texts())))
	if err != nil {
		t.Fatal(err)
	}
	b.dense = d
	confidence := func(caution float64) float64 {
		b.dense.joint = &joint{weights: asBefore, spread: 1, caution: caution}
		return b.Decide(Question{Text: "скільки їде посилка", Private: true, Vector: []float32{1, 0}}).Confidence
	}
	if free, careful := confidence(0), confidence(2); math.Abs(logOdds(free)-logOdds(careful)-2) > 1e-6 {
		t.Errorf("a caution of 2 makes %v of %v", careful, free)
	}
}

// With nothing to learn, the joint judgement is the local one.
func TestJointRepeatsTheLocalJudgement(t *testing.T) {
	j := learnJoint(nil)
	if j.weights != asBefore || j.caution != 0 {
		t.Errorf("weights %v", j.weights)
	}
	var lessons []lesson
	r := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		near := r.NormFloat64()
		lessons = append(lessons, lesson{[jointInputs]float64{inBias: 1, inLocal: 2, inNear: near}, r.Float64() < sigmoid(-near)})
	}
	j.learn(lessons)
	if j.weights[inNear] != 0 || j.weights[inLocal] < 0 || j.weights[inLocal] > 1 {
		t.Errorf("nearness that speaks against an entry weighs %v", j.weights)
	}
}

func BenchmarkNearness(b *testing.B) {
	v := make([][]float32, 420)
	for i := range v {
		v[i] = slices.Repeat([]float32{0.5}, 1536)
	}
	entries := make([]Entry, 60)
	for i := range entries {
		entries[i] = Entry{Title: "назва", Phrasings: slices.Repeat([]string{"фраза"}, 6)}
	}
	d, err := newDense(&Book{entries: entries}, v)
	if err != nil {
		b.Fatal(err)
	}
	q := d.unit(v[0])
	for b.Loop() {
		d.nearness(q, -1)
	}
}
