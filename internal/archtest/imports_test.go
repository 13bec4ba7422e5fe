package archtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/poruch/poruch"

// everything of ours, for the wiring.
const everything = "*"

// mayImport says which of our packages each one may import outside of tests.
// The first line whose pattern fits a package counts; one that fits none has no
// place in the map yet. Arrows point inward, and siblings are strangers.
var mayImport = []struct {
	pattern string
	ours    []string
}{
	{"bots", nil},
	{"bots/*", []string{"bots", "bots/markdown"}},
	{"bots/*/*test", nil}, // a pretended platform speaks the wire only
	{"knowledge", nil},
	{"knowledge/training/fit", []string{"knowledge", "knowledge/training/boost", "knowledge/training/sense", "knowledge/files"}},
	{"knowledge/training/*", nil},
	{"knowledge/files", []string{"knowledge"}},
	{"knowledge/library", []string{"knowledge", "knowledge/scorecard"}},
	{"knowledge/postgres", []string{"knowledge", "knowledge/embeddings", "knowledge/gaps", "knowledge/library", "knowledge/scorecard", "internal/database"}},
	{"knowledge/*", []string{"knowledge"}},
	{"knowledge/*/*test", nil},
	{"inbox", []string{"bots", "bots/markdown", "knowledge", "internal/i18n"}},
	{"inbox/*", []string{"inbox", "bots", "knowledge", "internal/database", "internal/i18n"}},
	{"inbox/*/*test", nil},
	{"internal/config", []string{"inbox", "knowledge"}},
	{"internal/database/databasetest", []string{"internal/database", "internal/pgembed", "migrations"}},
	{"internal/*", nil},
	{"configs", nil},
	{"migrations", nil},
	{"cmd/poruch", []string{everything}},
	{"cmd/poruch/demo", []string{"bots/telegram/telegramtest", "inbox/slack/slacktest", "internal/i18n"}},
}

// core lists the libraries of the packages that decide: besides these they know
// the standard library only, and none of them does any I/O with a vendor.
var core = map[string][]string{
	"bots":      {"golang.org/x/sync/errgroup"},
	"knowledge": {"golang.org/x/text/unicode/norm"},
	"inbox":     nil,
}

// homes are the only packages that may import a library, tests included.
var homes = []struct {
	library  string
	patterns []string
}{
	{"github.com/go-telegram/bot", []string{"bots/telegram", "bots/telegram/telegramtest"}},
	{"github.com/slack-go/slack", []string{"inbox/slack", "inbox/slack/slacktest"}},
	{"github.com/redis/go-redis", []string{"inbox/redis", "cmd/poruch"}},
	{"github.com/alicebob/miniredis", []string{"inbox/redis", "cmd/poruch"}},
	{"gorm.io", []string{"*/postgres", "internal/database"}},
	{"github.com/riverqueue/river", []string{"inbox/postgres", "internal/database"}},
	{"github.com/pressly/goose", []string{"internal/database"}},
	{"github.com/sony/gobreaker", []string{"knowledge/embeddings"}},
	{"github.com/chromedp", []string{"internal/browsertest"}},
}

// commentElsewhere are the packages whose comment does not stand in a doc.go.
var commentElsewhere = []string{
	"cmd/poruch", "configs", "internal/database/databasetest", "internal/i18n", "migrations",
}

// listed is a package as `go list -json` prints it.
type listed struct {
	ImportPath, Dir, Name, Doc         string
	Imports, TestImports, XTestImports []string
}

func (p listed) path() string { return ours(p.ImportPath) }

// ours is a package's path within the module; "" for foreign ones.
func ours(importPath string) string {
	rest, ok := strings.CutPrefix(importPath, module+"/")
	if !ok {
		return ""
	}
	return rest
}

func TestArrowsPointInward(t *testing.T)        { report(t, arrows) }
func TestCoreKnowsNoVendor(t *testing.T)        { report(t, libraries) }
func TestLibrariesStayAtHome(t *testing.T)      { report(t, strays) }
func TestFakesStayOutOfProduction(t *testing.T) { report(t, fakes) }
func TestPackagesSayWhatTheyAre(t *testing.T)   { report(t, comments) }

func report(t *testing.T, check func(listed) []string) {
	t.Helper()
	for _, p := range list(t) {
		for _, problem := range check(p) {
			t.Errorf("%s %s", p.path(), problem)
		}
	}
}

var root = filepath.Join("..", "..")

// list asks the go command for every package of the module.
func list(t *testing.T) (ps []listed) {
	t.Helper()
	look(t)
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Name,Doc,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			t.Fatalf("go list: %v: %s", err, failed.Stderr)
		}
		t.Fatal(err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return ps
		} else if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
}

// look looks at every source file: the go command keeps a test's success for as
// long as the files that the test itself looked at stay the same.
func look(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && file != root:
			return fs.SkipDir
		case strings.HasSuffix(file, ".go"):
			_, err = os.Stat(file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func fits(p string) func(pattern string) bool {
	return func(pattern string) bool {
		ok, err := path.Match(pattern, p)
		return ok && err == nil
	}
}

func arrows(p listed) (problems []string) {
	for _, rule := range mayImport {
		if !fits(p.path())(rule.pattern) {
			continue
		}
		for _, i := range p.Imports {
			if o := ours(i); o != "" && !slices.Contains(rule.ours, o) && !slices.Contains(rule.ours, everything) {
				problems = append(problems, "may not import "+o)
			}
		}
		return problems
	}
	return []string{"has no place in the map; give it a line in mayImport"}
}

func libraries(p listed) (problems []string) {
	allowed, ok := core[p.path()]
	for _, i := range p.Imports {
		if first, _, _ := strings.Cut(i, "/"); ok && strings.Contains(first, ".") && ours(i) == "" && !slices.Contains(allowed, i) {
			problems = append(problems, "may not import the library "+i)
		}
	}
	return problems
}

func strays(p listed) (problems []string) {
	for _, i := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
		for _, home := range homes {
			if (i == home.library || strings.HasPrefix(i, home.library+"/")) && !slices.ContainsFunc(home.patterns, fits(p.path())) {
				problems = append(problems, fmt.Sprintf("imports %s, which belongs in %s", i, strings.Join(home.patterns, ", ")))
			}
		}
	}
	return problems
}

// fakes lets only other fakes, and the demo that shows them, use what is made
// for tests.
func fakes(p listed) (problems []string) {
	if strings.HasSuffix(p.path(), "test") || p.path() == "cmd/poruch/demo" {
		return nil
	}
	for _, i := range p.Imports {
		if o := ours(i); strings.HasSuffix(o, "test") || i == "testing" {
			problems = append(problems, "imports "+i+" outside of tests")
		}
	}
	return problems
}

func comments(p listed) (problems []string) {
	if want := "Package " + p.Name + " "; !strings.HasPrefix(p.Doc, want) && p.Name != "main" || p.Doc == "" {
		problems = append(problems, fmt.Sprintf("has no comment that begins with %q", want))
	}
	_, err := os.Stat(filepath.Join(p.Dir, "doc.go"))
	switch elsewhere := slices.Contains(commentElsewhere, p.path()); {
	case err != nil && !elsewhere:
		problems = append(problems, "has no doc.go")
	case err == nil && elsewhere:
		problems = append(problems, "has a doc.go now; take it out of commentElsewhere")
	}
	return problems
}

// TestChecksSeeViolations proves that the checks above can fail.
func TestChecksSeeViolations(t *testing.T) {
	of := func(p string, imports ...string) listed {
		return listed{ImportPath: module + "/" + p, Dir: t.TempDir(), Name: path.Base(p), Imports: imports}
	}
	for name, c := range map[string]struct {
		check func(listed) []string
		p     listed
		want  string
	}{
		"outward":         {arrows, of("knowledge", module+"/inbox"), "may not import inbox"},
		"vendor of inbox": {arrows, of("inbox", module+"/bots/telegram"), "may not import bots/telegram"},
		"sibling":         {arrows, of("inbox/slack", module+"/inbox/postgres"), "may not import inbox/postgres"},
		"adapter":         {arrows, of("bots/discord", module+"/inbox"), "may not import inbox"},
		"no place":        {arrows, of("utils"), "no place"},
		"core library":    {libraries, of("inbox", "github.com/jackc/pgx/v5"), "may not import the library"},
		"telegram":        {strays, of("inbox", "github.com/go-telegram/bot/models"), "belongs in bots/telegram"},
		"slack":           {strays, of("cmd/poruch", "github.com/slack-go/slack"), "belongs in inbox/slack"},
		"redis":           {strays, of("inbox/slack", "github.com/redis/go-redis/v9"), "belongs in inbox/redis"},
		"gorm":            {strays, of("inbox", "gorm.io/gorm"), "belongs in */postgres"},
		"a test's gorm":   {strays, listed{ImportPath: module + "/inbox", XTestImports: []string{"gorm.io/gorm"}}, "belongs in */postgres"},
		"fake":            {fakes, of("cmd/poruch", module+"/inbox/slack/slacktest"), "outside of tests"},
		"no comment":      {comments, of("internal/fresh"), "has no comment"},
		"no doc.go":       {comments, of("internal/fresh"), "has no doc.go"},
	} {
		if got := strings.Join(c.check(c.p), "; "); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
