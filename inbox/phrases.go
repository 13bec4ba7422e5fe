package inbox

import (
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/poruch/poruch/internal/i18n"
	"github.com/poruch/poruch/knowledge"
)

//go:embed messages/messages.*.yaml
var messageFiles embed.FS

// Phrases are the fixed texts of Poruch: what the bot tells customers beside
// the brand's own answers, and what staff read in a thread. Each exists in
// Ukrainian, Russian and English; another language gets Ukrainian. Methods
// return plain text, not markup, and are safe for concurrent use.
type Phrases struct{ catalog *i18n.Catalog }

// NewPhrases reads the embedded message files.
func NewPhrases() (*Phrases, error) {
	files, err := fs.Sub(messageFiles, "messages")
	if err != nil {
		return nil, fmt.Errorf("open message files: %w", err)
	}
	catalog, err := i18n.Load(files)
	if err != nil {
		return nil, err
	}
	return &Phrases{catalog}, nil
}

func (p *Phrases) say(lang knowledge.Lang, id string, data map[string]any) string {
	return p.catalog.Text(string(lang), id, data)
}

// Helped is the label of the button that says that an answer helped.
func (p *Phrases) Helped(l knowledge.Lang) string { return p.say(l, "helped", nil) }

// AskPerson is the label of the button that calls a person.
func (p *Phrases) AskPerson(l knowledge.Lang) string { return p.say(l, "ask_person", nil) }

// WhichOne asks which of the choices under it is meant.
func (p *Phrases) WhichOne(l knowledge.Lang) string { return p.say(l, "which_one", nil) }

// SomethingElse is the label of the button for none of the choices.
func (p *Phrases) SomethingElse(l knowledge.Lang) string { return p.say(l, "something_else", nil) }

// Welcome answers /start and /help.
func (p *Phrases) Welcome(l knowledge.Lang, brand string) string {
	return p.say(l, "welcome", map[string]any{"Brand": brand})
}

// Greeting answers a hello that asks nothing.
func (p *Phrases) Greeting(l knowledge.Lang, brand string) string {
	return p.say(l, "greeting", map[string]any{"Brand": brand})
}

// GladToHelp answers thanks.
func (p *Phrases) GladToHelp(l knowledge.Lang) string { return p.say(l, "glad_to_help", nil) }

// ThanksForVerdict answers the "helped" button.
func (p *Phrases) ThanksForVerdict(l knowledge.Lang) string {
	return p.say(l, "thanks_for_verdict", nil)
}

// AlreadyAsked answers who calls a person while people hold the question.
func (p *Phrases) AlreadyAsked(l knowledge.Lang) string { return p.say(l, "already_asked", nil) }

// NotYourButton answers who presses a button under an answer to someone else.
func (p *Phrases) NotYourButton(l knowledge.Lang) string { return p.say(l, "not_your_button", nil) }

// NothingToRead answers a message without readable words.
func (p *Phrases) NothingToRead(l knowledge.Lang) string { return p.say(l, "nothing_to_read", nil) }

// PeopleLook tells a customer that people have the question, and when to
// expect them. Times are told in zone; nil means UTC.
func (p *Phrases) PeopleLook(l knowledge.Lang, brand string, w Wait, now time.Time, zone *time.Location) string {
	data := map[string]any{"Brand": brand}
	switch {
	case w.Open && w.Within > 0:
		data["Time"] = p.duration(l, w.Within)
		return p.say(l, "people_look_within", data)
	case w.Open:
		return p.say(l, "people_look_soon", data)
	case w.Opens.IsZero():
		return p.say(l, "people_look_unknown", data)
	}
	if zone == nil {
		zone = time.UTC
	}
	data["Time"] = p.after(l, now.In(zone), w.Opens.In(zone))
	return p.say(l, "people_look_later", data)
}

// duration rounds up: minutes to two hours, then whole hours.
func (p *Phrases) duration(l knowledge.Lang, d time.Duration) string {
	minutes := int((d + time.Minute - 1) / time.Minute)
	if minutes < 120 && minutes != 60 {
		return p.say(l, "minutes", map[string]any{"Count": minutes})
	}
	return p.say(l, "hours", map[string]any{"Count": (minutes + 59) / 60})
}

// after names a coming moment by today, tomorrow, the weekday or the date.
func (p *Phrases) after(l knowledge.Lang, now, at time.Time) string {
	data := map[string]any{"Clock": at.Format("15:04")}
	switch days := daysBetween(now, at); {
	case days <= 0:
		return p.say(l, "after_today", data)
	case days == 1:
		return p.say(l, "after_tomorrow", data)
	case days < 7:
		data["Day"] = p.say(l, fmt.Sprintf("weekday_%d", at.Weekday()), nil)
	default:
		data["Day"] = p.say(l, fmt.Sprintf("month_%d", at.Month()), map[string]any{"Day": at.Day()})
	}
	return p.say(l, "after_day", data)
}

// daysBetween counts midnights. It compares dates in UTC, where each day has
// 24 hours.
func daysBetween(from, to time.Time) int {
	date := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(date(to).Sub(date(from)) / (24 * time.Hour))
}
