package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/files"
)

// formatFlag is the format of the file that a command reads or writes.
type formatFlag struct {
	Format string `help:"yaml, jsonl, csv, tsv or md; by default what the file's name says, else jsonl." placeholder:"FORMAT"`
}

// read reads a file whole and says what is odd about it.
func (f formatFlag) read(path string) ([]knowledge.Entry, error) {
	result, err := readFile(path, f.Format)
	printWarnings(os.Stderr, path, result)
	return result.Entries, err
}

// write leaves the old file whole until the new one is written.
func (f formatFlag) write(path string, entries []knowledge.Entry) error {
	format, err := formatOf(path, f.Format)
	if err != nil {
		return err
	}
	if path == "-" {
		return files.Write(os.Stdout, format, entries)
	}
	return writeWhole(path, func(w io.Writer) error { return files.Write(w, format, entries) })
}

func formatOf(path, wanted string) (files.Format, error) {
	if wanted == "" {
		return files.FormatOf(path), nil
	}
	format, err := files.ParseFormat(wanted)
	if err != nil {
		return "", usageError{err}
	}
	return format, nil
}

func readFile(path, wanted string) (files.Result, error) {
	format, err := formatOf(path, wanted)
	if err != nil {
		return files.Result{}, err
	}
	in, err := openInput(path)
	if err != nil {
		return files.Result{}, err
	}
	defer in.Close()
	return files.Read(nameOf(path), in, files.Options{Format: format, Now: time.Now()})
}

func nameOf(path string) string {
	if path == "-" {
		return "stdin"
	}
	return path
}

func printWarnings(w io.Writer, path string, r files.Result) {
	for _, p := range r.Warnings {
		fmt.Fprintf(w, "warning: %s\n", p.In(nameOf(path)))
	}
	if r.MoreWarnings > 0 {
		fmt.Fprintf(w, "warning: %s: and %d more\n", nameOf(path), r.MoreWarnings)
	}
}

// KBValidateCmd checks knowledge files.
type KBValidateCmd struct {
	Files []string `arg:"" help:"Knowledge files: .yaml, .jsonl, .csv, .tsv or .md; - is the standard input."`
	formatFlag
	JSON bool `name:"json" help:"Print one JSON object for each file."`
}

// validated is what a script learns of a file.
type validated struct {
	File         string          `json:"file"`
	Entries      int             `json:"entries"` // 0 when there are mistakes
	Mistakes     []files.Problem `json:"mistakes"`
	MoreMistakes int             `json:"more_mistakes"`
	Warnings     []files.Problem `json:"warnings"`
	MoreWarnings int             `json:"more_warnings"`
}

// Run checks every file, whatever the first ones were like.
func (c *KBValidateCmd) Run() error { return c.validate(os.Stdout) }

func (c *KBValidateCmd) validate(out io.Writer) error {
	var failed error
	for _, path := range c.Files {
		result, err := readFile(path, c.Format)
		failed = errors.Join(failed, err)
		if c.JSON {
			if err := printJSON(out, path, result, err); err != nil {
				return err
			}
			continue
		}
		printWarnings(out, path, result)
		if err == nil {
			fmt.Fprintf(out, "%s: %d entries, no mistakes\n", path, len(result.Entries))
		}
	}
	return failed
}

// printJSON prints a file that was read, good or bad; one that was not is in the
// error that the command ends with.
func printJSON(out io.Writer, path string, r files.Result, err error) error {
	v := validated{
		File: path, Entries: len(r.Entries), Mistakes: []files.Problem{},
		Warnings: append([]files.Problem{}, r.Warnings...), MoreWarnings: r.MoreWarnings,
	}
	var bad *files.FileError
	switch {
	case errors.As(err, &bad):
		v.Mistakes, v.MoreMistakes = bad.Problems, bad.More
	case err != nil:
		v.Mistakes = []files.Problem{{Text: err.Error()}}
	}
	return writeLines(out, []validated{v})
}

// KBConvertCmd writes a knowledge file in another format.
type KBConvertCmd struct {
	From       string `arg:"" help:"Knowledge file: .yaml, .jsonl, .csv, .tsv or .md; - is the standard input."`
	To         string `arg:"" help:"Where to; - is the standard output."`
	FromFormat string `help:"The format of the first file, when its name does not say it." placeholder:"FORMAT"`
	ToFormat   string `help:"The format of the second one." placeholder:"FORMAT"`
}

// Run loses nothing: what the other format cannot hold is an error.
func (c *KBConvertCmd) Run() error {
	entries, err := formatFlag{c.FromFormat}.read(c.From)
	if err != nil {
		return err
	}
	return formatFlag{c.ToFormat}.write(c.To, entries)
}
