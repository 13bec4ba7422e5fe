package knowledge

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// MaxFile is the size in bytes of the largest knowledge file that is read.
const MaxFile = 32 << 20

// Parse reads a knowledge file: YAML when the name ends in .yaml or .yml, else
// JSONL, one entry per line. Both have the fields id, title, phrasings, answer
// or answers (by language), tags and lang ("uk" when absent). A mistake gives a
// *FileError that lists all of them; r's own errors come back wrapped.
func Parse(name string, r io.Reader) ([]Entry, error) {
	return parse(name, r, true)
}

// ParseQuestions reads the same files, but entries need no answer. It serves
// to measure the matcher on sets that have none.
func ParseQuestions(name string, r io.Reader) ([]Entry, error) {
	return parse(name, r, false)
}

func parse(name string, r io.Reader, answered bool) ([]Entry, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	p := &problems{name: filepath.Base(name)}
	if len(data) > MaxFile {
		p.add(0, "the file is larger than %d MB; split it", MaxFile>>20)
		return nil, p.err()
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var drafts []draft
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml":
		drafts = parseYAML(data, p)
	default:
		drafts = parseJSONL(data, p)
	}
	entries := check(drafts, answered, p)
	if err := p.err(); err != nil {
		return nil, err
	}
	return entries, nil
}

// draft is an entry as a file has it, before it is checked.
type draft struct {
	line      int
	ID        string            `json:"id"`
	Title     string            `json:"title"`
	Phrasings []string          `json:"phrasings"`
	Answer    string            `json:"answer"`
	Answers   map[string]string `json:"answers"`
	Tags      []string          `json:"tags"`
	Lang      string            `json:"lang"`
}
