package inbox

import (
	"strings"
	"testing"
	"time"

	"github.com/poruch/poruch/knowledge"
)

func phrases(t *testing.T) *Phrases {
	t.Helper()
	p, err := NewPhrases()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every text exists in the three languages.
func TestEveryPhraseHasItsLanguages(t *testing.T) {
	p := phrases(t)
	for _, missing := range p.catalog.Check() {
		t.Error(missing)
	}
}

func TestWaitingIsToldInGoodLanguage(t *testing.T) {
	p := phrases(t)
	zone := time.FixedZone("EET", 2*60*60)
	now := time.Date(2026, 11, 24, 19, 0, 0, 0, zone) // a Tuesday
	at := func(days, hour int) time.Time { return time.Date(2026, 11, 24+days, hour, 0, 0, 0, zone) }
	open := func(d time.Duration) Wait { return Wait{Open: true, Within: d} }
	for _, c := range []struct {
		lang knowledge.Lang
		wait Wait
		want string
	}{
		{"uk", open(time.Minute), "за 1 хвилину"},
		{"uk", open(3 * time.Minute), "за 3 хвилини"},
		{"uk", open(15 * time.Minute), "за 15 хвилин"},
		{"uk", open(21 * time.Minute), "за 21 хвилину"},
		{"uk", open(time.Hour), "за 1 годину"},
		{"uk", open(2 * time.Hour), "за 2 години"},
		{"uk", open(5*time.Hour + time.Second), "за 6 годин"},
		{"ru", open(22 * time.Minute), "22 минут"},
		{"ru", open(11 * time.Minute), "11 минут"},
		{"en", open(time.Minute), "1 minute."},
		{"en", open(2 * time.Hour), "2 hours"},
		{"uk", open(0), "найближчим часом"},
		{"uk", Wait{Opens: at(0, 21)}, "сьогодні після 21:00"},
		{"uk", Wait{Opens: at(1, 9)}, "завтра після 09:00"},
		{"uk", Wait{Opens: at(5, 9)}, "в неділю після 09:00"},
		{"uk", Wait{Opens: at(8, 9)}, "2 грудня після 09:00"},
		{"en", Wait{Opens: at(8, 9)}, "December"},
		{"uk", Wait{}, "щойно повернемося"},
		{"pl", open(0), "найближчим часом"}, // a language that has no texts gets Ukrainian
	} {
		if got := p.PeopleLook(c.lang, "Ранкова", c.wait, now, zone); !strings.Contains(got, c.want) || !strings.Contains(got, "Ранкова") {
			t.Errorf("%s %+v: %q, want %q in it", c.lang, c.wait, got, c.want)
		}
	}
}
