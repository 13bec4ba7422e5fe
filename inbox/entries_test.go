package inbox_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// rich gives the delivery entry links and a file.
func (d desk) rich() {
	e := d.Answers.Entries["delivery-time"]
	e.Links = []knowledge.Link{{Label: "Стежити", URL: "https://np.example/track"}, {Label: "Тарифи", URL: "http://np.example/?a=1&b=2"}}
	e.Files = []knowledge.File{{Name: "тарифи.pdf", Type: "application/pdf", Size: 5, Sum: "5a"}}
	d.Answers.Entries["delivery-time"] = e
	d.Answers.Files["5a"] = "вміст"
}

func contentOf(t *testing.T, u bots.Upload) string {
	t.Helper()
	r, err := u.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestAnswerBringsItsLinksAndFiles(t *testing.T) {
	d := newDesk(t)
	d.rich()
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	const links = "Стежити -> https://np.example/track | Тарифи -> http://np.example/?a=1&b=2"
	out := d.Platform.Sent("1001")[0].Out
	if got := buttons(out); got != links+" | Допомогло | Запитати людину" {
		t.Errorf("buttons %q", got)
	}
	if len(out.Files) != 1 || out.Files[0].Name != "тарифи.pdf" || out.Files[0].MIME != "application/pdf" || contentOf(t, out.Files[0]) != "вміст" {
		t.Errorf("files %+v", out.Files)
	}
	d.press(t, "1001", d.button(t, "1001", "person"))
	if got := buttons(d.Platform.Sent("1001")[0].Out); got != links {
		t.Errorf("after the verdict %q, want the links to stay", got)
	}
	card := d.Console.Threads()[0].Card
	if s := card.Suggestions[0]; len(s.Links) != 2 || strings.Join(s.Files, " ") != "тарифи.pdf" {
		t.Errorf("suggestion %+v", s)
	}
	// An agent who sends it sends all of it.
	d.act(t, inbox.Suggest, "delivery-time")
	sent := d.Platform.Sent("1001")
	out = sent[len(sent)-1].Out
	if buttons(out) != links || len(out.Files) != 1 || contentOf(t, out.Files[0]) != "вміст" {
		t.Errorf("the agent sent %+v", out)
	}
	posts := d.Console.Threads()[0].Posts
	if p := posts[len(posts)-1].Post; len(p.Links) != 2 || strings.Join(p.Attached, " ") != "тарифи.pdf" {
		t.Errorf("the thread shows %+v", p)
	}
}

// A file that is gone for good does not make the question wait for ever.
func TestAnswerWhoseFileIsGone(t *testing.T) {
	d := newDesk(t)
	d.rich()
	delete(d.Answers.Files, "5a")
	d.Hear(t, d.Said("1001", "Скільки триває доставка?"))
	d.wantStates(t, "open")
	if p := d.Console.Threads()[0].Posts; len(p) != 1 || p[0].Post.Kind != inbox.PostNote {
		t.Errorf("posts %+v, want a note that it was not delivered", p)
	}
}

func TestTwoQuestionsGetTwoAnswers(t *testing.T) {
	d := newDesk(t)
	d.rich()
	d.Knows("Де ви?", "address", "На Хрещатику.")
	both := knowledge.Decision{
		Action: knowledge.Answer, Reason: knowledge.Sure, Lang: knowledge.Ukrainian, Entries: []string{"delivery-time", "address"}, Confidence: 0.95, Threshold: 0.9,
		Candidates: []knowledge.Candidate{{EntryID: "delivery-time", Confidence: 0.95}},
	}
	d.Answers.Decisions["Скільки триває доставка? І де ви?"] = both
	d.Hear(t, d.Said("1001", "Скільки триває доставка? І де ви?"))
	sent := d.Platform.Sent("1001")
	if len(sent) != 2 || sent[0].Out.Text.Plain != "1–3 дні Новою поштою." || sent[1].Out.Text.Plain != "На Хрещатику." {
		t.Fatalf("sent %+v", sent)
	}
	if first, second := buttons(sent[0].Out), buttons(sent[1].Out); strings.Contains(first, "Допомогло") || second != "Допомогло | Запитати людину" {
		t.Errorf("buttons %q and %q, want those for the verdict under the second", first, second)
	}
	if got := d.list(t, `SELECT entry FROM messages WHERE direction = 'bot' ORDER BY id`); got != "delivery-time address" {
		t.Errorf("entries %q", got)
	}
	d.press(t, "1001", d.button(t, "1001", "helped"))
	d.wantLedger(t, "answer/sure/delivery-time+address/confirmed//contact")

	delete(d.Answers.Entries, "address") // half an answer is none
	d.Hear(t, d.Said("2002", "Скільки триває доставка? І де ви?"))
	d.wantStates(t, "resolved open")
	if got := d.list(t, `SELECT concat_ws('/', action, reason, array_to_string(entries, '+')) FROM decisions WHERE conversation_id = 2`); got != "handoff/unsure/" {
		t.Errorf("the ledger says %q", got)
	}
}

func TestBrandGreetsInItsOwnWords(t *testing.T) {
	d := newDesk(t)
	b := d.Brands["rankova"]
	b.Greeting = map[knowledge.Lang]string{knowledge.Ukrainian: "Вітаємо у **Ранковій**!"}
	d.Brands["rankova"] = b
	d.Answers.Decisions["Привіт"] = knowledge.Decision{Action: knowledge.Ignore, Reason: knowledge.Greeting, Lang: knowledge.Ukrainian}
	d.Answers.Decisions["Hi"] = knowledge.Decision{Action: knowledge.Ignore, Reason: knowledge.Greeting, Lang: knowledge.English}
	command := func(name string) bots.Message {
		m := d.Said("1001", "/"+name)
		m.Command = name
		return m
	}
	d.Hear(t, command("start"), command("help"), d.Said("1001", "Привіт"), d.Said("2002", "Hi"))
	got := d.texts("1001")
	if len(got) != 3 || got[0] != "Вітаємо у Ранковій!" || !strings.HasPrefix(got[1], "Вітаємо! Це помічник") || got[2] != got[0] {
		t.Errorf("said %q", got)
	}
	if s := d.Platform.Sent("1001")[0].Out.Text.Spans; len(s) != 1 || s[0].Kind != bots.Bold {
		t.Errorf("spans %+v", s)
	}
	if got := d.texts("2002"); len(got) != 1 || !strings.HasPrefix(got[0], "Hello! This is") {
		t.Errorf("in a language without a greeting of its own: %q", got)
	}
}

// What is off, or not valid now, is not laid before people to be sent.
func TestSuggestionsLeaveOutWhatIsNotToBeSaid(t *testing.T) {
	d := newDesk(t)
	now := d.Clock.Now()
	var candidates []knowledge.Candidate
	for id, e := range map[string]knowledge.Entry{
		"off": {Trust: knowledge.Off}, "early": {From: now.Add(time.Hour)}, "late": {Until: now}, "shadow": {Trust: knowledge.Shadow},
	} {
		e.ID, e.Answers = id, map[knowledge.Lang]string{knowledge.Ukrainian: "так"}
		d.Answers.Entries[id] = e
		candidates = append(candidates, knowledge.Candidate{EntryID: id, Confidence: 0.5})
	}
	d.Answers.Decisions["питання"] = knowledge.Decision{Action: knowledge.HandOff, Reason: knowledge.Unsure, Lang: knowledge.Ukrainian, Candidates: candidates}
	d.Hear(t, d.Said("1001", "питання"))
	if s := d.Console.Threads()[0].Card.Suggestions; len(s) != 1 || s[0].EntryID != "shadow" || s[0].Meant {
		t.Errorf("suggestions %+v", s)
	}
}

// Why a sure answer was withheld is told with the answer.
func TestCardSaysWhatWithheldAnAnswer(t *testing.T) {
	d := newDesk(t)
	noon := d.Clock.Now()
	for user, c := range map[string]struct {
		alter func(*knowledge.Entry)
		want  inbox.Withholding
	}{
		"1001": {func(e *knowledge.Entry) { e.Trust = knowledge.Shadow }, inbox.InShadow},
		"1002": {func(e *knowledge.Entry) { e.Trust = knowledge.Suggest }, inbox.SuggestOnly},
		"1003": {func(e *knowledge.Entry) { e.From = noon.Add(time.Hour) }, inbox.TooEarly},
		"1004": {func(e *knowledge.Entry) { e.Until = noon }, inbox.Expired},
		"1005": {func(*knowledge.Entry) {}, ""}, // trusted and valid by now
	} {
		e := knowledge.Entry{ID: user, Title: "Доставка", Answers: map[knowledge.Lang]string{knowledge.Ukrainian: "так"}}
		c.alter(&e)
		d.Answers.Entries[user] = e
		d.Answers.Decisions[user] = knowledge.Decision{Action: knowledge.HandOff, Reason: knowledge.Withheld, Lang: knowledge.Ukrainian, Suggested: user, Confidence: 0.95}
		d.Hear(t, d.Said(user, user))
		threads := d.Console.Threads()
		s := threads[len(threads)-1].Card.Suggestions
		if len(s) != 1 || !s[0].Meant || s[0].Because != c.want || s[0].Confidence != 0.95 {
			t.Errorf("%s: suggestions %+v, want one that is withheld for %q", user, s, c.want)
		}
	}
}
