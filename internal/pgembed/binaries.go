package pgembed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrNoBinaries means that no folder with both initdb and postgres was found.
var ErrNoBinaries = errors.New(`no Postgres binaries found: install them with "apt-get install postgresql", ` +
	`or set PORUCH_PG_BIN to the folder that holds initdb and postgres`)

// FindBinaries returns the folder that holds initdb and postgres: PORUCH_PG_BIN
// if it is set, else what pg_config says, else the PATH, else the newest of
// Debian's versioned folders. The error is or wraps ErrNoBinaries.
func FindBinaries() (string, error) {
	return machine().find("")
}

// finder is where binaries may be; its fields let tests choose another machine.
type finder struct {
	getenv    func(string) string
	bindir    func() string                // what pg_config says; "" when it says nothing
	lookPath  func(string) (string, error) // as exec.LookPath
	versioned string                       // the parent of <major>/bin folders
}

func machine() finder {
	return finder{
		getenv:    os.Getenv,
		bindir:    pgConfig,
		lookPath:  exec.LookPath,
		versioned: "/usr/lib/postgresql",
	}
}

// find prefers, among Debian's folders, the one of the given major version: a
// server can only open a cluster of its own version. "" means any.
func (f finder) find(major string) (string, error) {
	if dir := f.getenv("PORUCH_PG_BIN"); dir != "" {
		if !complete(dir) {
			return "", fmt.Errorf("PORUCH_PG_BIN is %s, which does not hold initdb and postgres: %w", dir, ErrNoBinaries)
		}
		return filepath.Abs(dir)
	}
	if major != "" {
		if dir := filepath.Join(f.versioned, major, "bin"); complete(dir) {
			return dir, nil
		}
	}
	if dir := f.bindir(); dir != "" && complete(dir) {
		return dir, nil
	}
	if file, err := f.lookPath("postgres"); err == nil {
		// Package managers link single programs into the PATH; the rest of
		// the server is beside the real file.
		if real, err := filepath.EvalSymlinks(file); err == nil && complete(filepath.Dir(real)) {
			return filepath.Dir(real), nil
		}
		if complete(filepath.Dir(file)) {
			return filepath.Abs(filepath.Dir(file))
		}
	}
	for _, dir := range f.newestFirst() {
		if complete(dir) {
			return dir, nil
		}
	}
	return "", ErrNoBinaries
}

func (f finder) newestFirst() []string {
	dirs, _ := filepath.Glob(filepath.Join(f.versioned, "*", "bin")) // the pattern is well formed
	version := func(dir string) float64 {
		v, _ := strconv.ParseFloat(filepath.Base(filepath.Dir(dir)), 64) // 0 for what is no version: last
		return v
	}
	slices.SortFunc(dirs, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	return dirs
}

func complete(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

func pgConfig() string {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
