package bots

import (
	"context"
	"fmt"
	"io"
	"sort"

	"golang.org/x/sync/errgroup"
)

// Fleet is all adapters of an installation, found by name.
type Fleet struct{ byName map[string]Adapter }

// NewFleet fails when two adapters share a name.
func NewFleet(adapters ...Adapter) (*Fleet, error) {
	f := &Fleet{byName: make(map[string]Adapter, len(adapters))}
	for _, a := range adapters {
		if _, taken := f.byName[a.Name()]; taken {
			return nil, fmt.Errorf("two bots are named %q", a.Name())
		}
		f.byName[a.Name()] = a
	}
	return f, nil
}

// Names lists the bots, sorted.
func (f *Fleet) Names() []string {
	names := make([]string, 0, len(f.byName))
	for n := range f.byName {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Get returns the adapter with that name.
func (f *Fleet) Get(bot string) (Adapter, error) {
	a, ok := f.byName[bot]
	if !ok {
		return nil, fmt.Errorf("%w: no bot is named %q", ErrRejected, bot)
	}
	return a, nil
}

// Receive runs all receivers; the first that fails stops the others.
func (f *Fleet) Receive(ctx context.Context, in Intake) error {
	g, ctx := errgroup.WithContext(ctx)
	for name, a := range f.byName {
		g.Go(func() error {
			if err := a.Receive(ctx, in); err != nil {
				return fmt.Errorf("receive as %s: %w", name, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// Send hands the message to the bot in its address.
func (f *Fleet) Send(ctx context.Context, out Outgoing) (MessageID, error) {
	a, err := f.Get(out.To.Bot)
	if err != nil {
		return "", err
	}
	return a.Send(ctx, out)
}

// Edit changes a sent message, or returns ErrUnsupported.
func (f *Fleet) Edit(ctx context.Context, at Address, id MessageID, out Outgoing) error {
	a, err := f.Get(at.Bot)
	if err != nil {
		return err
	}
	if e, ok := a.(Editor); ok {
		return e.Edit(ctx, at, id, out)
	}
	return ErrUnsupported
}

// Delete retracts a sent message, or returns ErrUnsupported.
func (f *Fleet) Delete(ctx context.Context, at Address, id MessageID) error {
	a, err := f.Get(at.Bot)
	if err != nil {
		return err
	}
	if d, ok := a.(Deleter); ok {
		return d.Delete(ctx, at, id)
	}
	return ErrUnsupported
}

// OpenFile fetches a contact's file, or returns ErrUnsupported.
func (f *Fleet) OpenFile(ctx context.Context, bot string, id FileID) (io.ReadCloser, error) {
	a, err := f.Get(bot)
	if err != nil {
		return nil, err
	}
	if o, ok := a.(FileOpener); ok {
		return o.OpenFile(ctx, id)
	}
	return nil, ErrUnsupported
}

// Acknowledge ends a pressed button's loading state where the platform has one.
func (f *Fleet) Acknowledge(ctx context.Context, bot, pressID, notice string) error {
	a, err := f.Get(bot)
	if err != nil {
		return err
	}
	if k, ok := a.(Acknowledger); ok {
		return k.Acknowledge(ctx, pressID, notice)
	}
	return nil
}
