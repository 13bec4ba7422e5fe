package slack_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// leaf is a text on its way to readers, with what stands around it.
type leaf struct {
	text   string
	object map[string]any
	block  string // the type of the block it is in
}

// leaves lists the texts of a message's blocks, as they went over the wire.
func leaves(t *testing.T, blocks json.RawMessage) (ls []leaf) {
	t.Helper()
	var all []map[string]any
	if err := json.Unmarshal(blocks, &all); err != nil {
		t.Fatalf("blocks: %v in %s", err, blocks)
	}
	var walk func(block string, v any)
	walk = func(block string, v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(block, x)
			}
		case map[string]any:
			if s, ok := v["text"].(string); ok {
				ls = append(ls, leaf{s, v, block})
			}
			for _, x := range v {
				walk(block, x)
			}
		}
	}
	for _, b := range all {
		kind, _ := b["type"].(string)
		walk(kind, b)
	}
	return ls
}

// shows says whether a message shows a text.
func shows(t *testing.T, m slacktest.Message, text string) bool {
	t.Helper()
	for _, l := range leaves(t, m.Blocks) {
		if strings.Contains(l.text, text) {
			return true
		}
	}
	return false
}
