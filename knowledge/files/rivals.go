package files

import (
	"slices"

	"github.com/poruch/poruch/knowledge"
)

// maxSharers bounds the work on a wording that very many entries have.
const maxSharers = 100

// rivals finds wordings that belong to more than one entry: the matcher could
// not choose between them, so people would get the question.
type rivals struct {
	p      *problems
	owners map[string][]owner // by wording
}

type owner struct {
	line  int
	text  string
	entry *knowledge.Entry
}

func newRivals(p *problems) *rivals { return &rivals{p, map[string][]owner{}} }

func (r *rivals) add(line int, e knowledge.Entry) {
	own := map[string]bool{}
	for i, text := range append([]string{e.Title}, e.Phrasings...) {
		key := knowledge.SameWording(text)
		if key == "" || own[key] {
			continue
		}
		own[key] = true
		what := "the phrasing"
		if i == 0 {
			what = "the title"
		}
		others := r.owners[key]
		if len(others) == maxSharers {
			r.p.add(line, "%s %q of %q belongs to more than %d other entries", what, shorten(text), shorten(e.ID), maxSharers)
			continue
		}
		for _, o := range others {
			if meet(e, *o.entry) {
				r.p.add(line, "%s %q of %q belongs to %q on line %d too (%q); keep it in one of them",
					what, shorten(text), shorten(e.ID), shorten(o.entry.ID), o.line, shorten(o.text))
				break
			}
		}
		r.owners[key] = append(others, owner{line, text, &e})
	}
}

// meet says whether some community could get either entry at some moment.
func meet(a, b knowledge.Entry) bool {
	if !a.Until.IsZero() && !b.From.Before(a.Until) || !b.Until.IsZero() && !a.From.Before(b.Until) {
		return false
	}
	return len(a.Audience) == 0 || len(b.Audience) == 0 ||
		slices.ContainsFunc(a.Audience, func(id string) bool { return slices.Contains(b.Audience, id) })
}
