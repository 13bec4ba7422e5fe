package files

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// maxCells bounds what a line can grow to in memory; people's tables have some
// dozens of columns.
const maxCells = 10000

// decodeTable reads a table with the names of its columns in the first row.
// Empty rows and columns mean nothing; spreadsheets add them.
func decodeTable(data []byte, p *problems) []draft {
	text, ok := readable(data, p)
	if !ok {
		return nil
	}
	text, comma := delimited(text)
	n := 0
	for line := range strings.Lines(text) {
		if n++; strings.Count(line, string(comma)) > maxCells {
			p.add(n, "the line has more than %d cells; this is not a table of knowledge", maxCells)
			return nil
		}
	}
	var drafts []draft
	var header []string
	rows := rowsOf(text, comma)
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			p.add(csvMistake(err))
			if header == nil || p.mistakes.more > 0 {
				return nil // more would be noise
			}
			continue
		}
		line, _ := rows.FieldPos(0)
		switch {
		case blank(row):
		case header == nil:
			if header = headerOf(line, row, p); header == nil {
				return nil
			}
		default:
			drafts = append(drafts, rowDraft(line, header, row, p))
		}
		if len(drafts) > MaxEntries {
			break // check says so
		}
	}
	return drafts
}

func rowsOf(text string, comma rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	return r
}

func blank(row []string) bool {
	for _, cell := range row {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

func csvMistake(err error) (line int, format string, text any) {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return 0, "%s", err.Error()
	}
	switch {
	case errors.Is(err, csv.ErrBareQuote):
		return at.Line, "%s", `a cell has the sign " but does not begin with it; put the cell into quotes and double those within: "a ""b"" c"`
	case at.StartLine != at.Line:
		return at.StartLine, "%s", fmt.Sprintf(`a cell that begins here with the sign " does not end well on line %d; double the quotes within it`, at.Line)
	}
	return at.Line, "%s", `a cell that begins with the sign " does not end with it; double the quotes within it`
}

// leftOut is the field of columns that people keep for themselves.
const leftOut = "#"

// headerOf names the field of each column, "" for one without a name; nil after
// mistakes.
func headerOf(line int, row []string, p *problems) []string {
	before := p.mistakes.len()
	header := make([]string, len(row))
	column := map[string]int{}
	for i, cell := range row {
		cell = strings.TrimSpace(cell)
		field := fieldNamed(cell)
		switch {
		case cell == "":
			continue
		case strings.HasPrefix(cell, leftOut):
			header[i] = leftOut
			continue
		case field == "":
			p.add(line, "unknown column %q; known are %s; one that begins with # is left out", shorten(cell), knownColumns)
		case column[field] > 0:
			p.add(line, "columns %d and %d both mean %s", column[field], i+1, field)
		}
		header[i], column[field] = field, i+1
	}
	if column["title"] == 0 {
		p.add(line, "the first row names no column title (or питання); it should name the columns: %s", knownColumns)
	}
	if p.mistakes.len() > before {
		return nil
	}
	return header
}

// rounded is a long number as spreadsheets spoil it.
var rounded = regexp.MustCompile(`(?i)^\s*-?\d([.,]\d+)?E\+?\d+\s*$`)

func rowDraft(line int, header, row []string, p *problems) draft {
	d := draft{line: line}
	for i, cell := range row {
		cell = unguard(cell)
		switch {
		case i >= len(header) || header[i] == "":
			if strings.TrimSpace(cell) != "" {
				p.add(line, "cell %d has a text, but its column has no name", i+1)
			}
			continue
		case (header[i] == "audience" || header[i] == "id") && rounded.MatchString(cell):
			p.add(line, "the spreadsheet rounded the number in %s to %s; make the column text and write it anew", header[i], strings.TrimSpace(cell))
		}
		d.put(header[i], cell)
	}
	return d
}

// encodeTable writes what Ukrainian spreadsheets open: UTF-8 with its mark, and
// a semicolon between the cells, or a tab.
func encodeTable(w io.Writer, drafts []draft, comma rune) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = comma
	var row []string
	for _, n := range names {
		if n.field != "answer" {
			row = append(row, n.field)
		}
	}
	fields := row
	if err := out.Write(row); err != nil {
		return err
	}
	for _, d := range drafts {
		row = make([]string, len(fields))
		for i, field := range fields {
			row[i] = guard(d.cell(field))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
