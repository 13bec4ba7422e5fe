package files

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"

	"github.com/poruch/poruch/knowledge"
)

// maxValues bounds what a file can grow to in memory: some 160 bytes for each
// value.
const maxValues = 4 << 20

// decodeYAML reads a list of entries, at the top or under "entries".
func decodeYAML(data []byte, p *problems) []draft {
	if !utf8.Valid(data) {
		p.add(brokenLine(data), "the line is not UTF-8; save the file with the encoding UTF-8")
		return nil
	}
	values := 0
	for _, sign := range []string{"\n", ",", ":", "[", "{", "- "} {
		values += bytes.Count(data, []byte(sign))
	}
	if values > maxValues {
		p.add(0, "the file has far too many values; split it")
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			p.add(yamlMistake(err))
		}
		return nil
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		p.add(second.Line, "a second document begins; keep all entries in one list")
		return nil
	}
	list := doc.Content[0]
	if list.Kind == yaml.MappingNode {
		if len(list.Content) != 2 || list.Content[0].Value != "entries" {
			p.add(list.Line, "a list of entries is wanted here, or one field \"entries\" that holds it")
			return nil
		}
		list = list.Content[1]
	}
	if list.Kind != yaml.SequenceNode {
		p.add(list.Line, "a list of entries is wanted here; begin each one with \"- id:\"")
		return nil
	}
	var drafts []draft
	for _, n := range list.Content {
		before := p.mistakes.len()
		d := nodeDraft(n, p)
		if p.mistakes.len() == before {
			drafts = append(drafts, d)
		}
	}
	return drafts
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func yamlMistake(err error) (line int, format string, text any) {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return 0, "not YAML: %s", err.Error()
	}
	line, _ = strconv.Atoi(m[1])
	return line, "not YAML: %s", err.Error()[len(m[0]):]
}

// nodeDraft reads one entry. Aliases are refused with all else that is not a
// plain text or list, so a small file cannot grow into a large one.
func nodeDraft(n *yaml.Node, p *problems) draft {
	d := draft{line: n.Line}
	if n.Kind != yaml.MappingNode {
		p.add(n.Line, "an entry is wanted here, with its fields one per line")
		return d
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			p.add(key.Line, "field %q is there twice", key.Value)
		}
		seen[key.Value] = true
		switch key.Value {
		case "id":
			d.ID = textOf(value, p)
		case "title":
			d.Title = textOf(value, p)
		case "answer":
			d.Answer = textOf(value, p)
		case "lang":
			d.Lang = textOf(value, p)
		case "phrasings":
			d.Phrasings = listOf(value, p)
		case "tags":
			d.Tags = listOf(value, p)
		case "stale":
			d.Stale = listOf(value, p)
		case "audience":
			d.Audience = listOf(value, p)
		case "from":
			d.From = textOf(value, p)
		case "until":
			d.Until = textOf(value, p)
		case "trust":
			d.Trust = textOf(value, p)
		case "links":
			for _, m := range mapsOf(value, "label and url", p) {
				d.Links = append(d.Links, knowledge.Link{Label: m["label"], URL: m["url"]})
			}
		case "files":
			for _, m := range mapsOf(value, "name, type and data", p) {
				d.Files = append(d.Files, attachment{m["name"], m["type"], m["data"]})
			}
		case "answers":
			d.Answers = textsOf(value, p)
		default:
			p.add(key.Line, "unknown field %q; known are %s", key.Value, knownFields)
		}
	}
	return d
}

func textOf(n *yaml.Node, p *problems) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		p.add(n.Line, "a text is wanted here")
		return ""
	}
	return n.Value
}

func listOf(n *yaml.Node, p *problems) (out []string) {
	if n.Kind != yaml.SequenceNode {
		p.add(n.Line, "a list of texts is wanted here")
		return nil
	}
	for _, item := range n.Content {
		out = append(out, textOf(item, p))
	}
	return out
}

// textsOf reads answers by language.
func textsOf(n *yaml.Node, p *problems) map[string]string {
	if n.Kind != yaml.MappingNode {
		p.add(n.Line, "answers by language are wanted here, like \"uk: …\"")
		return nil
	}
	return fieldsOf(n, p)
}

// mapsOf reads a list of small records; fields names theirs, in words.
func mapsOf(n *yaml.Node, fields string, p *problems) (out []map[string]string) {
	if n.Kind != yaml.SequenceNode {
		p.add(n.Line, "a list is wanted here, of items with %s", fields)
		return nil
	}
	known := strings.FieldsFunc(fields, func(r rune) bool { return r == ' ' || r == ',' })
	for _, item := range n.Content {
		if item.Kind != yaml.MappingNode {
			p.add(item.Line, "an item with %s is wanted here", fields)
			continue
		}
		m := fieldsOf(item, p)
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if key == "and" || !slices.Contains(known, key) {
				p.add(item.Line, "unknown field %q; known are %s", shorten(key), fields)
			}
		}
		out = append(out, m)
	}
	return out
}

func fieldsOf(n *yaml.Node, p *problems) map[string]string {
	out := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if _, ok := out[key.Value]; ok {
			p.add(key.Line, "%q is there twice", key.Value)
		}
		out[key.Value] = textOf(n.Content[i+1], p)
	}
	return out
}

// encodeYAML writes a list of entries.
func encodeYAML(w io.Writer, drafts []draft) error {
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(drafts); err != nil {
		return err
	}
	return enc.Close()
}
