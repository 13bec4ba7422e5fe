package gaps

import (
	"fmt"
	"io"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"github.com/poruch/poruch/knowledge"
)

// drafted is an entry in the shape of a knowledge file.
type drafted struct {
	ID        string                    `yaml:"id"`
	Title     string                    `yaml:"title"`
	Lang      knowledge.Lang            `yaml:"lang"`
	Tags      []string                  `yaml:"tags,omitempty"`
	Phrasings []string                  `yaml:"phrasings,omitempty"`
	Answers   map[knowledge.Lang]string `yaml:"answers,omitempty"`
	Answer    *string                   `yaml:"answer,omitempty"`
}

// WriteYAML writes the draft as a knowledge file, with what a person should
// know about it in comments. Without an answer the file cannot be imported:
// package files asks for one.
func (d Draft) WriteYAML(w io.Writer) error {
	e := drafted{ID: d.Entry.ID, Title: d.Entry.Title, Lang: d.Entry.Lang, Tags: d.Entry.Tags, Phrasings: d.Entry.Phrasings, Answers: d.Entry.Answers}
	if len(e.Answers) == 0 {
		e.Answer = new(string)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "# Gap %d: asked %d times by %d customers, last on %s.\n", d.Gap.ID, d.Gap.Asked, d.Gap.Contacts, d.Gap.LastAt.Format("2006-01-02"))
	for _, n := range d.Near {
		fmt.Fprintf(&text, "# Maybe a phrasing of %s", oneLine(n.ID))
		if n.Named > 0 {
			fmt.Fprintf(&text, " (people named it %d times)", n.Named)
		}
		fmt.Fprintf(&text, ": %s\n", oneLine(n.Title))
	}
	switch {
	case len(e.Answers) == 0:
		text.WriteString("# Nobody answered this yet: write the answer.\n")
	case d.Same > 1:
		fmt.Fprintf(&text, "# People answered so %d times of %d; check it before it speaks for the brand.\n", d.Same, d.Replies)
	default:
		text.WriteString("# A person answered so; check it before it speaks for the brand.\n")
	}
	body, err := yaml.Marshal([]drafted{e})
	if err != nil {
		return fmt.Errorf("write the draft of gap %d: %w", d.Gap.ID, err)
	}
	text.Write(body)
	_, err = io.WriteString(w, text.String())
	return err
}

// oneLine keeps a comment a comment.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
