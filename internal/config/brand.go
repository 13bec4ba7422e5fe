package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"

	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// DefaultBrand is what an installation without PORUCH_BRAND speaks for.
func DefaultBrand() inbox.Brand {
	zone, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		zone = time.UTC // a build without zone files; Hours are round the clock here
	}
	return inbox.Brand{
		ID: "default", Name: "Підтримка", Lang: knowledge.Ukrainian, StaffLang: knowledge.Ukrainian,
		Hours: inbox.Hours{Zone: zone}, ReplyWithin: 15 * time.Minute, Groups: inbox.GroupConfident,
		ReopenFor: 72 * time.Hour, SettleAfter: 24 * time.Hour, KeepRaw: 30 * 24 * time.Hour, SignReplies: true,
	}
}

// brandFile is brand.yaml.
type brandFile struct {
	ID          string            `yaml:"id"`
	Name        string            `yaml:"name"`
	Lang        knowledge.Lang    `yaml:"lang"`
	StaffLang   knowledge.Lang    `yaml:"staff_lang"`
	Zone        string            `yaml:"zone"`
	Hours       map[string]shifts `yaml:"hours"`
	Holidays    []string          `yaml:"holidays"`
	ReplyWithin *duration         `yaml:"reply_within"`
	Groups      inbox.GroupPolicy `yaml:"groups"`
	ReopenFor   *duration         `yaml:"reopen_for"`
	SettleAfter *duration         `yaml:"settle_after"`
	KeepRaw     *duration         `yaml:"keep_raw"`
	SignReplies *bool             `yaml:"sign_replies"`
	Agents      map[string]string `yaml:"agents"`
	Precision   *float64          `yaml:"precision"`
	Greeting    greeting          `yaml:"greeting"`
}

// greeting reads a text for each language.
type greeting map[knowledge.Lang]string

// maxGreeting is how long a greeting may be, in characters: more is a leaflet.
const maxGreeting = 1000

// UnmarshalYAML reads a greeting.
func (g *greeting) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: greeting must name a text for uk, ru or en", n.Line)
	}
	*g = greeting{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, text := n.Content[i], n.Content[i+1]
		lang := knowledge.Lang(key.Value)
		if lang != knowledge.Ukrainian && lang != knowledge.Russian && lang != knowledge.English {
			return fmt.Errorf("line %d: greeting in %q; the languages are uk, ru and en", key.Line, key.Value)
		}
		words := strings.TrimSpace(text.Value)
		if text.Kind != yaml.ScalarNode || words == "" || utf8.RuneCountInString(words) > maxGreeting {
			return fmt.Errorf("line %d: a greeting must be a text of 1 to %d characters", text.Line, maxGreeting)
		}
		if _, twice := (*g)[lang]; twice {
			return fmt.Errorf("line %d: greeting in %s is there twice", key.Line, lang)
		}
		(*g)[lang] = words
	}
	return nil
}

// duration reads "15m", "72h" or "30d".
type duration time.Duration

// UnmarshalYAML reads a duration.
func (d *duration) UnmarshalYAML(n *yaml.Node) error {
	text := n.Value
	if days, ok := bytes.CutSuffix([]byte(text), []byte("d")); ok {
		text = string(days) + "h"
	}
	v, err := time.ParseDuration(text)
	if text != n.Value {
		v *= 24
	}
	if err != nil || v <= 0 {
		return fmt.Errorf("line %d: %q is not a length of time; write 15m, 72h or 30d", n.Line, n.Value)
	}
	*d = duration(v)
	return nil
}

// shifts reads "09:00-20:00", a list of such, or closed.
type shifts []inbox.Shift

// UnmarshalYAML reads a day's shifts.
func (s *shifts) UnmarshalYAML(n *yaml.Node) error {
	lines := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		lines = n.Content
	} else if n.Value == "closed" {
		*s = shifts{}
		return nil
	}
	for _, l := range lines {
		shift, err := parseShift(l.Value)
		if err != nil {
			return fmt.Errorf("line %d: %w", l.Line, err)
		}
		if len(*s) > 0 && shift.From < (*s)[len(*s)-1].To {
			return fmt.Errorf("line %d: the shift %s begins before the one above it ends", l.Line, l.Value)
		}
		*s = append(*s, shift)
	}
	return nil
}

var shiftForm = regexp.MustCompile(`^(\d\d):(\d\d)-(\d\d):(\d\d)$`)

func parseShift(text string) (inbox.Shift, error) {
	parts := shiftForm.FindStringSubmatch(text)
	if parts == nil {
		return inbox.Shift{}, fmt.Errorf("%q is not a shift; write 09:00-20:00, a list of such, or closed", text)
	}
	at := func(h, m string) time.Duration {
		d, _ := time.ParseDuration(h + "h" + m + "m") // two digits each
		return d
	}
	s := inbox.Shift{From: at(parts[1], parts[2]), To: at(parts[3], parts[4])}
	if s.From >= s.To || s.To > 24*time.Hour {
		return inbox.Shift{}, fmt.Errorf("%q must begin before it ends, and end by 24:00", text)
	}
	return s, nil
}

var brandID = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

var weekdays = map[string]time.Weekday{
	"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
}

// LoadBrand reads brand.yaml in a folder. Errors name the line and what to do.
func LoadBrand(dir string) (inbox.Brand, error) {
	path := filepath.Join(dir, "brand.yaml")
	src, err := os.ReadFile(path)
	if err != nil {
		return inbox.Brand{}, fmt.Errorf("read the brand: %w; PORUCH_BRAND must be a folder with brand.yaml in it", err)
	}
	b, err := parseBrand(src)
	if err != nil {
		return inbox.Brand{}, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

func parseBrand(src []byte) (inbox.Brand, error) {
	var f brandFile
	dec := yaml.NewDecoder(bytes.NewReader(src))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return inbox.Brand{}, err
	}
	b := DefaultBrand()
	if !brandID.MatchString(f.ID) {
		return inbox.Brand{}, fmt.Errorf("id %q must be small Latin letters, digits and dashes, such as rankova", f.ID)
	}
	if f.Name == "" {
		return inbox.Brand{}, errors.New("name is missing; customers read it")
	}
	b.ID, b.Name, b.Agents, b.Greeting = f.ID, f.Name, f.Agents, f.Greeting
	if f.Lang != "" {
		if f.Lang != knowledge.Ukrainian && f.Lang != knowledge.Russian && f.Lang != knowledge.English {
			return inbox.Brand{}, fmt.Errorf("lang %q must be uk, ru or en", f.Lang)
		}
		b.Lang = f.Lang
	}
	if f.StaffLang != "" {
		if f.StaffLang != knowledge.Ukrainian && f.StaffLang != knowledge.English {
			return inbox.Brand{}, fmt.Errorf("staff_lang %q must be uk or en", f.StaffLang)
		}
		b.StaffLang = f.StaffLang
	}
	switch f.Groups {
	case "":
	case inbox.GroupAddressed, inbox.GroupConfident, inbox.GroupAll:
		b.Groups = f.Groups
	default:
		return inbox.Brand{}, fmt.Errorf("groups %q must be addressed, confident or all", f.Groups)
	}
	for _, d := range []struct {
		from *duration
		to   *time.Duration
	}{{f.ReplyWithin, &b.ReplyWithin}, {f.ReopenFor, &b.ReopenFor}, {f.SettleAfter, &b.SettleAfter}, {f.KeepRaw, &b.KeepRaw}} {
		if d.from != nil {
			*d.to = time.Duration(*d.from)
		}
	}
	if f.Precision != nil {
		if b.Precision = *f.Precision; !(b.Precision >= 0.5 && b.Precision <= 0.999) {
			return inbox.Brand{}, fmt.Errorf("precision %v must be from 0.5 to 0.999: the share of the bot's answers that should be right", b.Precision)
		}
	}
	if f.SignReplies != nil {
		b.SignReplies = *f.SignReplies
	}
	var err error
	b.Hours, err = f.hours()
	return b, err
}

func (f brandFile) hours() (inbox.Hours, error) {
	h := DefaultBrand().Hours
	if f.Zone != "" {
		zone, err := time.LoadLocation(f.Zone)
		if err != nil {
			return h, fmt.Errorf("zone %q is not a time zone such as Europe/Kyiv", f.Zone)
		}
		h.Zone = zone
	}
	for name, day := range f.Hours {
		weekday, ok := weekdays[name]
		if !ok {
			return h, fmt.Errorf("hours: %q is not a day; the days are monday to sunday", name)
		}
		h.Week[weekday] = day
	}
	h.Closed = map[string]bool{}
	for _, day := range f.Holidays {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return h, fmt.Errorf("holidays: %q is not a date such as 2027-01-01", day)
		}
		h.Closed[day] = true
	}
	return h, nil
}

// KnowledgeFile finds a brand folder's knowledge; "" when it has none.
func KnowledgeFile(dir string) string {
	for _, name := range []string{"knowledge.yaml", "knowledge.yml", "knowledge.jsonl", "knowledge.csv", "knowledge.tsv", "knowledge.md"} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}
