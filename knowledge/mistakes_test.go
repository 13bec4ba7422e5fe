package knowledge

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMistakes(t *testing.T) {
	good := Entry{
		ID: "a", Title: "Де чек?", Phrasings: []string{"чек", "квитанція"}, Lang: Ukrainian,
		Answers: map[Lang]string{Ukrainian: "Тут:\n\t- у пошті", English: "Here."}, Stale: []Lang{English}, Tags: []string{"t"},
		Links: []Link{{"Сайт", "https://poruch.example/?a=b"}}, Files: []File{{Name: "чек.pdf", Type: "application/pdf", Size: 1}},
		From: time.Unix(1, 0), Until: time.Unix(2, 0), Audience: []string{"-1001"}, Trust: Shadow,
	}
	if list := Mistakes(good, true); len(list) != 0 {
		t.Fatalf("a good entry has the mistakes %q", list)
	}
	for want, spoil := range map[string]func(*Entry){
		"id is empty":                                   func(e *Entry) { e.ID = "" },
		`id "a b" has spaces`:                           func(e *Entry) { e.ID = "a b" },
		"title is empty":                                func(e *Entry) { e.Title = " " },
		"title begins or ends with a space":             func(e *Entry) { e.Title = " x" },
		"title has a line break":                        func(e *Entry) { e.Title = "x\ny" },
		"title has 301 characters":                      func(e *Entry) { e.Title = strings.Repeat("ї", 301) },
		"title is not UTF-8":                            func(e *Entry) { e.Title = "\xff" },
		"title has a control character (U+0007)":        func(e *Entry) { e.Title = "x\ay" },
		`unknown lang ""`:                               func(e *Entry) { e.Lang = "" },
		"phrasing 2 is empty":                           func(e *Entry) { e.Phrasings[1] = "" },
		`phrasings 1 and 2, "чек" and "ЧЕК!"`:           func(e *Entry) { e.Phrasings[1] = "ЧЕК!" },
		"there are 1001 phrasings, 1000 is the most":    func(e *Entry) { e.Phrasings = make([]string, 1001) },
		"there is no answer":                            func(e *Entry) { e.Answers = nil },
		"answers.uk is empty":                           func(e *Entry) { e.Answers[Ukrainian] = "" },
		`unknown language "pl" in answers`:              func(e *Entry) { e.Answers["pl"] = "x" },
		`unknown language "pl" in stale`:                func(e *Entry) { e.Stale = []Lang{"pl"} },
		"stale names ru, which has no answer":           func(e *Entry) { e.Stale = []Lang{Russian} },
		"stale names en twice":                          func(e *Entry) { e.Stale = []Lang{English, English} },
		"tag 1 has 61 characters":                       func(e *Entry) { e.Tags[0] = strings.Repeat("x", 61) },
		"the label of link 1 has 65 characters":         func(e *Entry) { e.Links[0].Label = strings.Repeat("x", 65) },
		`the address of link 1, "https://a b"`:          func(e *Entry) { e.Links[0].URL = "https://a b" },
		`the address of link 1, "ftp://a", does not`:    func(e *Entry) { e.Links[0].URL = "ftp://a" },
		`the address of link 1, "https:///a", does not`: func(e *Entry) { e.Links[0].URL = "https:///a" },
		`the name of file 1, "../a", has a slash`:       func(e *Entry) { e.Files[0].Name = "../a" },
		`the type of file 1, "pdf", is not`:             func(e *Entry) { e.Files[0].Type = "pdf" },
		"file 1 is empty":                               func(e *Entry) { e.Files[0].Size = 0 },
		"file 1 has 10485761 bytes":                     func(e *Entry) { e.Files[0].Size = MaxFileSize + 1 },
		`two files have the name "чек.pdf"`:             func(e *Entry) { e.Files = append(e.Files, e.Files[0]) },
		"there are 11 files":                            func(e *Entry) { e.Files = make([]File, 11) },
		"until is not after from":                       func(e *Entry) { e.Until = e.From },
		"from is in the year 1969":                      func(e *Entry) { e.From = time.Unix(-86400, 0) },
		`community 1 of audience "a b" has spaces`:      func(e *Entry) { e.Audience[0] = "a b" },
		"community 1 of audience is empty":              func(e *Entry) { e.Audience[0] = "" },
		`unknown trust "full"`:                          func(e *Entry) { e.Trust = "full" },
	} {
		bad := good.Clone()
		spoil(&bad)
		if list := Mistakes(bad, true); !slices.ContainsFunc(list, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("%q, want one that begins with %q", list, want)
		}
	}
	good.Answers, good.Stale = nil, nil
	if list := Mistakes(good, false); len(list) != 0 {
		t.Errorf("a question without an answer has the mistakes %q", list)
	}
}

// Two texts are the same wording exactly when a book takes them for the same.
func TestSameWording(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Де мій чек?", "де мій ЧЕК", true},
		{"Де мій чек?", "Доброго дня! Підкажіть, будь ласка, де мий чек", true},
		{"Кав’ярня", "кав'ярня", true},
		{"Де мій чек?", "Де мій чек на каву?", false},
		{"Де мій чек?", "Чек де мій?", false},
	} {
		if got := SameWording(c.a) == SameWording(c.b); got != c.same {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.same)
		}
		book, err := NewBook([]Entry{{ID: "a", Title: c.a, Lang: Ukrainian}}, Options{Threshold: 1})
		if err != nil {
			t.Fatal(err)
		}
		if d := book.Decide(Question{Text: c.b, Private: true}); (d.Action == Answer) != c.same {
			t.Errorf("a book with %q answers %q: %v, want %v", c.a, c.b, d.Action == Answer, c.same)
		}
	}
	if s := SameWording("???"); s != "" {
		t.Errorf("a text without words has the wording %q", s)
	}
}
