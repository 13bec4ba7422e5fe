package main

import (
	"testing"

	"github.com/poruch/poruch/cmd/poruch/demo"
	"github.com/poruch/poruch/knowledge"
)

// The demo's ready questions show what their labels promise.
func TestDemoSamplesShowWhatTheyPromise(t *testing.T) {
	c := KBAskCmd{bookFlags: bookFlags{KB: demoKnowledge}}
	book, err := c.book()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]knowledge.Action{
		"known": knowledge.Answer, "typos": knowledge.Answer, "latin": knowledge.Answer, "english": knowledge.Answer,
		"unclear": knowledge.Clarify, "two": knowledge.Answer,
		"unknown": knowledge.HandOff, "complaint": knowledge.HandOff, "thanks": knowledge.Ignore,
	}
	for _, s := range demo.Samples() {
		d := book.Decide(knowledge.Question{Text: s.Text, Private: true})
		if d.Action != want[s.Kind] {
			t.Errorf("%s: %s (%s, %.3f), want %s: %s", s.Kind, d.Action, d.Reason, d.Confidence, want[s.Kind], s.Text)
		}
		if d.Urgent != (s.Kind == "complaint") {
			t.Errorf("%s: urgent %t", s.Kind, d.Urgent)
		}
	}
}
