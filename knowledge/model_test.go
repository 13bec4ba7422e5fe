package knowledge

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
)

// The shipped model is whole, and its thresholds rise with what is asked of it.
func TestShippedModel(t *testing.T) {
	j, err := readJudgement(judgementFile)
	if err != nil {
		t.Fatal(err)
	}
	if len(j.Pair.Trees) == 0 || !slices.IsSorted(j.Shares) || !slices.IsSorted(j.Confidences) {
		t.Errorf("%d trees, shares %v, confidences %v", len(j.Pair.Trees), j.Shares, j.Confidences)
	}
	if low, high := j.thresholdFor(0.9), j.thresholdFor(0.98); low <= 0.3 || high <= low || high >= 1 {
		t.Errorf("thresholds %v and %v", low, high)
	}
	if past := j.thresholdFor(0.9999); past < j.Confidences[len(j.Confidences)-1] {
		t.Errorf("the threshold beyond the table is %v", past)
	}
	table, err := readSenses(senseFile)
	if err != nil || len(table.terms) < 5000 {
		t.Errorf("senses: %v", err)
	}
}

// A model that does not fit the program is refused, whatever is wrong with it.
func TestBrokenModelsAreRefused(t *testing.T) {
	good, err := readJudgement(judgementFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Judgement){
		"other evidence":        func(j *Judgement) { j.Inputs = append([]string{"smell"}, j.Inputs[1:]...) },
		"an input too many":     func(j *Judgement) { j.Pair.Trees = []Tree{{{Input: evidenceCount, Left: 1}, {}, {}}} },
		"a node that goes back": func(j *Judgement) { j.Pair.Trees = []Tree{{{Left: 1}, {Left: 1}, {}}} },
		"a node beyond the end": func(j *Judgement) { j.Pair.Trees = []Tree{{{Left: 1}, {}}} },
		"an empty tree":         func(j *Judgement) { j.Pair.Trees = []Tree{{}} },
		"among which":           func(j *Judgement) { j.Among = j.Among[1:] },
		"among too little":      func(j *Judgement) { j.Among = [][]float64{{1}, {1}} },
		"no thresholds":         func(j *Judgement) { j.Shares, j.Confidences = nil, nil },
		"a missing threshold":   func(j *Judgement) { j.Shares = j.Shares[1:] },
	} {
		bad := *good
		spoil(&bad)
		var b bytes.Buffer
		if err := bad.Write(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := readJudgement(b.Bytes()); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for _, packed := range [][]byte{nil, []byte("no gzip"), judgementFile[:len(judgementFile)/2]} {
		if _, err := readJudgement(packed); err == nil {
			t.Errorf("%d bytes of rubbish were accepted as a judgement", len(packed))
		}
		if _, err := readSenses(packed); err == nil {
			t.Errorf("%d bytes of rubbish were accepted as senses", len(packed))
		}
	}
}

func TestSenseTableKeepsItsRows(t *testing.T) {
	rows := [][]float32{make([]float32, senseSize), make([]float32, senseSize), make([]float32, senseSize)}
	for d := range senseSize {
		rows[0][d], rows[1][d] = float32(d), float32(-d)
	}
	var b bytes.Buffer
	if err := NewSenseTable([]string{"кав", "#tea", "нічого"}, rows).Write(&b); err != nil {
		t.Fatal(err)
	}
	table, err := readSenses(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	v, known := table.of(understand("кава чогосьнезнаного").words)
	if known <= 0 || known >= 1 || math.Abs(float64(v.dot(&v))-1) > 1e-5 {
		t.Errorf("known %v, length %v", known, v.dot(&v))
	}
	for d := 1; d < senseSize; d++ {
		if math.Abs(float64(v[d]/v[senseSize-1])-float64(d)/(senseSize-1)) > 0.02 {
			t.Fatalf("dimension %d is %v of %v", d, v[d], v[senseSize-1])
		}
	}
	if zero, known := table.of(understand("???").words); known != 0 || zero != (sense{}) {
		t.Errorf("a text without words has a sense: %v", zero)
	}
}

// The discriminative model tells apart what one word tells apart, and gives the
// same weights each time.
func TestSoftmaxLearns(t *testing.T) {
	half := func(id int32) feature { return feature{id: id, weight: 0.7} }
	docs := [][]feature{{half(0), half(1)}, {half(0), half(2)}, {half(0), half(3)}}
	entryOf := []int{0, 1, 2}
	s := learnSoftmax(docs, entryOf, 3, 4)
	for i, d := range docs {
		p := make([]float64, 3)
		s.scores(d, p)
		toProbabilities(p)
		if p[entryOf[i]] < 0.8 {
			t.Errorf("doc %d: %v", i, p)
		}
	}
	if again := learnSoftmax(docs, entryOf, 3, 4); !slices.Equal(again.weights, s.weights) {
		t.Error("the same docs gave other weights")
	}
	if learnSoftmax(docs, entryOf, 1<<13, 1<<13) != nil {
		t.Error("a book that is too large was learnt")
	}
}

// The words of the lexicon of concepts meet across languages.
func TestConceptsMeetAcrossLanguages(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"повернення коштів", "refund"}, {"повернути гроші", "вернуть деньги"}, {"доставка", "delivery"},
		{"скасувати замовлення", "cancel my order"}, {"поповнити рахунок", "top up my account"}, {"загубив картку", "lost card"},
		{"розмір", "size"}, {"гарантія", "warranty"}, {"забув пароль", "forgot password"}, {"знижка", "скидка"},
	} {
		tags := func(text string) map[string]bool {
			found := map[string]bool{}
			eachConcept(understand(text).words, func(tag string, _, _ int) { found[tag] = true })
			return found
		}
		a, b := tags(c.a), tags(c.b)
		common := 0
		for tag := range a {
			if b[tag] {
				common++
			}
		}
		if common == 0 {
			t.Errorf("%q means %v, %q means %v", c.a, a, c.b, b)
		}
	}
}

// Every line of the lexicon of concepts is a tag with items, none of them so
// short a prefix that it swallows the language.
func TestConceptFiles(t *testing.T) {
	for _, name := range conceptFiles() {
		data, err := lexiconFiles.ReadFile("lexicon/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			line, _, _ = strings.Cut(line, "#")
			if strings.TrimSpace(line) == "" {
				continue
			}
			tag, list, ok := strings.Cut(line, ":")
			if !ok || strings.TrimSpace(tag) == "" || strings.ContainsAny(tag, " *,") {
				t.Errorf("%s:%d: no tag", name, n)
			}
			for _, item := range strings.Split(list, ",") {
				item = strings.TrimSpace(item)
				if bare, prefix := strings.CutSuffix(item, "*"); prefix && len([]rune(bare)) < 2 || item == "" {
					t.Errorf("%s:%d: %q in %s", name, n, item, tag)
				}
			}
		}
	}
}

// Longer messages are read in parts too; short ones are not.
func TestParts(t *testing.T) {
	words := func(text string) []word { return understand(text).words }
	if p := partsOf(words("скільки коштує доставка до Львова")); p != nil {
		t.Errorf("a short message has parts %v", p)
	}
	if p := partsOf(words("Купила каву вчора ввечері. Скільки триває доставка до Львова?")); len(p) != 2 {
		t.Errorf("two sentences have %d parts", len(p))
	}
	story := strings.Repeat("і тоді ми пішли додому ", 10)
	if p := partsOf(words(story)); len(p) < 5 || len(p) > maxParts {
		t.Errorf("a story without stops has %d parts", len(p))
	}
	if p := partsOf(words(strings.Repeat("Так було і того дня. ", 60))); len(p) != maxParts {
		t.Errorf("a long story has %d parts", len(p))
	}
}
