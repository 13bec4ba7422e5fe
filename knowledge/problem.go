package knowledge

import (
	"fmt"
	"strings"
)

// MaxProblems is how many mistakes of a file are listed at once.
const MaxProblems = 20

// Problem is one mistake in a knowledge file.
type Problem struct {
	Line int    // from 1; 0 when the whole file is meant
	Text string // what is wrong and what to do
}

// FileError lists the mistakes of a knowledge file, in its order.
type FileError struct {
	Name     string
	Problems []Problem // 1 to MaxProblems
	More     int       // mistakes that are not listed
}

// Error gives one line per mistake: "knowledge.jsonl:17: …".
func (e *FileError) Error() string {
	var lines []string
	for _, p := range e.Problems {
		if p.Line == 0 {
			lines = append(lines, fmt.Sprintf("%s: %s", e.Name, p.Text))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s:%d: %s", e.Name, p.Line, p.Text))
	}
	if e.More > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d more", e.Name, e.More))
	}
	return strings.Join(lines, "\n")
}

// problems collects mistakes.
type problems struct {
	name string
	list []Problem
	more int
}

func (p *problems) add(line int, format string, args ...any) {
	if len(p.list) == MaxProblems {
		p.more++
		return
	}
	p.list = append(p.list, Problem{line, fmt.Sprintf(format, args...)})
}

func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	return &FileError{Name: p.name, Problems: p.list, More: p.more}
}
