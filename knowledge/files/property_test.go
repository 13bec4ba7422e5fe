package files

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/poruch/poruch/knowledge"
)

// Whatever good entries say, every format gives back the very same ones.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for _, f := range Formats {
		t.Run(string(f), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				want := someEntries(t, f == JSONL || f == YAML)
				var b bytes.Buffer
				if err := Write(&b, f, want); err != nil {
					t.Fatalf("%v\n%s", err, b.String())
				}
				got, err := Read("kb."+string(f), bytes.NewReader(b.Bytes()), Options{})
				if err != nil {
					t.Fatalf("%v\n%s", err, b.String())
				}
				if !reflect.DeepEqual(got.Entries, want) {
					t.Fatalf("%#v\nbecame %#v\nby %s", want, got.Entries, b.String())
				}
			})
		})
	}
}

// pieces are what texts are made of, with a taste for what formats trip over.
var pieces = []string{
	"кава", "Чай", "ціна", "delivery", "їжа", "0", "007", "123456789012", "=", "+", "-", "@", "'", `"`, ";", ",", ":", "|", " | ", "#",
	"## ", "### Fields", "### Answer: ru", "```", "~~~", `\`, `\#`, "`", "*", "**", "_", "[", "]", "(", ")", "<", ">", "{", "}", "&", "!",
	"%", "?", ".", "- ", "1. ", "> ", "Q: ", "A: ", "Питання: ", "sep=;", "null", "true", "~", "---", "…", "’", "👩‍💻", "\u00a0", "\u2028",
	"\ufeff", "\ufffd", "ё", "é", "e\u0301", "<!-- poruch: questions and answers -->", "=1+1", " ", "  ", "https://x.ua",
}

func line(limit int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		s := strings.TrimSpace(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 8).Draw(t, "line"), ""))
		if s == "" || len([]rune(s)) > limit {
			return "ні"
		}
		return s
	})
}

func text() *rapid.Generator[string] {
	breaks := rapid.SampledFrom([]string{"\n", "\n\n", "\n   ", "  \n", "\n\t", "\t", " ", "", "\n\n\n", "\n- "})
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			b.WriteString(line(200).Draw(t, "text"))
			b.WriteString(breaks.Draw(t, "break"))
		}
		return strings.TrimSpace(b.String())
	})
}

func moment() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		day := time.Date(2026, 1, rapid.IntRange(1, 1000).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		return day.Add(time.Duration(rapid.SampledFrom([]int64{0, 0, 1, 1e9, 3600e9, 86399e9, 123456000}).Draw(t, "time")))
	})
}

func someEntries(t *rapid.T, files bool) (list []knowledge.Entry) {
	p := &problems{}
	r := newRivals(p)
	for i := range rapid.IntRange(1, 4).Draw(t, "entries") {
		e := someEntry(t, i, files)
		if mistakes := knowledge.Mistakes(e, true); len(mistakes) > 0 {
			t.Fatalf("the test makes bad entries: %q in %#v", mistakes, e)
		}
		before := p.mistakes.len()
		if r.add(i, e); p.mistakes.len() == before {
			list = append(list, e)
		}
	}
	return list
}

func someEntry(t *rapid.T, i int, files bool) knowledge.Entry {
	ids := rapid.SampledFrom([]string{"a", "=b", "'c", "''+d", "-100123", "007", "123456789012", "ціна", "e|f", "g;h", "{i}", "~", "no"})
	e := knowledge.Entry{
		ID: fmt.Sprintf("%s%d", ids.Draw(t, "id"), i), Title: line(knowledge.MaxTitle).Draw(t, "title"),
		Lang: rapid.SampledFrom(languages).Draw(t, "lang"), Answers: map[knowledge.Lang]string{},
		Trust: rapid.SampledFrom([]knowledge.Trust{"", knowledge.Off, knowledge.Suggest, knowledge.Shadow, knowledge.Auto}).Draw(t, "trust"),
	}
	seen := map[string]bool{}
	for _, s := range rapid.SliceOfN(line(knowledge.MaxPhrasing), 0, 4).Draw(t, "phrasings") {
		if key := knowledge.SameWording(s); key == "" || !seen[key] {
			seen[key] = true
			e.Phrasings = append(e.Phrasings, s)
		}
	}
	e.Answers[rapid.SampledFrom(languages).Draw(t, "sure")] = text().Draw(t, "answer")
	for _, l := range languages {
		if rapid.Bool().Draw(t, "answered") {
			e.Answers[l] = text().Draw(t, "answer")
		}
		if e.Answers[l] != "" && rapid.Bool().Draw(t, "stale") {
			e.Stale = append(e.Stale, l)
		}
	}
	e.Tags = someOf(rapid.SliceOfN(line(knowledge.MaxTag), 0, 3).Draw(t, "tags"))
	e.Audience = someOf(rapid.SliceOfN(ids, 0, 3).Draw(t, "audience"))
	for range rapid.IntRange(0, 2).Draw(t, "links") {
		e.Links = append(e.Links, knowledge.Link{
			Label: line(knowledge.MaxLabel).Draw(t, "label"),
			URL:   "https://poruch.example/" + rapid.SampledFrom([]string{"", "a?b=c&d=;", "x|y", "#z", "(q)", "'"}).Draw(t, "url"),
		})
	}
	if rapid.Bool().Draw(t, "bounded") {
		e.From, e.Until = moment().Draw(t, "from"), moment().Draw(t, "until")
		if !e.From.Before(e.Until) {
			e.From = time.Time{}
		}
	}
	if files && rapid.Bool().Draw(t, "filed") {
		data := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "data")
		sum := sha256.Sum256(data)
		e.Files = []knowledge.File{{Name: "прайс " + ids.Draw(t, "file") + ".pdf", Type: "application/pdf",
			Size: int64(len(data)), Sum: hex.EncodeToString(sum[:]), Data: data}}
	}
	return e
}
