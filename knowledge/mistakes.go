package knowledge

import (
	"fmt"
	"maps"
	"mime"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Mistakes lists what is wrong with an entry by itself, and what to do, in the
// order of its fields; none when it is good. Answers are missed only when
// answered is true.
func Mistakes(e Entry, answered bool) []string {
	m := &mistakes{}
	m.id("id", e.ID, MaxID, "write it like delivery-time")
	m.line("title", e.Title, MaxTitle)
	if !known(e.Lang) {
		m.add("unknown lang %q; known are uk, ru and en", e.Lang)
	}
	if m.few("phrasings", len(e.Phrasings), MaxPhrasings) {
		for i, s := range e.Phrasings {
			m.line(fmt.Sprintf("phrasing %d", i+1), s, MaxPhrasing)
		}
		m.sameWording(e)
	}
	m.answers(e, answered)
	if m.few("tags", len(e.Tags), MaxTags) {
		for i, s := range e.Tags {
			m.line(fmt.Sprintf("tag %d", i+1), s, MaxTag)
		}
	}
	if m.few("links", len(e.Links), MaxLinks) {
		for i, l := range e.Links {
			m.link(i+1, l)
		}
	}
	if m.few("files", len(e.Files), MaxFiles) {
		m.files(e.Files)
	}
	m.validity(e)
	if m.few("communities", len(e.Audience), MaxAudience) {
		for i, s := range e.Audience {
			m.id(fmt.Sprintf("community %d of audience", i+1), s, MaxCommunity, "write the chat's id")
		}
	}
	if !slices.Contains([]Trust{"", Off, Suggest, Shadow, Auto}, e.Trust) {
		m.add("unknown trust %q; known are off, suggest, shadow and auto", e.Trust)
	}
	return m.list
}

func known(l Lang) bool { return l == Ukrainian || l == Russian || l == English }

type mistakes struct{ list []string }

func (m *mistakes) add(format string, args ...any) {
	m.list = append(m.list, fmt.Sprintf(format, args...))
}

func (m *mistakes) few(what string, n, limit int) bool {
	if n > limit {
		m.add("there are %d %s, %d is the most; keep those that differ most", n, what, limit)
	}
	return n <= limit
}

// text says whether a text is worth a further look.
func (m *mistakes) text(field, s string, limit int) bool {
	n := utf8.RuneCountInString(s)
	switch {
	case !utf8.ValidString(s):
		m.add("%s is not UTF-8", field)
	case strings.TrimSpace(s) == "":
		m.add("%s is empty; write it or take it out", field)
	case n > limit:
		m.add("%s has %d characters, %d is the most; shorten it", field, n, limit)
	case strings.TrimSpace(s) != s:
		m.add("%s begins or ends with a space; take it out", field)
	default:
		if i := strings.IndexFunc(s, forbidden); i >= 0 {
			r, _ := utf8.DecodeRuneInString(s[i:])
			m.add("%s has a control character (%U); take it out", field, r)
			return false
		}
		return true
	}
	return false
}

func forbidden(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

func (m *mistakes) line(field, s string, limit int) bool {
	if !m.text(field, s, limit) {
		return false
	}
	if strings.ContainsAny(s, "\n\t") {
		m.add("%s has a line break or a tab; write it on one line", field)
		return false
	}
	return true
}

func (m *mistakes) id(field, s string, limit int, advice string) {
	odd := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
	if m.text(field, s, limit) && strings.ContainsFunc(s, odd) {
		m.add("%s %q has spaces or unprintable characters; %s", field, s, advice)
	}
}

func (m *mistakes) sameWording(e Entry) {
	first := make(map[string]int, len(e.Phrasings))
	for i, s := range e.Phrasings {
		key := SameWording(s)
		if key == "" {
			continue
		}
		if j, ok := first[key]; ok {
			m.add("phrasings %d and %d, %q and %q, are the same words; keep one", j+1, i+1, short(e.Phrasings[j]), short(s))
			continue
		}
		first[key] = i
	}
}

// short is enough of a text to find it by.
func short(s string) string {
	if rs := []rune(s); len(rs) > 60 {
		return string(rs[:59]) + "…"
	}
	return s
}

func (m *mistakes) answers(e Entry, answered bool) {
	if answered && len(e.Answers) == 0 {
		m.add("there is no answer; write answer, or answers by language")
	}
	for _, l := range slices.Sorted(maps.Keys(e.Answers)) {
		if !known(l) {
			m.add("unknown language %q in answers; known are uk, ru and en", l)
		}
		m.text("answers."+string(l), e.Answers[l], MaxAnswer)
	}
	for i, l := range e.Stale {
		switch {
		case !known(l):
			m.add("unknown language %q in stale; known are uk, ru and en", l)
		case e.Answers[l] == "":
			m.add("stale names %s, which has no answer; take it out", l)
		case slices.Contains(e.Stale[:i], l):
			m.add("stale names %s twice", l)
		}
	}
}

func (m *mistakes) link(n int, l Link) {
	m.line(fmt.Sprintf("the label of link %d", n), l.Label, MaxLabel)
	field := fmt.Sprintf("the address of link %d", n)
	if !m.line(field, l.URL, MaxURL) {
		return
	}
	u, err := url.Parse(l.URL)
	switch {
	case err != nil, strings.ContainsFunc(l.URL, unicode.IsSpace):
		m.add("%s, %q, is not one; copy it from the browser", field, short(l.URL))
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		m.add("%s, %q, does not begin with https:// or http:// and a host", field, short(l.URL))
	}
}

func (m *mistakes) files(list []File) {
	names := map[string]bool{}
	for i, f := range list {
		field := fmt.Sprintf("file %d", i+1)
		if m.line("the name of "+field, f.Name, MaxFileName) && strings.ContainsAny(f.Name, `/\`) {
			m.add("the name of %s, %q, has a slash; write the name alone", field, f.Name)
		}
		if names[f.Name] {
			m.add("two files have the name %q", f.Name)
		}
		names[f.Name] = true
		if t, _, err := mime.ParseMediaType(f.Type); err != nil || !strings.Contains(t, "/") {
			m.add("the type of %s, %q, is not a MIME type such as application/pdf", field, short(f.Type))
		}
		switch {
		case f.Size <= 0:
			m.add("%s is empty", field)
		case f.Size > MaxFileSize:
			m.add("%s has %d bytes, %d MB is the most", field, f.Size, MaxFileSize>>20)
		}
	}
}

// The years in which an entry may begin or end; others are slips of the pen.
const (
	firstYear = 1970
	lastYear  = 9999
)

func (m *mistakes) validity(e Entry) {
	for _, b := range []struct {
		field string
		at    time.Time
	}{{"from", e.From}, {"until", e.Until}} {
		if y := b.at.UTC().Year(); !b.at.IsZero() && (y < firstYear || y > lastYear) {
			m.add("%s is in the year %d; write one from %d to %d", b.field, y, firstYear, lastYear)
		}
	}
	if !e.From.IsZero() && !e.Until.IsZero() && !e.From.Before(e.Until) {
		m.add("until is not after from, so the entry would never answer")
	}
}
