// Command poruch keeps a brand beside its customers: it stores their questions,
// answers what its knowledge base is sure of, and brings the rest to people.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // brands name their time zones; small machines have no zone files

	"github.com/alecthomas/kong"
)

// gcPercent keeps the heap near what it holds: a support desk has little to
// compute, and shares its machine with a database. GOGC beats it.
const gcPercent = 50

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var cli CLI
	parser := kong.Parse(&cli, kong.Name("poruch"), kong.UsageOnError(),
		kong.Description("Poruch keeps a brand beside its customers."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(openKnowledge(trainersSideOf)))
	err := parser.Run()
	if err == nil || errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return
	}
	fmt.Fprintln(os.Stderr, "poruch:", err)
	var code exitCoder
	if errors.As(err, &code) {
		os.Exit(code.ExitCode())
	}
	os.Exit(1)
}

// exitCoder is an error that chooses the program's exit status.
type exitCoder interface{ ExitCode() int }
