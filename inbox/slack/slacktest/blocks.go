package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

// block is what we read of a block:
// https://docs.slack.dev/reference/block-kit/blocks
type block struct {
	Type      string          `json:"type"`
	BlockID   string          `json:"block_id,omitempty"`
	Text      *textObject     `json:"text,omitempty"`
	Label     *textObject     `json:"label,omitempty"`
	Fields    []textObject    `json:"fields,omitempty"`
	Accessory *element        `json:"accessory,omitempty"`
	Element   *element        `json:"element,omitempty"`
	Elements  json.RawMessage `json:"elements,omitempty"`
	Optional  bool            `json:"optional,omitempty"`
}

type textObject struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type element struct {
	Type     string      `json:"type"`
	ActionID string      `json:"action_id,omitempty"`
	Value    string      `json:"value,omitempty"`
	Text     *textObject `json:"text,omitempty"`
	URL      string      `json:"url,omitempty"`
	Style    string      `json:"style,omitempty"`
	Initial  *option     `json:"initial_option,omitempty"`
	Start    string      `json:"initial_value,omitempty"`
	Options  []option    `json:"options,omitempty"`
}

type option struct {
	Text  textObject `json:"text"`
	Value string     `json:"value"`
}

// interactive lists the elements of a block that can be clicked.
func (b block) interactive() []element {
	var out []element
	if b.Accessory != nil {
		out = append(out, *b.Accessory)
	}
	if b.Type == "actions" {
		var es []element
		_ = json.Unmarshal(b.Elements, &es) // checked when it was posted
		out = append(out, es...)
	}
	return out
}

// filled is the element's state in a submitted view, and whether there is any.
func (e element) filled(value string) (state map[string]any, ok bool) {
	key := map[string]string{"plain_text_input": "value", "datepicker": "selected_date", "timepicker": "selected_time"}[e.Type]
	if key != "" {
		if value == "" {
			value = e.Start
		}
		return map[string]any{"type": e.Type, key: value}, value != ""
	}
	if value == "" && e.Initial != nil {
		value = e.Initial.Value
	}
	at := slices.IndexFunc(e.Options, func(o option) bool { return o.Value == value })
	if at < 0 {
		return map[string]any{"type": e.Type, "selected_option": nil}, false
	}
	return map[string]any{"type": e.Type, "selected_option": e.Options[at]}, true
}

// checkBlocks says what Slack would refuse; "" for nothing.
func checkBlocks(raw json.RawMessage) string {
	var all []block
	if err := json.Unmarshal(raw, &all); err != nil {
		return "blocks are not a list of blocks"
	}
	if len(all) > 50 {
		return "more than 50 blocks"
	}
	ids, actions := map[string]bool{}, map[string]bool{}
	for i, b := range all {
		if b.BlockID != "" && ids[b.BlockID] || len(b.BlockID) > 255 {
			return fmt.Sprintf("block %d: block_id is used twice or too long", i)
		}
		ids[b.BlockID] = true
		if problem := b.check(); problem != "" {
			return fmt.Sprintf("block %d: %s", i, problem)
		}
		for _, e := range b.interactive() {
			if problem := e.check(); problem != "" {
				return fmt.Sprintf("block %d: %s", i, problem)
			}
			if e.ActionID != "" && actions[e.ActionID] {
				return fmt.Sprintf("block %d: action_id %s is used twice", i, e.ActionID)
			}
			actions[e.ActionID] = true
		}
	}
	return ""
}

// maxWords bounds what the blocks of a post say together, in characters. Slack
// does not write it down: https://github.com/slackapi/bolt-js/issues/2509
const maxWords = 12_000

// words counts the characters that blocks show.
func words(raw json.RawMessage) int {
	var v any
	_ = json.Unmarshal(raw, &v) // checked before
	var count func(v any) int
	count = func(v any) (n int) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				n += count(x)
			}
		case map[string]any:
			for k, x := range v {
				if s, ok := x.(string); ok && k == "text" {
					n += utf8.RuneCountInString(s)
				} else {
					n += count(x)
				}
			}
		}
		return n
	}
	return count(v)
}

func (b block) check() string {
	switch b.Type {
	case "header":
		return b.Text.check(150, "plain_text")
	case "section":
		if b.Text == nil && len(b.Fields) == 0 {
			return "a section needs text or fields"
		}
		for _, f := range b.Fields {
			if problem := f.check(2000); problem != "" {
				return problem
			}
		}
		if b.Text == nil {
			return ""
		}
		return b.Text.check(3000)
	case "context":
		var es []textObject
		if json.Unmarshal(b.Elements, &es) != nil || len(es) == 0 || len(es) > 10 {
			return "a context has 1 to 10 elements"
		}
		for _, e := range es {
			if e.Type != "image" {
				if problem := e.check(3000); problem != "" {
					return problem
				}
			}
		}
	case "actions":
		var es []element
		if json.Unmarshal(b.Elements, &es) != nil || len(es) == 0 || len(es) > 25 {
			return "actions have 1 to 25 elements"
		}
	case "input":
		if b.Element == nil {
			return "an input needs an element"
		}
		return b.Label.check(2000, "plain_text")
	case "rich_text":
		return checkRich(b.Elements)
	case "divider", "image", "video", "file", "markdown":
	default:
		return fmt.Sprintf("unsupported type: %s", b.Type)
	}
	return ""
}

func (t *textObject) check(most int, kinds ...string) string {
	if len(kinds) == 0 {
		kinds = []string{"plain_text", "mrkdwn"}
	}
	switch {
	case t == nil:
		return "text is missing"
	case !slices.Contains(kinds, t.Type):
		return "text has the wrong type"
	case t.Text == "":
		return "must be more than 0 characters"
	case utf8.RuneCountInString(t.Text) > most:
		return fmt.Sprintf("must be less than %d characters", most+1)
	}
	return ""
}

func (e element) check() string {
	if len(e.ActionID) > 255 || len(e.Value) > 2000 || len(e.URL) > 3000 {
		return "action_id, value or url is too long"
	}
	if e.Type == "button" {
		return e.Text.check(75, "plain_text")
	}
	return ""
}

// checkRich looks for what rich text must not hold: empty texts, links without
// an address, and parts that are not parts.
func checkRich(raw json.RawMessage) string {
	var parts []struct {
		Type     string          `json:"type"`
		Elements json.RawMessage `json:"elements"`
	}
	if json.Unmarshal(raw, &parts) != nil || len(parts) == 0 {
		return "rich text needs elements"
	}
	for _, p := range parts {
		switch p.Type {
		case "rich_text_list":
			if problem := checkRich(p.Elements); problem != "" {
				return problem
			}
			continue
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
		default:
			return fmt.Sprintf("unsupported rich text: %s", p.Type)
		}
		var es []struct{ Type, Text, URL string }
		if json.Unmarshal(p.Elements, &es) != nil {
			return "rich text elements are not elements"
		}
		for _, e := range es {
			if e.Type == "text" && e.Text == "" || e.Type == "link" && e.URL == "" {
				return "must be more than 0 characters"
			}
		}
	}
	return ""
}
