package knowledge

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

func TestDecide(t *testing.T) {
	book := coffeeBook(t)
	private, addressed, group := Question{Private: true}, Question{Addressed: true}, Question{}
	for _, c := range []struct {
		where  Question
		text   string
		action Action
		reason Reason
		entry  string
	}{
		{private, "Скільки триває доставка?", Answer, Sure, "delivery-time"},
		{addressed, "скільки триває доставка", Answer, Sure, "delivery-time"},
		{group, "Скільки триває доставка?", Answer, Sure, "delivery-time"},
		{private, "skilky koshtuye dostavka", Answer, Sure, "delivery-cost"},
		{private, "шо за промокод, не працює промокод(", Answer, Sure, "promo-not-working"},
		{private, "Чи можна орендувати вашу кавʼярню для весілля на сорок гостей?", HandOff, Unsure, ""},
		{group, "Чи можна орендувати вашу кавʼярню для весілля на сорок гостей?", HandOff, Unsure, ""},
		{private, "синій трактор їде полем", HandOff, Unsure, ""},
		{group, "синій трактор їде полем", Ignore, Chatter, ""},
		{group, "а в мене вчора теж таке було", Ignore, Chatter, ""},

		{private, "Верніть мої гроші, шахраї! Скільки триває доставка?", HandOff, Complaint, ""},
		{group, "Третій тиждень обіцяєте і знову не відповідаєте", HandOff, Complaint, ""},
		{private, "Я звертаюся до юриста", HandOff, Complaint, ""},
		{private, "в мене алергія після вашої кави", HandOff, Complaint, ""},
		{private, "this is a scam, I will call the police", HandOff, Complaint, ""},
		{private, "ya ydu do yurysta", HandOff, Complaint, ""},

		{private, "Покличте оператора, будь ласка", HandOff, Person, ""},
		{private, "хочу говорить с живым человеком", HandOff, Person, ""},
		{private, "can I talk to a person", HandOff, Person, ""},
		{private, "не допомогло", HandOff, Negative, ""},
		{private, "ні", HandOff, Negative, ""},
		{private, "не то", HandOff, Negative, ""},
		{private, "дякую, але не допомогло", HandOff, Negative, ""},
		{private, "wrong", HandOff, Negative, ""},

		{private, "Доброго дня!", Ignore, Greeting, ""},
		{group, "всім привіт", Ignore, Greeting, ""},
		{private, "hello", Ignore, Greeting, ""},
		{private, "дякую!", Ignore, Thanks, ""},
		{private, "Спасибо большое за помощь", Ignore, Thanks, ""},
		{private, "ок", Ignore, Thanks, ""},
		{private, "", Ignore, Empty, ""},
		{private, "\u200b\u200d\ufeff\u2800", Ignore, Empty, ""},
		{private, "👍🔥", Ignore, Empty, ""},
		{private, "???", Ignore, Empty, ""},
		{group, "Казино дарит фриспины новым игрокам, промокод внутри", Ignore, Spam, ""},
		{group, "Заробіток від 500$ без вкладень, деталі в лс https://t.me/x", Ignore, Spam, ""},
	} {
		q := c.where
		q.Text = c.text
		d := book.Decide(q)
		if d.Action != c.action || d.Reason != c.reason || d.Entry() != c.entry {
			t.Errorf("%+v: %s %s %q at %.3f, want %s %s %q", q, d.Action, d.Reason, d.Entry(), d.Confidence, c.action, c.reason, c.entry)
		}
		if d.Urgent != (c.reason == Complaint) {
			t.Errorf("%+v: urgent %t", q, d.Urgent)
		}
	}
}

func TestCandidatesSayWhy(t *testing.T) {
	d := coffeeBook(t).Decide(Question{Text: "Підкажіть, як мені скасувати підписку на каву?", Private: true})
	if len(d.Candidates) == 0 || d.Candidates[0].EntryID != "sub-cancel" {
		t.Fatalf("candidates %+v, want sub-cancel first", d.Candidates)
	}
	for _, want := range []string{"скасувати", "підписку"} {
		if !strings.Contains(strings.Join(d.Candidates[0].Words, " "), want) {
			t.Errorf("words %q lack %q", d.Candidates[0].Words, want)
		}
	}
	complaint := coffeeBook(t).Decide(Question{Text: "Шахраї! Як скасувати підписку?", Private: true})
	if complaint.Entry() != "" || len(complaint.Candidates) == 0 || complaint.Candidates[0].EntryID != "sub-cancel" {
		t.Errorf("people get no suggestion for a complaint: %+v", complaint)
	}
}

func TestTwoQuestionsInOneMessage(t *testing.T) {
	for text, want := range map[string][]string{
		"Скільки триває доставка? Як скасувати підписку?":  {"delivery-time", "sub-cancel"},
		"Як скасувати підписку і скільки триває доставка?": {"sub-cancel", "delivery-time"},
		"Как отменить подписку и сколько идёт доставка":    {"sub-cancel", "delivery-time"},
	} {
		d := coffeeBook(t).Decide(Question{Text: text, Private: true})
		if d.Action != Answer || !slices.Equal(d.Entries, want) || d.Confidence < d.Threshold {
			t.Errorf("%q: %s %q at %.3f, want both answers %q", text, d.Action, d.Entries, d.Confidence, want)
		}
	}
	for _, text := range []string{
		"Скільки триває доставка? А чи рефінансуєте ви кредити на каву за карткою лояльності?", // one of two
		"Скільки триває доставка? Як скасувати підписку? Чи можна повернути товар?",            // three
	} {
		d := coffeeBook(t).Decide(Question{Text: text, Private: true})
		if d.Action != HandOff || len(d.Entries) != 0 {
			t.Errorf("%q: %s %q %q, want people", text, d.Action, d.Entries, d.Doubt)
		}
	}
}

func TestEntryThatMayNotSpeak(t *testing.T) {
	day := time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change    func(e *Entry)
		q         Question
		answered  bool
		suggested string
	}{
		"trusted":       {func(*Entry) {}, Question{}, true, ""},
		"off":           {func(e *Entry) { e.Trust = Off }, Question{}, false, ""},
		"suggest":       {func(e *Entry) { e.Trust = Suggest }, Question{}, false, "a"},
		"shadow":        {func(e *Entry) { e.Trust = Shadow }, Question{}, false, "a"},
		"not yet":       {func(e *Entry) { e.From = day }, Question{At: day.Add(-time.Second)}, false, "a"},
		"from then on":  {func(e *Entry) { e.From = day }, Question{At: day}, true, ""},
		"until then":    {func(e *Entry) { e.Until = day }, Question{At: day.Add(-time.Second)}, true, ""},
		"expired":       {func(e *Entry) { e.Until = day }, Question{At: day}, false, "a"},
		"its community": {func(e *Entry) { e.Audience = []string{"-7"} }, Question{Community: "-7"}, true, ""},
		"any community": {func(e *Entry) { e.Audience = []string{"-7"} }, Question{}, true, ""},
	} {
		e := Entry{ID: "a", Title: "Скільки триває доставка", Lang: Ukrainian}
		c.change(&e)
		b, err := NewBook([]Entry{e, {ID: "b", Title: "Де чек", Lang: Ukrainian}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		c.q.Text, c.q.Private = "Скільки триває доставка?", true
		d := b.Decide(c.q)
		if answered := d.Action == Answer; answered != c.answered || d.Suggested != c.suggested || !answered && d.Reason != Withheld {
			t.Errorf("%s: %s %s, suggested %q; want answered %t, suggested %q", name, d.Action, d.Reason, d.Suggested, c.answered, c.suggested)
		}
	}
}

// Two communities may have an answer each to the same question.
func TestEachCommunityHasItsAnswer(t *testing.T) {
	b, err := NewBook([]Entry{
		{ID: "kyiv", Title: "Скільки триває доставка", Lang: Ukrainian, Audience: []string{"1"}},
		{ID: "lviv", Title: "Скільки триває доставка", Lang: Ukrainian, Audience: []string{"2"}},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for community, want := range map[string]string{"1": "kyiv", "2": "lviv"} {
		d := b.Decide(Question{Text: "скільки триває доставка", Private: true, Community: community})
		if d.Entry() != want || len(d.Candidates) != 1 {
			t.Errorf("in %s: %q of %+v, want %q alone", community, d.Entry(), d.Candidates, want)
		}
	}
	if d := b.Decide(Question{Text: "скільки триває доставка", Private: true, Community: "3"}); d.Action == Answer || len(d.Candidates) != 0 {
		t.Errorf("in a third one: %s %+v, want people", d.Action, d.Candidates)
	}
	if d := b.Decide(Question{Text: "скільки триває доставка", Private: true}); d.Action == Answer {
		t.Errorf("where the community is unknown: %q, want people or a choice", d.Entries)
	}
}

func TestCandidatesExplainThemselves(t *testing.T) {
	d := coffeeBook(t).Decide(Question{Text: "Підкажіть, як мені скасувати підписку на рояль?", Private: true})
	if len(d.Candidates) == 0 {
		t.Fatal("nothing was considered")
	}
	c := d.Candidates[0]
	if c.EntryID != "sub-cancel" || !slices.Contains(c.Against, "рояль") || slices.Contains(c.Words, "рояль") || c.Phrasing == "" || len(c.Concepts) == 0 {
		t.Errorf("%+v; want sub-cancel, a word against it, its nearest phrasing and a shared meaning", c)
	}
}

func TestEmptyBookHandsOff(t *testing.T) {
	b, err := NewBook(nil, Options{})
	if err != nil || b.Len() != 0 {
		t.Fatalf("NewBook = %v with %d entries", err, b.Len())
	}
	d := b.Decide(Question{Text: "Скільки триває доставка?", Private: true})
	if d.Action != HandOff || d.Reason != Unsure || len(d.Candidates) != 0 {
		t.Errorf("%+v, want a hand-off without candidates", d)
	}
}

func TestBookRefuses(t *testing.T) {
	one := Entry{ID: "a", Title: "Де чек"}
	for name, c := range map[string]struct {
		entries []Entry
		options Options
	}{
		"no id":        {[]Entry{{Title: "x"}}, Options{}},
		"id twice":     {[]Entry{one, one}, Options{}},
		"precision":    {[]Entry{one}, Options{Precision: 1}},
		"no precision": {[]Entry{one}, Options{Precision: -0.1}},
		"threshold":    {[]Entry{one}, Options{Threshold: 1.01}},
	} {
		if _, err := NewBook(c.entries, c.options); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestThresholdOption(t *testing.T) {
	low, err := NewBook(coffee(t), Options{Threshold: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	text := "скіки їде посилка?"
	if d := low.Decide(Question{Text: text, Private: true}); d.Action != Answer || d.Threshold != 0.01 {
		t.Errorf("at threshold 0.01: %s of %v", d.Action, d.Threshold)
	}
	if d := coffeeBook(t).Decide(Question{Text: text, Private: true}); d.Action != HandOff {
		t.Errorf("at the fitted threshold: %s", d.Action)
	}
	strict, err := NewBook(coffee(t), Options{Precision: 0.99})
	if err != nil {
		t.Fatal(err)
	}
	if strict.Threshold() <= coffeeBook(t).Threshold() {
		t.Errorf("threshold %.3f for precision 0.99 is not above %.3f for 0.95", strict.Threshold(), coffeeBook(t).Threshold())
	}
}

// The same phrasing in two entries cannot be sure of either.
func TestSharedPhrasingIsNotExact(t *testing.T) {
	b, err := NewBook([]Entry{
		{ID: "a", Title: "Де мій чек", Phrasings: []string{"Загубила квитанцію"}},
		{ID: "b", Title: "Де мій чек", Phrasings: []string{"Куди дивитися баланс"}},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := b.Decide(Question{Text: "Де мій чек?", Private: true}); d.Action != HandOff {
		t.Errorf("%s %q, want a hand-off", d.Action, d.Entry())
	}
}

func TestEntryIsACopy(t *testing.T) {
	b := coffeeBook(t)
	e, ok := b.Entry("receipt")
	if !ok {
		t.Fatal("no entry receipt")
	}
	e.Phrasings[0], e.Answers[Ukrainian] = "spoilt", "spoilt"
	if again, _ := b.Entry("receipt"); again.Phrasings[0] == "spoilt" || again.Answers[Ukrainian] == "spoilt" {
		t.Error("a caller changed the book")
	}
	if _, ok := b.Entry("no-such"); ok {
		t.Error("an unknown id was found")
	}
}

// Two books of the same entries decide alike, asked by many at once.
func TestDecisionsAreDeterministic(t *testing.T) {
	one, two := coffeeBook(t), coffeeBook(t)
	list := queries(t)
	want := make([]Decision, len(list))
	for i, q := range list {
		want[i] = one.Decide(Question{Text: q.Text})
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i, q := range list {
				if got := two.Decide(Question{Text: q.Text}); !reflect.DeepEqual(got, want[i]) {
					t.Errorf("%q: %+v, then %+v", q.Text, want[i], got)
					return
				}
			}
		})
	}
	all.Wait()
}

// Whatever follows the part that is read makes no difference, so a message of
// 100 kB costs no more than one of MaxRunes.
func TestLongMessagesAreReadToTheLimit(t *testing.T) {
	b := coffeeBook(t)
	for name, unit := range map[string]string{
		"words": "доставка ", "one word": "ї", "marks": "?!.", "zero width": "\u200b", "accents": "е\u0301\u0302\u0303", "broken": "\xff\xfe",
		"links": "https://x.y/z ", "sentences": "Де чек? ", "latin": "dostavka ",
	} {
		long := strings.Repeat(unit, 100_000/len(unit))
		read := firstRunes(long)
		if n := utf8.RuneCountInString(read); n > MaxRunes {
			t.Errorf("%s: %d runes are read", name, n)
		}
		if !reflect.DeepEqual(b.Decide(Question{Text: long, Private: true}), b.Decide(Question{Text: read, Private: true})) {
			t.Errorf("%s: the unread part changed the decision", name)
		}
	}
}

func FuzzDecide(f *testing.F) {
	book := coffeeBook(f)
	for _, s := range []string{"", "Скільки триває доставка?", "\xff\x00\u200b", "v60 ?!", "ЇЖАК'їжак", "a\u0301", "1000грн", "http://", "***", "ㅤ"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, text string, private bool) {
		d := book.Decide(Question{Text: text, Private: private})
		if len(d.Candidates) > MaxCandidates || d.Confidence < 0 || d.Confidence > 1 {
			t.Errorf("%d candidates at %v", len(d.Candidates), d.Confidence)
		}
		last := 1.0
		for _, c := range d.Candidates {
			if _, ok := book.Entry(c.EntryID); !ok || c.Confidence < 0 || c.Confidence > last {
				t.Errorf("candidate %+v after %v", c, last)
			}
			last = c.Confidence
		}
		if _, known := book.Entry(d.Entry()); known != (d.Action == Answer) {
			t.Errorf("%s with the entry %q", d.Action, d.Entry())
		}
		if d.Action == Answer && d.Confidence < d.Threshold {
			t.Errorf("answered at %v of %v", d.Confidence, d.Threshold)
		}
		if !reflect.DeepEqual(d, book.Decide(Question{Text: text, Private: private})) {
			t.Error("asked twice, decided twice")
		}
	})
}

// What is alarm to one brand is daily bread to another.
func TestGraveWordsThatTheBrandSpeaksOf(t *testing.T) {
	insurer, err := NewBook([]Entry{
		{ID: "accident", Title: "Чи викликати поліцію після аварії", Phrasings: []string{"треба поліція на місце аварії"}, Lang: Ukrainian},
		{ID: "price", Title: "Скільки коштує поліс", Lang: Ukrainian},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := Question{Text: "А полицию вызывать надо?", Private: true}
	if d := insurer.Decide(q); d.Reason == Complaint || d.Urgent {
		t.Errorf("an insurer's question: %s %s", d.Action, d.Reason)
	}
	if d := coffeeBook(t).Decide(q); d.Reason != Complaint || !d.Urgent {
		t.Errorf("in a coffee shop: %s %s, want an urgent hand-off", d.Action, d.Reason)
	}
	q.Text = "Ви шахраї, викликаю поліцію!"
	if d := insurer.Decide(q); d.Reason != Complaint {
		t.Errorf("anger at an insurer: %s %s", d.Action, d.Reason)
	}
}
