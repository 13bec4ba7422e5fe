package files

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// MaxProblems is how many mistakes of a file are listed at once.
const MaxProblems = 20

// Problem is one mistake in a knowledge file, or a warning.
type Problem struct {
	Line int    `json:"line"` // from 1; 0 when the whole file is meant
	Text string `json:"text"` // what is wrong and what to do
}

// In gives a problem with the place of it: "knowledge.jsonl:17: …".
func (p Problem) In(name string) string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", name, p.Text)
	}
	return fmt.Sprintf("%s:%d: %s", name, p.Line, p.Text)
}

// FileError lists the mistakes of a knowledge file, in its order.
type FileError struct {
	Name     string    `json:"name"`
	Problems []Problem `json:"problems"` // 1 to MaxProblems
	More     int       `json:"more"`     // mistakes that are not listed
}

// Error gives one line per mistake: "knowledge.jsonl:17: …".
func (e *FileError) Error() string {
	var lines []string
	for _, p := range e.Problems {
		lines = append(lines, p.In(e.Name))
	}
	if e.More > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d more", e.Name, e.More))
	}
	return strings.Join(lines, "\n")
}

// problems collects what is found in a file.
type problems struct {
	name               string
	mistakes, warnings found
}

type found struct {
	list []Problem
	more int
}

func (f *found) add(line int, text string) {
	if len(f.list) == MaxProblems {
		f.more++
		return
	}
	f.list = append(f.list, Problem{line, text})
}

func (f *found) len() int { return len(f.list) + f.more }

func (f *found) inOrder() []Problem {
	slices.SortStableFunc(f.list, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return f.list
}

func (p *problems) add(line int, format string, args ...any) {
	p.mistakes.add(line, fmt.Sprintf(format, args...))
}

func (p *problems) warn(line int, format string, args ...any) {
	p.warnings.add(line, fmt.Sprintf(format, args...))
}

func (p *problems) err() error {
	if p.mistakes.len() == 0 {
		return nil
	}
	return &FileError{Name: p.name, Problems: p.mistakes.inOrder(), More: p.mistakes.more}
}
