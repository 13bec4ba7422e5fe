package files

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/poruch/poruch/knowledge"
)

// draft is an entry as files have it, all in texts; line is where it begins.
type draft struct {
	line      int
	ID        string            `json:"id" yaml:"id"`
	Title     string            `json:"title" yaml:"title"`
	Lang      string            `json:"lang" yaml:"lang"`
	Phrasings []string          `json:"phrasings,omitempty" yaml:"phrasings,omitempty"`
	Answer    string            `json:"answer,omitempty" yaml:"answer,omitempty"` // the one in Lang
	Answers   map[string]string `json:"answers,omitempty" yaml:"answers,omitempty"`
	Stale     []string          `json:"stale,omitempty" yaml:"stale,omitempty"`
	Tags      []string          `json:"tags,omitempty" yaml:"tags,omitempty"`
	Links     []knowledge.Link  `json:"links,omitempty" yaml:"links,omitempty"`
	Files     []attachment      `json:"files,omitempty" yaml:"files,omitempty"`
	From      string            `json:"from,omitempty" yaml:"from,omitempty"`
	Until     string            `json:"until,omitempty" yaml:"until,omitempty"`
	Audience  []string          `json:"audience,omitempty" yaml:"audience,omitempty"`
	Trust     string            `json:"trust,omitempty" yaml:"trust,omitempty"`
}

// attachment is a file of an entry, its content in base64.
type attachment struct {
	Name string `json:"name" yaml:"name"`
	Type string `json:"type" yaml:"type"`
	Data string `json:"data" yaml:"data"`
}

const knownFields = "id, title, lang, phrasings, answer, answers, stale, tags, links, files, from, until, audience and trust"

var languages = []knowledge.Lang{knowledge.Ukrainian, knowledge.Russian, knowledge.English}

// tidy takes away what people do not mean: spaces around texts, the line ends
// of other systems, and line breaks in what is one line.
func (d *draft) tidy() {
	line := func(s string) string { return strings.TrimSpace(oneLine.Replace(s)) }
	text := func(s string) string { return strings.TrimSpace(newlines.Replace(s)) }
	d.ID, d.Lang, d.From, d.Until, d.Trust = text(d.ID), text(d.Lang), text(d.From), text(d.Until), text(d.Trust)
	d.Title, d.Answer = line(d.Title), text(d.Answer)
	for _, list := range [][]string{d.Phrasings, d.Tags, d.Stale, d.Audience} {
		for i := range list {
			list[i] = line(list[i])
		}
	}
	for l, s := range d.Answers {
		d.Answers[l] = text(s)
	}
	for i, l := range d.Links {
		d.Links[i] = knowledge.Link{Label: line(l.Label), URL: text(l.URL)}
	}
	for i, f := range d.Files {
		d.Files[i].Name, d.Files[i].Type = line(f.Name), text(f.Type)
	}
	if d.Lang == "" {
		d.Lang = string(knowledge.Ukrainian)
	}
}

var (
	newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	oneLine  = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ")
)

// entry makes an entry of a tidy draft; what cannot be read is a mistake.
func (d *draft) entry(p *problems) knowledge.Entry {
	e := knowledge.Entry{
		ID: d.ID, Title: d.Title, Phrasings: someOf(d.Phrasings), Lang: knowledge.Lang(d.Lang),
		Answers: map[knowledge.Lang]string{}, Tags: someOf(d.Tags), Links: someOf(d.Links),
		Audience: someOf(d.Audience), Trust: knowledge.Trust(strings.ToLower(d.Trust)),
	}
	for l, text := range d.Answers {
		e.Answers[knowledge.Lang(l)] = text
	}
	if d.Answer != "" {
		if e.Answers[e.Lang] != "" {
			p.add(d.line, "answer and answers.%s are the same thing; keep one", d.Lang)
		}
		e.Answers[e.Lang] = d.Answer
	}
	for _, l := range d.Stale {
		e.Stale = append(e.Stale, knowledge.Lang(l))
	}
	slices.SortStableFunc(e.Stale, func(a, b knowledge.Lang) int {
		return slices.Index(languages, a) - slices.Index(languages, b)
	})
	var err error
	if e.From, err = parseFrom(d.From); err != nil {
		p.add(d.line, "from %v", err)
	}
	if e.Until, err = parseUntil(d.Until); err != nil {
		p.add(d.line, "until %v", err)
	}
	for i, f := range d.Files {
		data, err := base64.StdEncoding.DecodeString(f.Data) // skips line breaks
		if err != nil {
			p.add(d.line, "the data of file %d is not base64: %v", i+1, err)
			continue
		}
		sum := sha256.Sum256(data)
		e.Files = append(e.Files, knowledge.File{
			Name: f.Name, Type: f.Type, Size: int64(len(data)), Sum: hex.EncodeToString(sum[:]), Data: data,
		})
	}
	return e
}

// someOf makes an empty list none, whichever way a file says so.
func someOf[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// draftOf is the other way round.
func draftOf(e knowledge.Entry) draft {
	d := draft{
		ID: e.ID, Title: e.Title, Lang: string(e.Lang), Phrasings: someOf(e.Phrasings), Tags: someOf(e.Tags),
		Links: someOf(e.Links), From: fromText(e.From), Until: untilText(e.Until),
		Audience: someOf(e.Audience), Trust: string(e.Trust),
	}
	for l, text := range e.Answers {
		if d.Answers == nil {
			d.Answers = make(map[string]string, len(e.Answers))
		}
		d.Answers[string(l)] = text
	}
	for _, l := range e.Stale {
		d.Stale = append(d.Stale, string(l))
	}
	for _, f := range e.Files {
		d.Files = append(d.Files, attachment{f.Name, f.Type, base64.StdEncoding.EncodeToString(f.Data)})
	}
	return d
}
