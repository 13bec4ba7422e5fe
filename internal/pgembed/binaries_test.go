package pgembed

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bare is a machine without Postgres, whose parts a test then adds.
func bare(t *testing.T) finder {
	return finder{
		getenv:    func(string) string { return "" },
		bindir:    func() string { return "" },
		lookPath:  func(string) (string, error) { return "", os.ErrNotExist },
		versioned: t.TempDir(),
	}
}

func programs(t *testing.T, dir string, names ...string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBinariesAreFoundInOrder(t *testing.T) {
	f := bare(t)
	if _, err := f.find(""); !errors.Is(err, ErrNoBinaries) || !strings.Contains(err.Error(), "apt-get install") {
		t.Fatalf("on a bare machine: %v, want ErrNoBinaries with the command to run", err)
	}
	expect := func(major, want string) {
		t.Helper()
		got, err := f.find(major)
		if err != nil || got != want {
			t.Errorf("find(%q) = %q, %v; want %q", major, got, err, want)
		}
	}
	old := programs(t, filepath.Join(f.versioned, "9.6", "bin"), "initdb", "postgres")
	expect("", old)
	newer := programs(t, filepath.Join(f.versioned, "17", "bin"), "initdb", "postgres")
	programs(t, filepath.Join(f.versioned, "18", "bin"), "postgres") // client packages leave halves behind
	expect("", newer)
	expect("9.6", old)
	expect("16", newer)

	inPath := programs(t, t.TempDir(), "initdb", "postgres")
	links := t.TempDir()
	if err := os.Symlink(filepath.Join(inPath, "postgres"), filepath.Join(links, "postgres")); err != nil {
		t.Fatal(err)
	}
	f.lookPath = func(string) (string, error) { return filepath.Join(links, "postgres"), nil }
	expect("", inPath)

	said := programs(t, t.TempDir(), "initdb", "postgres")
	f.bindir = func() string { return said }
	expect("", said)

	named := programs(t, t.TempDir(), "initdb", "postgres")
	f.getenv = func(key string) string { return map[string]string{"PORUCH_PG_BIN": named}[key] }
	expect("9.6", named)
}

func TestNamedFolderWithoutBinariesIsAnError(t *testing.T) {
	f := bare(t)
	f.bindir = func() string { return programs(t, t.TempDir(), "initdb", "postgres") }
	empty := t.TempDir()
	f.getenv = func(string) string { return empty }
	_, err := f.find("")
	if !errors.Is(err, ErrNoBinaries) || !strings.Contains(err.Error(), "PORUCH_PG_BIN is "+empty) {
		t.Errorf("find = %v, want ErrNoBinaries that names PORUCH_PG_BIN", err)
	}
}

func TestStartWithoutBinaries(t *testing.T) {
	t.Setenv("PORUCH_PG_BIN", t.TempDir())
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := Start(t.Context(), Config{Dir: dir}); !errors.Is(err, ErrNoBinaries) {
		t.Errorf("Start = %v, want ErrNoBinaries", err)
	}
}
