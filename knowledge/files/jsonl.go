package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxCommas bounds what one line can grow to in memory. An entry at its limits
// stays far below.
const maxCommas = 1 << 18

// decodeJSONL reads one entry per line; empty lines are skipped.
func decodeJSONL(data []byte, p *problems) []draft {
	var drafts []draft
	n := 0
	for line := range bytes.Lines(data) {
		n++
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if !utf8.Valid(line) {
			p.add(n, "the line is not UTF-8; save the file with the encoding UTF-8")
			continue
		}
		if bytes.Count(line, []byte(",")) > maxCommas {
			p.add(n, "the line has far too many values for an entry; write one entry per line")
			continue
		}
		d := draft{line: n}
		if err := decodeLine(line, &d); err != nil {
			p.add(n, "%s", jsonMistake(err))
			continue
		}
		if field := repeated(line); field != "" {
			p.add(n, "field %q is there twice", field)
			continue
		}
		if drafts = append(drafts, d); len(drafts) > MaxEntries {
			break // check says so
		}
	}
	return drafts
}

var errTail = errors.New("something follows the object")

func decodeLine(line []byte, d *draft) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(d); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errTail
	}
	return nil
}

// repeated finds a field that a good line has twice; encoding/json would take
// the last one and lose the others.
func repeated(line []byte) string {
	dec := json.NewDecoder(bytes.NewReader(line))
	seen := map[string]bool{}
	if _, err := dec.Token(); err != nil {
		return ""
	}
	for dec.More() {
		key, err := dec.Token()
		name, ok := key.(string)
		var value json.RawMessage
		if err != nil || !ok || dec.Decode(&value) != nil {
			return ""
		}
		name = strings.ToLower(name) // as encoding/json compares them
		if seen[name] {
			return name
		}
		seen[name] = true
		if name == "answers" {
			if inner := repeated(value); inner != "" {
				return name + "." + inner
			}
		}
	}
	return ""
}

// jsonMistake says in words what encoding/json means.
func jsonMistake(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, errTail):
		return "something follows the entry; write one JSON object per line"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the line ends in the middle of the entry; write one whole JSON object per line"
	case errors.As(err, &syntax):
		return fmt.Sprintf("not JSON at character %d: %v", syntax.Offset, syntax)
	case errors.As(err, &kind):
		if kind.Field == "" {
			return fmt.Sprintf("a JSON object is wanted here, not %s", kind.Value)
		}
		return fmt.Sprintf("%s cannot be a JSON %s", kind.Field, kind.Value)
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Sprintf("unknown field %s; known are %s", field, knownFields)
	}
	return err.Error()
}

// encodeJSONL writes one entry a line.
func encodeJSONL(w io.Writer, drafts []draft) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, d := range drafts {
		if err := enc.Encode(d); err != nil {
			return fmt.Errorf("entry %q: %w", d.ID, err)
		}
	}
	return nil
}
