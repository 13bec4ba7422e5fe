package files

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/poruch/poruch/knowledge"
)

// Write writes entries so that Read gives the same ones back. Before it writes
// anything it reads its own text, and it fails rather than lose something: the
// content of files in a table or a document, say, or more than a file may hold.
func Write(w io.Writer, f Format, entries []knowledge.Entry) error {
	drafts := make([]draft, 0, len(entries))
	attached := 0 // bytes in base64
	for _, e := range entries {
		if err := holds(f, e); err != nil {
			return err
		}
		for _, file := range e.Files {
			attached += base64.StdEncoding.EncodedLen(len(file.Data))
		}
		if attached > MaxFile {
			return tooLarge(f, attached)
		}
		drafts = append(drafts, draftOf(e))
	}
	var b bytes.Buffer
	if err := encode(&b, f, drafts); err != nil {
		return fmt.Errorf("write knowledge as %s: %w", f, err)
	}
	if b.Len() > MaxFile {
		return tooLarge(f, b.Len())
	}
	if err := proveLossless(b.Bytes(), f, drafts); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func tooLarge(f Format, size int) error {
	return fmt.Errorf("write knowledge as %s: it would take %d MB or more, and a file above %d MB is not read; offer large files by links instead",
		f, size>>20, MaxFile>>20)
}

// holds says why a format cannot hold an entry.
func holds(f Format, e knowledge.Entry) error {
	for _, file := range e.Files {
		switch {
		case f != JSONL && f != YAML:
			return fmt.Errorf("entry %q has the file %q, which a %s file cannot hold; write jsonl or yaml", e.ID, file.Name, f)
		case len(file.Data) == 0:
			return fmt.Errorf("entry %q has the file %q, whose content is not at hand", e.ID, file.Name)
		}
	}
	return nil
}

func encode(w io.Writer, f Format, drafts []draft) error {
	switch f {
	case YAML:
		return encodeYAML(w, drafts)
	case CSV:
		return encodeTable(w, drafts, ';')
	case TSV:
		return encodeTable(w, drafts, '\t')
	case Markdown:
		return encodeMarkdown(w, drafts)
	}
	return encodeJSONL(w, drafts)
}

func proveLossless(text []byte, f Format, drafts []draft) error {
	p := &problems{name: "what was written"}
	again := decode(text, f, p)
	if err := p.err(); err != nil {
		return fmt.Errorf("write knowledge as %s: %w", f, err)
	}
	for i, d := range drafts {
		if i >= len(again) {
			return fmt.Errorf("entry %q cannot be written as %s; write jsonl", d.ID, f)
		}
		again[i].line = d.line
		if field := difference(d, again[i]); field != "" {
			return fmt.Errorf("entry %q cannot be written as %s without loss: its %s would change; mend it, or write jsonl", d.ID, f, field)
		}
	}
	if len(again) > len(drafts) {
		return fmt.Errorf("write knowledge as %s: the last entry would become two; write jsonl", f)
	}
	return nil
}

// difference names a field in which drafts differ, as files call it; "" for none.
func difference(a, b draft) string {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		field := x.Type().Field(i)
		if field.IsExported() && !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			return name
		}
	}
	return ""
}
