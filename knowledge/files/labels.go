package files

import (
	"regexp"
	"strings"
)

// questionPart is what a label "Q:" begins.
const questionPart = "question"

var label = regexp.MustCompile(`(?i)^\s{0,3}(?:[-*+>]\s+|\d+[.)]\s+)?(\*\*|__)?(?:(q|question|питання|запитання|вопрос)|a|answer|відповідь|ответ)\s*\d*\s*:\s*(\*\*|__)?\s*(.*)$`)

// longestLabel is in bytes, with spaces and signs around the label.
const longestLabel = 80

// labelOf reads a line that begins with "Q:", "**Питання 1:**", "A:" or the
// like, and what is said behind the label; part is "" for other lines.
func labelOf(line string) (part, said string) {
	if !strings.Contains(line[:min(len(line), longestLabel)], ":") {
		return "", ""
	}
	m := label.FindStringSubmatch(line)
	if m == nil {
		return "", ""
	}
	said = strings.TrimSpace(m[4])
	if m[3] == "" && m[1] != "" { // the whole line is bold
		said = strings.TrimSpace(strings.TrimSuffix(said, m[1]))
	}
	if m[2] != "" {
		return questionPart, said
	}
	return answerPart, said
}

// labelled says whether a document marks its questions and answers by labels.
func labelled(lines []string, code []bool) bool {
	asked := false
	for i, line := range lines {
		if code[i] {
			continue
		}
		switch part, _ := labelOf(line); part {
		case questionPart:
			asked = true
		case answerPart:
			if asked {
				return true
			}
		}
	}
	return false
}

// labelledDrafts reads such a document. Its headings are for people.
func labelledDrafts(lines []string, code []bool, p *problems) []draft {
	var drafts []draft
	var question, answer []string
	part, lost := "", 0
	finish := func() {
		if len(drafts) > 0 && (len(question) > 0 || len(answer) > 0) {
			d := &drafts[len(drafts)-1]
			d.Title = strings.TrimSpace(strings.Join(question, " "))
			d.Answer = strings.TrimSpace(strings.Join(unescaped(answer), "\n"))
		}
		question, answer = nil, nil
	}
	for i, line := range lines {
		begins, said := "", ""
		if !code[i] {
			begins, said = labelOf(line)
		}
		switch {
		case begins == questionPart:
			finish()
			if len(drafts) > MaxEntries {
				return drafts
			}
			drafts = append(drafts, draft{line: i + 1})
			part, question = questionPart, []string{said}
		case begins == answerPart && part == questionPart:
			part, answer = answerPart, []string{said}
		case !code[i] && headingOf(line) != nil:
			finish()
			part = ""
		case part == questionPart:
			if line = strings.TrimSpace(line); line != "" {
				question = append(question, line)
			}
		case part == answerPart:
			answer = append(answer, line)
		case strings.TrimSpace(line) != "" && lost == 0:
			lost = i + 1
		}
	}
	finish()
	if lost > 0 {
		p.warn(lost, "the text here belongs to no question; such texts were left out")
	}
	return drafts
}
