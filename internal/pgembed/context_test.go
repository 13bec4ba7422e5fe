package pgembed_test

import "context"

// newContext outlives the test's own, for what runs at its end.
func newContext() context.Context { return context.Background() }
