package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// What is measured is of the size that was asked for, and printed both ways.
func TestBenchMatch(t *testing.T) {
	seeds, err := benchSeeds()
	if err != nil {
		t.Fatal(err)
	}
	cost, err := costOf(seeds, 12)
	if err != nil {
		t.Fatal(err)
	}
	if cost.Entries != 12 || cost.Phrasings != 12*benchSmallPhrasings || cost.P50 <= 0 || cost.P99 < cost.P50 || cost.BuildMS <= 0 || cost.ChangeMS <= 0 {
		t.Errorf("%+v", cost)
	}
	var text, object bytes.Buffer
	if err := cost.print(&text, false); err != nil || !strings.Contains(text.String(), "12, 72") {
		t.Errorf("%v: %s", err, text.String())
	}
	var fields map[string]float64
	if err := cost.print(&object, true); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(object.Bytes(), &fields); err != nil {
		t.Fatalf("%v: %s", err, object.String())
	}
	for _, name := range []string{"entries", "phrasings", "build_ms", "change_live_ms", "heap_mb", "p50_us", "p99_us"} {
		if _, ok := fields[name]; !ok {
			t.Errorf("the object lacks %s: %s", name, object.String())
		}
	}
	if err := (&BenchMatchCmd{Entries: -1}).Run(); err == nil {
		t.Error("-1 entries were accepted")
	}
}
