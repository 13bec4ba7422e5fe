package knowledge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// parseJSONL reads one entry per line; empty lines are skipped.
func parseJSONL(data []byte, p *problems) []draft {
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
		d := draft{line: n}
		if err := decodeLine(line, &d); err != nil {
			p.add(n, "%s", jsonMistake(err))
			continue
		}
		drafts = append(drafts, d)
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

const knownFields = "id, title, phrasings, answer, answers, tags and lang"

// line is the shape that WriteJSONL writes.
type line struct {
	ID        string          `json:"id"`
	Title     string          `json:"title"`
	Phrasings []string        `json:"phrasings"`
	Answers   map[Lang]string `json:"answers"`
	Tags      []string        `json:"tags,omitempty"`
	Lang      Lang            `json:"lang"`
}

// WriteJSONL writes entries so that Parse reads the same ones back.
func WriteJSONL(w io.Writer, entries []Entry) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, e := range entries {
		phrasings := e.Phrasings
		if phrasings == nil {
			phrasings = []string{}
		}
		if err := enc.Encode(line{e.ID, e.Title, phrasings, e.Answers, e.Tags, e.Lang}); err != nil {
			return fmt.Errorf("write entry %q: %w", e.ID, err)
		}
	}
	return nil
}
