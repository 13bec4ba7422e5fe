package library

import (
	"context"
	"fmt"
	"io"

	"github.com/poruch/poruch/knowledge"
)

// Entries reads what answers, or with drafts the newest revision of every entry
// that is not archived, in their order; with the contents of attachments. None
// for an unknown brand.
func (l *Library) Entries(ctx context.Context, brand string, drafts bool) ([]knowledge.Entry, error) {
	entries, err := l.entries(ctx, brand, drafts)
	if err != nil {
		return nil, fmt.Errorf("read knowledge of %s: %w", brand, err)
	}
	for _, e := range entries {
		for i := range e.Files {
			if e.Files[i].Data, err = l.file(ctx, brand, e.Files[i].Sum); err != nil {
				return nil, fmt.Errorf("read attachment %s of entry %q: %w", e.Files[i].Name, e.ID, err)
			}
		}
	}
	return entries, nil
}

func (l *Library) entries(ctx context.Context, brand string, drafts bool) ([]knowledge.Entry, error) {
	if !drafts {
		now, err := l.Store.Answering(ctx, brand)
		return now.Entries, err
	}
	records, err := l.Store.Records(ctx, brand)
	var entries []knowledge.Entry
	for _, r := range records {
		if !r.Archived {
			entries = append(entries, r.Head.Entry)
		}
	}
	return entries, err
}

func (l *Library) file(ctx context.Context, brand, sum string) ([]byte, error) {
	r, err := l.Store.OpenFile(ctx, brand, sum)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// Records lists all entries of a brand, archived ones too, in their order.
func (l *Library) Records(ctx context.Context, brand string) ([]Record, error) {
	records, err := l.Store.Records(ctx, brand)
	if err != nil {
		return nil, fmt.Errorf("read knowledge of %s: %w", brand, err)
	}
	return records, nil
}

// History returns an entry's revisions and events, oldest first.
func (l *Library) History(ctx context.Context, brand, entry string) ([]Revision, []Event, error) {
	revisions, events, err := l.Store.History(ctx, brand, entry)
	if err != nil {
		return nil, nil, fmt.Errorf("read history: %w", err)
	}
	return revisions, events, nil
}
