package files

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// encodeMarkdown writes a document with a heading for each question.
func encodeMarkdown(w io.Writer, drafts []draft) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, ours)
	for _, d := range drafts {
		fmt.Fprintf(out, "\n## %s\n", d.Title)
		if text := d.Answers[d.Lang]; text != "" {
			writeAnswer(out, text)
		}
		for _, l := range languages {
			if text := d.Answers[string(l)]; text != "" && string(l) != d.Lang {
				fmt.Fprintf(out, "\n### Answer: %s\n", l)
				writeAnswer(out, text)
			}
		}
		if len(d.Phrasings) > 0 {
			fmt.Fprint(out, "\n### Phrasings\n\n")
			for _, s := range d.Phrasings {
				fmt.Fprintf(out, "- %s\n", s)
			}
		}
		fmt.Fprint(out, "\n### Fields\n\n")
		writeFields(out, d)
	}
	return out.Flush() // keeps the first error of all writes
}

func writeAnswer(w io.Writer, text string) {
	fmt.Fprintf(w, "\n%s\n", strings.Join(escaped(strings.Split(text, "\n")), "\n"))
}

func writeFields(w io.Writer, d draft) {
	field := func(key, value string) {
		if value != "" {
			fmt.Fprintf(w, "- %s: %s\n", key, value)
		}
	}
	field("id", d.ID)
	field("lang", d.Lang)
	for _, s := range d.Tags {
		field("tag", s)
	}
	for _, l := range d.Links {
		field("link", linkText(l))
	}
	field("from", d.From)
	field("until", d.Until)
	for _, s := range d.Audience {
		field("community", s)
	}
	field("trust", d.Trust)
	field("stale", strings.Join(d.Stale, ", "))
}
