// Package i18n reads message files (messages.<lang>.yaml, go-i18n's format)
// and prints their texts with the right plurals. The packages that speak to
// people embed their own files; a missing text is found by Check, in a test.
package i18n

import (
	"fmt"
	"io/fs"
	"sort"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	yaml "go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// Catalog is a set of message files.
type Catalog struct {
	bundle *goi18n.Bundle
	ids    map[string]map[string]bool // language -> message ids
}

// Load reads every messages.<lang>.yaml at the top of fsys. Texts that a
// language lacks are taken from Ukrainian.
func Load(fsys fs.FS) (*Catalog, error) {
	c := &Catalog{bundle: goi18n.NewBundle(language.Ukrainian), ids: map[string]map[string]bool{}}
	c.bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	files, err := fs.Glob(fsys, "messages.*.yaml")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no messages.<lang>.yaml found")
	}
	for _, name := range files {
		f, err := c.bundle.LoadMessageFileFS(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read message file %s: %w", name, err)
		}
		ids := map[string]bool{}
		for _, m := range f.Messages {
			ids[m.ID] = true
		}
		c.ids[f.Tag.String()] = ids
	}
	return c, nil
}

// Text prints a message in a language, in Ukrainian where there is no file for
// it. data fills its template; data["Count"]
// (an int) chooses the plural form. An unknown id prints as itself.
func (c *Catalog) Text(lang, id string, data map[string]any) string {
	if c.ids[lang] == nil { // the library would look for a related language
		lang = language.Ukrainian.String()
	}
	cfg := &goi18n.LocalizeConfig{MessageID: id, TemplateData: data}
	if n, ok := data["Count"]; ok {
		cfg.PluralCount = n
	}
	s, err := goi18n.NewLocalizer(c.bundle, lang).Localize(cfg)
	if s == "" && err != nil {
		return id
	}
	return s
}

// Check names every message that one of the languages has and another lacks.
func (c *Catalog) Check() []string {
	var missing []string
	for lang, ids := range c.ids {
		for other, theirs := range c.ids {
			for id := range theirs {
				if !ids[id] {
					missing = append(missing, fmt.Sprintf("%s: %s (present in %s)", lang, id, other))
				}
			}
		}
	}
	sort.Strings(missing)
	return missing
}
