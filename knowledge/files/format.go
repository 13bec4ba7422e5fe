package files

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Format is a way to keep knowledge in a file.
type Format string

// The formats. TSV is CSV that is written with tabs; both are read with any of
// the usual delimiters.
const (
	JSONL    Format = "jsonl"
	YAML     Format = "yaml"
	CSV      Format = "csv"
	TSV      Format = "tsv"
	Markdown Format = "md"
)

// Formats are all of them, in the order of the documentation.
var Formats = []Format{YAML, JSONL, CSV, TSV, Markdown}

// FormatOf tells the format by the end of a file's name: JSONL unless it is
// .yaml, .yml, .csv, .tsv, .md or .markdown.
func FormatOf(name string) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml":
		return YAML
	case ".csv":
		return CSV
	case ".tsv":
		return TSV
	case ".md", ".markdown":
		return Markdown
	}
	return JSONL
}

// ParseFormat reads the name of a format as a person gives it.
func ParseFormat(name string) (Format, error) {
	for _, f := range Formats {
		if strings.EqualFold(name, string(f)) {
			return f, nil
		}
	}
	switch strings.ToLower(name) {
	case "yml":
		return YAML, nil
	case "markdown":
		return Markdown, nil
	}
	return "", fmt.Errorf("unknown format %q; known are yaml, jsonl, csv, tsv and md", name)
}
