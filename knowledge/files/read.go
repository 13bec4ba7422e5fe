package files

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/poruch/poruch/knowledge"
)

// The limits of a file. A base64 text is a third longer than its content, so a
// file of 32 MB holds two attachments of the largest size.
const (
	MaxFile    = 32 << 20 // bytes
	MaxEntries = 20000
)

// Options say how to read a file; the zero value is right for most.
type Options struct {
	Format    Format    // "": by the file's name
	Questions bool      // entries need no answer; serves to measure the matcher
	Now       time.Time // entries that end before it get a warning; zero: none do
}

// Result is what a file holds.
type Result struct {
	Entries      []knowledge.Entry
	Warnings     []Problem // not in the way of the entries; at most MaxProblems
	MoreWarnings int       // warnings that are not listed
}

// Read reads a knowledge file. All of it is good, or the error is a *FileError
// that lists every mistake with its line; r's own errors come back wrapped.
// With an error there are no entries, but the warnings are still there. The
// same file gives the same result each time.
func Read(name string, r io.Reader, o Options) (Result, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return Result{}, fmt.Errorf("read %s: %w", name, err)
	}
	if o.Format == "" {
		o.Format = FormatOf(name)
	}
	p := &problems{name: filepath.Base(name)}
	entries := entriesOf(data, o, p)
	result := Result{Warnings: p.warnings.inOrder(), MoreWarnings: p.warnings.more}
	if err := p.err(); err != nil {
		return result, err
	}
	result.Entries = entries
	return result, nil
}

// Parse reads a knowledge file in the format that its name tells. A mistake
// gives a *FileError that lists all of them; r's own errors come back wrapped.
func Parse(name string, r io.Reader) ([]knowledge.Entry, error) {
	result, err := Read(name, r, Options{})
	return result.Entries, err
}

// ParseQuestions reads the same files, but entries need no answer.
func ParseQuestions(name string, r io.Reader) ([]knowledge.Entry, error) {
	result, err := Read(name, r, Options{Questions: true})
	return result.Entries, err
}

func entriesOf(data []byte, o Options, p *problems) []knowledge.Entry {
	switch {
	case len(data) > MaxFile:
		p.add(0, "the file is larger than %d MB; split it", MaxFile>>20)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		p.add(0, "this is a workbook or another packed file; export the sheet as CSV")
	default:
		return check(decode(data, o.Format, p), o, p)
	}
	return nil
}

// decode reads what is written, before any entry is judged.
func decode(data []byte, f Format, p *problems) []draft {
	switch f {
	case YAML:
		return decodeYAML(bytes.TrimPrefix(data, []byte(mark)), p)
	case CSV, TSV:
		return decodeTable(data, p)
	case Markdown:
		return decodeMarkdown(data, p)
	}
	return decodeJSONL(bytes.TrimPrefix(data, []byte(mark)), p)
}

// mark is the byte order mark, which spreadsheets and Notepad put first.
const mark = "\ufeff"
