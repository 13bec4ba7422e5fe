package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/poruch/poruch/internal/config"
	"github.com/poruch/poruch/knowledge"
	"github.com/poruch/poruch/knowledge/gaps"
	"github.com/poruch/poruch/knowledge/library"
	"github.com/poruch/poruch/knowledge/scorecard"
)

// KBCmd works with knowledge, in files and in the database.
type KBCmd struct {
	Import   KBImportCmd   `cmd:"" help:"Make a file the whole knowledge of a brand, and publish it."`
	Export   KBExportCmd   `cmd:"" help:"Write a brand's knowledge to a file."`
	Validate KBValidateCmd `cmd:"" help:"Check knowledge files and list their mistakes."`
	Convert  KBConvertCmd  `cmd:"" help:"Write a knowledge file in another format."`
	Ask      KBAskCmd      `cmd:"" help:"Decide on questions from the standard input, one a line."`
	Eval     KBEvalCmd     `cmd:"" help:"Measure the matcher on labelled questions."`

	List    KBListCmd    `cmd:"" help:"List a brand's entries with their stage and trust."`
	Show    KBShowCmd    `cmd:"" help:"Print an entry, or an old revision of it, as JSON."`
	History KBHistoryCmd `cmd:"" help:"Say who changed an entry, when and why."`
	Save    KBSaveCmd    `cmd:"" help:"Save a file's entries as drafts."`
	Diff    KBDiffCmd    `cmd:"" help:"Say what a publish would change, and change nothing."`
	Publish KBPublishCmd `cmd:"" help:"Let drafts answer, after a replay of the brand's confirmed questions."`
	Archive KBArchiveCmd `cmd:"" help:"Take entries out; their revisions stay."`
	Restore KBRestoreCmd `cmd:"" help:"Make an old revision the newest draft."`
	Trust   KBTrustCmd   `cmd:"" help:"Say what an entry may do by itself: off, suggest, shadow or auto."`

	Verdict   KBVerdictCmd   `cmd:"" help:"Say whether an answer or a suggestion was right."`
	Offer     KBOfferCmd     `cmd:"" help:"Propose an agent's reply as knowledge."`
	Proposals KBProposalsCmd `cmd:"" help:"List what was proposed."`
	Approve   KBApproveCmd   `cmd:"" help:"Save a proposal as a draft."`
	Reject    KBRejectCmd    `cmd:"" help:"Put a proposal aside."`
	Gaps      KBGapsCmd      `cmd:"" help:"List what customers ask and no entry answers."`
	Score     KBScoreCmd     `cmd:"" help:"Show how well the answers serve."`
}

// trainersSide is what commands on a brand's knowledge work with.
type trainersSide struct {
	*library.Library
	gaps   gaps.Store
	scores scorecard.Store
}

// openKnowledge opens the configured database. The caller calls the function it
// returns when done; after an error there is nothing to close.
type openKnowledge func(ctx context.Context, cfg config.Config) (trainersSide, func(), error)

// whichBrand is the flags of commands that work on one brand's knowledge.
type whichBrand struct {
	configFile
	Brand string `help:"The brand's id; by default the one of the configured brand's folder." placeholder:"ID"`
}

// open opens the configured database, and says which brand is meant.
func (b whichBrand) open(ctx context.Context, open openKnowledge) (side trainersSide, brand string, done func(), err error) {
	cfg, err := config.Load(b.Config, config.Environ())
	if err != nil {
		return trainersSide{}, "", nil, usageError{err}
	}
	if brand = b.Brand; brand == "" {
		of, err := brandOf(cfg)
		if err != nil {
			return trainersSide{}, "", nil, err
		}
		brand = of.ID
	}
	side, done, err = open(ctx, cfg)
	return side, brand, done, err
}

// with opens the configured database for the time of do.
func (b whichBrand) with(ctx context.Context, open openKnowledge, do func(lib trainersSide, brand string) error) error {
	lib, brand, done, err := b.open(ctx, open)
	if err != nil {
		return err
	}
	defer done()
	return do(lib, brand)
}

// readKnowledge reads a file, or the standard input for "-", with one of
// knowledge's parsers.
func readKnowledge(path string, parse func(string, io.Reader) ([]knowledge.Entry, error)) ([]knowledge.Entry, error) {
	in, err := openInput(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return parse(nameOf(path), in)
}

func openInput(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	return os.Open(path) // the error names the file
}

// writeLines prints one JSON object a line, for scripts.
func writeLines[T any](w io.Writer, list []T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, v := range list {
		if err := enc.Encode(v); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}

// KBImportCmd makes a file the whole knowledge of a brand.
type KBImportCmd struct {
	File string `arg:"" help:"Knowledge file: .yaml, .jsonl, .csv, .tsv or .md; - is the standard input."`
	formatFlag
	whichBrand
	author
	publishing
	Keep bool `help:"Leave entries that the file does not have as they are; else they are archived."`
}

// Run checks the whole file before it touches the database.
func (c *KBImportCmd) Run(ctx context.Context, open openKnowledge) error {
	entries, err := c.read(c.File)
	if err != nil {
		return err
	}
	return c.with(ctx, open, func(lib trainersSide, brand string) error {
		r, err := lib.Import(ctx, brand, entries, library.Importing{Keep: c.Keep, Yes: c.Yes, By: c.by("import of " + filepath.Base(c.File))})
		if err := c.tell(r.Report, err); err != nil {
			return err
		}
		if !c.JSON {
			fmt.Printf("%s: %d added, %d changed, %d removed, %d unchanged\n", brand, r.Added, r.Changed, r.Removed, r.Unchanged)
		}
		return nil
	})
}

// KBExportCmd writes a brand's knowledge.
type KBExportCmd struct {
	File string `arg:"" optional:"" default:"-" help:"Where to; - is the standard output."`
	formatFlag
	whichBrand
	Drafts bool `help:"Write the newest revisions, published or not, instead of what answers."`
}

// Run leaves the old file whole until the new one is written.
func (c *KBExportCmd) Run(ctx context.Context, open openKnowledge) error {
	return c.with(ctx, open, func(lib trainersSide, brand string) error { return c.export(ctx, lib, brand) })
}

func (c *KBExportCmd) export(ctx context.Context, lib trainersSide, brand string) error {
	entries, err := lib.Entries(ctx, brand, c.Drafts)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return fmt.Errorf("the brand %q has no knowledge here; import some with: poruch kb import FILE --brand %s", brand, brand)
	}
	return c.write(c.File, entries)
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
