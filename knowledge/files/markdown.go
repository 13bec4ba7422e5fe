package files

import (
	"regexp"
	"slices"
	"strings"
)

// ours stands at the top of the documents that Poruch writes: in them a heading
// of the second level is a question, whatever its answer looks like.
const ours = "<!-- poruch: questions and answers -->"

// decodeMarkdown reads questions with answers below them: headings, or lines
// that begin with "Q:" and "A:" or the like.
func decodeMarkdown(data []byte, p *problems) []draft {
	text, ok := readable(data, p)
	if !ok {
		return nil
	}
	lines := strings.Split(text, "\n")
	code := fenced(lines)
	own := strings.HasPrefix(strings.TrimSpace(text), ours)
	if !own && labelled(lines, code) && !parted(lines, code) {
		return labelledDrafts(lines, code, p)
	}
	if own {
		i := slices.IndexFunc(lines, func(line string) bool { return strings.TrimSpace(line) != "" })
		lines[i] = strings.Replace(lines[i], ours, "", 1)
	}
	sections := sectionsOf(lines, code)
	if len(sections) > maxHeadings {
		p.add(sections[maxHeadings].line, "more than %d headings; split the file", maxHeadings)
		return nil
	}
	level := 2
	if !own {
		level = questionLevel(sections)
	}
	if level == 0 {
		p.add(0, "there are no questions; write each one as a heading, \"## Question\", with its answer below")
		return nil
	}
	return sectionDrafts(sections, level, own, p)
}

// Parts of an entry stand below headings one level deeper.
const (
	phrasingsPart = "phrasings"
	fieldsPart    = "fields"
	answerPart    = "answer"
)

var answerTitle = regexp.MustCompile(`(?i)^(?:answer|відповідь)\s*[:(]?\s*(uk|ru|en)\s*\)?$`)

// partOf tells which part a heading begins; lang is that of an answer, or "".
func partOf(title string) (part, lang string, ok bool) {
	title = strings.TrimSuffix(strings.TrimSpace(title), ":")
	if m := answerTitle.FindStringSubmatch(title); m != nil {
		return answerPart, strings.ToLower(m[1]), true
	}
	switch plain(title) {
	case "fields", "поля":
		return fieldsPart, "", true
	case "питають також", "також питають", "also asked":
		return phrasingsPart, "", true
	}
	switch fieldNamed(title) {
	case "phrasings":
		return phrasingsPart, "", true
	case "answer":
		return answerPart, "", true
	}
	return "", "", false
}

// parted says whether a document has headings that begin a part of an entry, so
// that its questions are headings too, whatever its answers look like.
func parted(lines []string, code []bool) bool {
	for i, line := range lines {
		if m := headingOf(line); m != nil && !code[i] {
			if _, _, ok := partOf(m[2]); ok {
				return true
			}
		}
	}
	return false
}

func sectionDrafts(sections []section, level int, own bool, p *problems) []draft {
	var drafts []draft
	var d *draft
	var answers map[string][]string
	part, lang := answerPart, ""
	finish := func() {
		if d == nil {
			return
		}
		for _, l := range []string{"", "uk", "ru", "en"} {
			if text := answerOf(answers[l], own); text != "" {
				d.setAnswer(l, text, p)
			}
		}
		d = nil
	}
	for _, s := range sections {
		m, l, isPart := partOf(s.title)
		switch {
		case s.level == level:
			finish()
			drafts = append(drafts, draft{line: s.line, Title: titleOf(s, own)})
			d, answers = &drafts[len(drafts)-1], map[string][]string{}
			part, lang = answerPart, ""
		case s.level < level:
			finish()
			if i := firstText(s.body); i >= 0 {
				p.warn(s.line+1+i, "the text here belongs to no question; it was left out")
			}
			continue
		case d == nil:
			p.warn(s.line, "the text here belongs to no question; it was left out")
			continue
		case s.level == level+1 && isPart:
			part, lang = m, l
		case part == answerPart:
			answers[lang] = append(answers[lang], s.head)
		default:
			p.add(s.line, "the heading %q stands among the %s; put it into the answer", shorten(s.title), part)
			continue
		}
		switch part {
		case answerPart:
			answers[lang] = append(answers[lang], s.body...)
		case phrasingsPart:
			d.phrasingsFrom(s.body)
		case fieldsPart:
			d.fieldsFrom(s.line, s.body, p)
		}
		if len(drafts) > MaxEntries {
			break
		}
	}
	finish()
	return drafts
}
