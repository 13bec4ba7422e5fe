package files

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/poruch/poruch/knowledge"
)

var example = regexp.MustCompile("(?ms)^```(yaml|jsonl|csv|markdown)\n(.*?)^```$")

// The page for trainers shows one entry in each format.
func TestExamplesOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/knowledge-files.md")
	if err != nil {
		t.Fatal(err)
	}
	var first []knowledge.Entry
	found := example.FindAllStringSubmatch(string(page), -1)
	for _, m := range found {
		format, err := ParseFormat(m[1])
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read("page", strings.NewReader(m[2]), Options{Format: format})
		if err != nil || len(got.Warnings) != 0 {
			t.Fatalf("%v, warnings %v", err, got.Warnings)
		}
		if first == nil {
			first = got.Entries
		}
		if !reflect.DeepEqual(got.Entries, first) {
			t.Errorf("%s has %+v, want %+v", m[1], got.Entries, first)
		}
	}
	if len(found) != 4 || len(first) != 1 {
		t.Errorf("%d examples of %d entries, want 4 of 1", len(found), len(first))
	}
	for _, n := range names {
		for _, w := range n.words {
			if fieldNamed(strings.ToUpper(w)) != n.field {
				t.Errorf("%q does not mean %s", w, n.field)
			}
		}
	}
}
