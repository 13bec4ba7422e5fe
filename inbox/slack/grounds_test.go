package slack_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/inbox/slack/slacktest"
	"github.com/poruch/poruch/internal/i18n"
	"github.com/poruch/poruch/knowledge"
)

var update = flag.Bool("update", false, "write the golden files anew")

// drawn is a message as lines of text: the words of each block, and its buttons
// in brackets with what they send.
func drawn(t *testing.T, m slacktest.Message) string {
	t.Helper()
	var blocks []map[string]any
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, b := range blocks {
		fmt.Fprintf(&out, "-- %v\n", b["type"])
		out.WriteString(strings.TrimSpace(words(b["text"])+words(b["elements"])+words(b["accessory"])) + "\n")
	}
	return out.String()
}

func words(v any) string {
	switch v := v.(type) {
	case []any:
		var all string
		for _, x := range v {
			all += words(x)
		}
		return all
	case map[string]any:
		switch kind := v["type"]; {
		case kind == "button":
			if v["url"] != nil {
				return fmt.Sprintf(" [%s -> %v]", words(v["text"]), v["url"])
			}
			return fmt.Sprintf(" [%s %v %v]", words(v["text"]), v["action_id"], v["value"])
		case kind == "link":
			return fmt.Sprintf("%v (%v)", v["text"], v["url"])
		case kind == "rich_text_section":
			return "\n" + words(v["elements"])
		case kind == "rich_text_quote":
			return "\n> " + words(v["elements"])
		case v["elements"] != nil:
			return words(v["elements"])
		}
		text, _ := v["text"].(string)
		return text
	}
	return ""
}

// golden compares with testdata/<name>.txt.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; see it with -update):\n%s", path, diff)
	}
}

// thoughtful is a card with all that the matcher thinks.
func thoughtful() inbox.Card {
	c := card()
	c.Ticket.Message = 41
	c.Ticket.Decision = knowledge.Decision{
		Action: knowledge.HandOff, Reason: knowledge.Unsure, Doubt: knowledge.DoubtWord, Threshold: 0.9, Confidence: 0.61,
		Candidates: []knowledge.Candidate{
			{EntryID: "delivery", Title: "Доставка", Confidence: 0.61, Words: []string{"приїде", "кава"}, Against: []string{"<!channel>", "весілля"}, Concepts: []string{"delivery"}},
			{EntryID: "pickup", Title: "Самовивіз *дуже*", Confidence: 0.2, Against: []string{"приїде"}},
			{EntryID: "hours", Confidence: 0.1},
			{EntryID: "fourth", Title: "Четверта", Confidence: 0.05},
		},
	}
	return c
}

// shadowed is a card whose first suggestion the bot would have sent.
func shadowed() inbox.Card {
	c := thoughtful()
	c.Ticket.Decision.Reason, c.Ticket.Decision.Doubt, c.Ticket.Decision.Suggested = knowledge.Withheld, "", "delivery"
	c.Suggestions[0].Meant, c.Suggestions[0].Because = true, inbox.InShadow
	c.Suggestions[0].Links = []knowledge.Link{
		{Label: "Стежити <тут>", URL: "https://np.example/?a=1&b=2"}, {URL: "http://np.example"}, {Label: "ні", URL: "javascript:alert(1)"}, {Label: "ні", URL: "https://x|y>"},
	}
	c.Suggestions[0].Files = []string{"тарифи <1>.pdf", ""}
	return c
}

// answered is a card of a ticket on which the bot has answered before.
func answered() inbox.Card {
	c := thoughtful()
	c.Ticket.Decision.Reason, c.Ticket.Decision.Doubt = knowledge.Person, ""
	c.Answered = inbox.Answered{Message: 40, Titles: []string{"Доставка", "Оплата <карткою>"}}
	c.History[1].Buttons = [][]bots.Button{{{Label: "Стежити", URL: "https://np.example/"}}, {{Label: "Допомогло", Data: "helped"}}}
	return c
}

func TestCardsAsTheyAreDrawn(t *testing.T) {
	marked := func(c inbox.Card, v inbox.Verdict) inbox.Card {
		c.Suggestions[0].Verdict, c.Answered.Verdict = v, v
		return c
	}
	inUkrainian := func(c inbox.Card) inbox.Card { c.Lang = knowledge.Ukrainian; return c }
	for name, in := range map[string]inbox.Card{
		"card-unsure": thoughtful(), "card-unsure-uk": inUkrainian(thoughtful()),
		"card-shadow": shadowed(), "card-shadow-uk": inUkrainian(shadowed()), "card-shadow-wrong": marked(shadowed(), inbox.Wrong),
		"card-answered": answered(), "card-answered-uk": inUkrainian(answered()), "card-answered-wrong": marked(answered(), inbox.Wrong),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			at, err := w.console.Open(t.Context(), channel, in)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, drawn(t, w.shown(t, at.TS)))
		})
	}
}

// Why the bot was silent is told in words.
func TestDoubtsInWords(t *testing.T) {
	because := func(w inbox.Withholding) func(*inbox.Card) {
		return func(c *inbox.Card) { c.Suggestions[0].Meant, c.Suggestions[0].Because = true, w }
	}
	for name, c := range map[string]struct {
		reason knowledge.Reason
		doubt  knowledge.Doubt
		alter  func(*inbox.Card)
		want   string
	}{
		"rival":            {knowledge.Unsure, knowledge.DoubtRival, nil, "two answers are close to each other"},
		"word":             {knowledge.Unsure, knowledge.DoubtWord, nil, "does not account for “<!channel>”"},
		"word unnamed":     {knowledge.Unsure, knowledge.DoubtWord, func(c *inbox.Card) { c.Ticket.Decision.Candidates = nil }, "a telling word"},
		"weak":             {knowledge.Unsure, knowledge.DoubtWeak, nil, "no answer resembles the message enough"},
		"several":          {knowledge.Unsure, knowledge.DoubtSeveral, nil, "it asks several things"},
		"empty":            {knowledge.Unsure, knowledge.DoubtEmpty, nil, "has no answers yet"},
		"from before":      {knowledge.Unsure, "", nil, "Why the bot handed it over: not sure enough of any answer"},
		"unheard of":       {knowledge.Unsure, "novel", nil, "Why the bot handed it over: not sure enough of any answer"},
		"expired":          {knowledge.Withheld, "", because(inbox.Expired), "would have answered “Доставка”, but it has expired"},
		"too early":        {knowledge.Withheld, "", because(inbox.TooEarly), "would have answered “Доставка”, but it is not valid yet"},
		"for people":       {knowledge.Withheld, "", because(inbox.SuggestOnly), "would have answered “Доставка”, but it is only a suggestion to you"},
		"withheld, hushed": {knowledge.Withheld, "", nil, "the answer that fits is left to people"},
		"none chosen":      {knowledge.Close, knowledge.DoubtRival, nil, "several answers are close, and none was chosen"},
		"chosen":           {"chosen", "", nil, "the customer chose the answer"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			in := thoughtful()
			in.Ticket.Decision.Reason, in.Ticket.Decision.Doubt = c.reason, c.doubt
			if c.alter != nil {
				c.alter(&in)
			}
			at, err := w.console.Open(t.Context(), channel, in)
			if err != nil {
				t.Fatal(err)
			}
			if m := w.shown(t, at.TS); !shows(t, m, c.want) {
				t.Errorf("%q is not on the card: %s", c.want, drawn(t, m))
			}
		})
	}
}

func TestVerdictClicks(t *testing.T) {
	judged := func(c inbox.Card, v inbox.Verdict) inbox.Card {
		c.Suggestions[0].Verdict, c.Answered.Verdict = v, v
		return c
	}
	for action, c := range map[string]struct {
		card    inbox.Card
		kind    inbox.ActionKind
		message int64
	}{
		"right":        {shadowed(), inbox.Confirm, 41},
		"wrong":        {judged(shadowed(), inbox.Confirmed), inbox.Refute, 41},
		"wrong_answer": {answered(), inbox.Refute, 40},
		"right_answer": {judged(answered(), inbox.Wrong), inbox.Confirm, 40},
	} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			at, err := w.console.Open(t.Context(), channel, c.card)
			if err != nil {
				t.Fatal(err)
			}
			w.receive(t)
			w.clicks(t, at, taras, action)
			a := <-w.staff.actions
			if a.Kind != c.kind || a.Message != c.message || a.Ticket != 7 || a.Agent.ID != taras {
				t.Errorf("got %+v", a)
			}
			w.settled()
		})
	}
}

// Whatever the matcher, the knowledge base and the customer say, it fits.
func TestFullestThoughtsFit(t *testing.T) {
	w := newWorld(t)
	in := shadowed()
	long := strings.Repeat("<&> ", 5000)
	many := []string{long, long, long, long, long, long, long, long, long, long, long, long}
	in.Ticket.Decision.Reason, in.Ticket.Decision.Doubt = knowledge.Unsure, knowledge.DoubtWord
	in.Ticket.Decision.Candidates = nil
	for range knowledge.MaxCandidates {
		in.Ticket.Decision.Candidates = append(in.Ticket.Decision.Candidates, knowledge.Candidate{Title: long, Words: many, Against: many, Concepts: many, Phrasing: long})
	}
	in.Answered = inbox.Answered{Message: 40, Titles: many}
	in.Suggestions = nil
	for range 3 {
		s := inbox.Suggestion{EntryID: "e", Title: long, Text: bots.Plain(long), Files: many, Meant: true, Because: inbox.Expired, Verdict: inbox.Wrong}
		for range 20 {
			s.Links = append(s.Links, knowledge.Link{Label: long, URL: "https://x.example/?" + strings.Repeat("&", 2000)})
		}
		in.Suggestions = append(in.Suggestions[:0:0], s) // only the first is meant
	}
	at, err := w.console.Open(t.Context(), channel, in)
	if err != nil {
		t.Fatal(err)
	}
	if m := w.shown(t, at.TS); m.Blocks == nil {
		t.Error("Slack refused the blocks")
	}
	post := inbox.Post{Key: "job-1", Kind: inbox.PostBot, Text: bots.Plain(long), Choices: many, Attached: many}
	for range 20 {
		post.Links = append(post.Links, knowledge.Link{Label: long, URL: "https://x.example/" + strings.Repeat("a", 3000)})
	}
	ref, err := w.console.Post(t.Context(), at, post)
	if err != nil {
		t.Fatal(err)
	}
	if m := w.shown(t, ref.TS); m.Blocks == nil {
		t.Error("Slack refused the post's blocks")
	}
}

func TestPostShowsWhatIsUnderTheWords(t *testing.T) {
	w := newWorld(t)
	ref, err := w.console.Post(t.Context(), w.thread(t), inbox.Post{
		Key: "job-1", Kind: inbox.PostBot, Text: bots.Plain("Про що саме?"), Choices: []string{"Доставка", "<!channel>"}, Attached: []string{"тарифи.pdf"},
		Links: []knowledge.Link{{Label: "Стежити", URL: "https://np.example/?a=1&b=2"}, {Label: "ні", URL: "javascript:alert(1)"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "post-bot", drawn(t, w.shown(t, ref.TS)))
}

func TestEveryWordForStaffHasItsLanguages(t *testing.T) {
	catalog, err := i18n.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, missing := range catalog.Check() {
		t.Error(missing)
	}
}
