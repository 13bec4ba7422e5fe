package main

// BenchCmd measures.
type BenchCmd struct {
	Match BenchMatchCmd `cmd:"" help:"Measure the matcher on knowledge that is made up for it: how fast a question, a new book and a change are, and what a book holds."`
}
