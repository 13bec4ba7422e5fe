package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/knowledge"
	kbpostgres "github.com/poruch/poruch/knowledge/postgres"
)

// KBCmd works with knowledge, in files and in the database.
type KBCmd struct {
	Import   KBImportCmd   `cmd:"" help:"Make a file the whole knowledge of a brand."`
	Export   KBExportCmd   `cmd:"" help:"Write a brand's knowledge to a file, as JSONL."`
	Validate KBValidateCmd `cmd:"" help:"Check knowledge files and list their mistakes."`
	Ask      KBAskCmd      `cmd:"" help:"Decide on questions from the standard input, one a line."`
	Eval     KBEvalCmd     `cmd:"" help:"Measure the matcher on labelled questions."`
}

// openLibrary opens the configured database. The caller calls the function it
// returns when done; after an error there is nothing to close.
type openLibrary func(ctx context.Context, cfg config.Config) (*kbpostgres.Library, func(), error)

// whichBrand is the flags of commands that work on one brand's knowledge.
type whichBrand struct {
	configFile
	Brand string `help:"The brand's id; by default the one of the configured brand's folder." placeholder:"ID"`
}

// open opens the configured library, and says which brand is meant.
func (b whichBrand) open(ctx context.Context, open openLibrary) (library *kbpostgres.Library, brand string, done func(), err error) {
	cfg, err := config.Load(b.Config, config.Environ())
	if err != nil {
		return nil, "", nil, usageError{err}
	}
	if brand = b.Brand; brand == "" {
		of, err := brandOf(cfg)
		if err != nil {
			return nil, "", nil, err
		}
		brand = of.ID
	}
	library, done, err = open(ctx, cfg)
	return library, brand, done, err
}

// readKnowledge reads a file, or the standard input for "-", with one of
// knowledge's parsers.
func readKnowledge(path string, parse func(string, io.Reader) ([]knowledge.Entry, error)) ([]knowledge.Entry, error) {
	in, err := openInput(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if path == "-" {
		path = "stdin"
	}
	return parse(path, in)
}

func openInput(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	return os.Open(path) // the error names the file
}

// KBImportCmd makes a file the whole knowledge of a brand.
type KBImportCmd struct {
	File string `arg:"" help:"Knowledge file, .jsonl or .yaml; - reads JSONL from the standard input."`
	whichBrand
}

// Run checks the whole file before it touches the database.
func (c *KBImportCmd) Run(ctx context.Context, open openLibrary) error {
	entries, err := readKnowledge(c.File, knowledge.Parse)
	if err != nil {
		return err
	}
	library, brand, done, err := c.open(ctx, open)
	if err != nil {
		return err
	}
	defer done()
	r, err := library.Import(ctx, brand, entries, filepath.Base(c.File))
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d added, %d changed, %d removed, %d unchanged\n", brand, r.Added, r.Changed, r.Removed, r.Unchanged)
	return nil
}

// KBExportCmd writes a brand's knowledge.
type KBExportCmd struct {
	File string `arg:"" optional:"" default:"-" help:"Where to; - is the standard output."`
	whichBrand
}

// Run leaves the old file whole until the new one is written.
func (c *KBExportCmd) Run(ctx context.Context, open openLibrary) error {
	library, brand, done, err := c.open(ctx, open)
	if err != nil {
		return err
	}
	defer done()
	entries, err := library.Entries(ctx, brand)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return fmt.Errorf("the brand %q has no knowledge here; import some with: poruch kb import FILE --brand %s", brand, brand)
	}
	if c.File == "-" {
		return knowledge.WriteJSONL(os.Stdout, entries)
	}
	return writeWhole(c.File, func(w io.Writer) error { return knowledge.WriteJSONL(w, entries) })
}

// writeWhole puts a file in place only when all of it is written.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is there after the rename
	err = cmp.Or(write(f), f.Sync(), f.Chmod(0o644))
	if err := cmp.Or(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

// KBValidateCmd checks knowledge files.
type KBValidateCmd struct {
	Files []string `arg:"" help:"Knowledge files, .jsonl or .yaml; - reads JSONL from the standard input."`
}

// Run checks every file, whatever the first ones were like.
func (c *KBValidateCmd) Run() error {
	var failed error
	for _, path := range c.Files {
		entries, err := readKnowledge(path, knowledge.Parse)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		fmt.Printf("%s: %d entries, no mistakes\n", path, len(entries))
	}
	return failed
}
