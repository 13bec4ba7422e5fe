package knowledge

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"
)

// parseYAML reads a list of entries, at the top or under "entries".
func parseYAML(data []byte, p *problems) []draft {
	if !utf8.Valid(data) {
		good := data
		for i := 0; i < len(data); {
			r, size := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && size == 1 {
				good = data[:i]
				break
			}
			i += size
		}
		p.add(1+bytes.Count(good, []byte("\n")), "the line is not UTF-8; save the file with the encoding UTF-8")
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
		before := len(p.list) + p.more
		d := draftOf(n, p)
		if len(p.list)+p.more == before {
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

// draftOf reads one entry. Aliases are refused with all else that is not a
// plain text or list, so a small file cannot grow into a large one.
func draftOf(n *yaml.Node, p *problems) draft {
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

func textsOf(n *yaml.Node, p *problems) map[string]string {
	if n.Kind != yaml.MappingNode {
		p.add(n.Line, "answers by language are wanted here, like \"uk: …\"")
		return nil
	}
	out := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if _, ok := out[key.Value]; ok {
			p.add(key.Line, "the language %q is there twice", key.Value)
		}
		out[key.Value] = textOf(n.Content[i+1], p)
	}
	return out
}
