package files

import (
	"regexp"
	"slices"
	"strings"
)

// section is a heading with the lines up to the next one. The first one is what
// stands before all headings; its level and line are 0.
type section struct {
	line  int // of the heading, from 1
	level int
	title string
	head  string // the heading as it stands
	body  []string
}

var heading = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*))?$`)

func headingOf(line string) []string {
	if !begins(line, "#") {
		return nil
	}
	return heading.FindStringSubmatch(line)
}

// maxHeadings is five for every entry that a file may have.
const maxHeadings = 5 * MaxEntries

// sectionsOf stops where there are too many.
func sectionsOf(lines []string, code []bool) []section {
	all := []section{{}}
	for i, line := range lines {
		if m := headingOf(line); m != nil && !code[i] {
			if len(all) > maxHeadings {
				break
			}
			all = append(all, section{line: i + 1, level: len(m[1]), title: strings.TrimSpace(m[2]), head: line})
			continue
		}
		last := &all[len(all)-1]
		last.body = append(last.body, line)
	}
	return all
}

// firstText is the place of the first line that is not empty, or -1.
func firstText(body []string) int {
	return slices.IndexFunc(body, func(line string) bool { return strings.TrimSpace(line) != "" })
}

// questionLevel guesses which headings are the questions: those of the level
// with the most question marks, else of the highest one with text below, the
// first level last, as it is mostly the document's own. 0: there are none.
func questionLevel(sections []section) int {
	var asked, told [7]int
	for _, s := range sections[1:] {
		if strings.HasSuffix(titleOf(s, false), "?") {
			asked[s.level]++
		}
		if _, _, isPart := partOf(s.title); !isPart && firstText(s.body) >= 0 {
			told[s.level]++
		}
	}
	best := 0
	for level, n := range asked {
		if n > asked[best] {
			best = level
		}
	}
	if best > 0 {
		return best
	}
	for _, level := range []int{2, 3, 4, 5, 6, 1} {
		if told[level] > 0 {
			return level
		}
	}
	return 0
}

var (
	closing = regexp.MustCompile(`\s+#+\s*$`)
	anchor  = regexp.MustCompile(`\s*\{#[^}]*\}\s*$`)
	bold    = regexp.MustCompile(`^(\*\*|__)(.+)(\*\*|__)$`)
)

// titleOf takes the ornaments off a heading that somebody else wrote.
func titleOf(s section, own bool) string {
	if own {
		return s.title
	}
	title := anchor.ReplaceAllString(closing.ReplaceAllString(s.title, ""), "")
	if m := bold.FindStringSubmatch(title); m != nil && m[1] == m[3] {
		title = m[2]
	}
	return strings.TrimSpace(title)
}
