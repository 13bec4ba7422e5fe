package botstest

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/poruch/poruch/bots"
)

// read takes an upload in. An error keeps its class as far as it is about the
// file: what is gone for good is rejected, the rest is temporary.
func read(ctx context.Context, u bots.Upload) (string, error) {
	r, err := u.Open(ctx)
	if err != nil {
		return "", sourceFailed(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return "", sourceFailed(err)
	}
	return string(data), nil
}

func sourceFailed(err error) error {
	said := errors.New("read the file: " + err.Error())
	if errors.Is(err, bots.ErrRejected) || errors.Is(err, bots.ErrUnreachable) || errors.Is(err, bots.ErrUnsupported) {
		return fmt.Errorf("%w: %w", bots.ErrRejected, said)
	}
	wait := &bots.RetryError{Err: said}
	var retry *bots.RetryError
	if errors.As(err, &retry) {
		wait.After = retry.After
	}
	return wait
}
