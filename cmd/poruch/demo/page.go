package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// languageCookie keeps the visitor's choice of language.
const languageCookie = "poruch_demo_language"

type pageView struct {
	Lang, Brand string
	Customer    customerView
	Team        teamView
}

func (s *site) page(w http.ResponseWriter, r *http.Request) {
	s.draw(w, r, "page", pageView{
		Lang: lang(r), Brand: s.cfg.Brand,
		Customer: s.customerView(s.customerState(r)), Team: s.teamView(s.teamState(r)),
	})
}

func lang(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(languages, c.Value) {
		return c.Value
	}
	return languages[0]
}

func (s *site) language(w http.ResponseWriter, r *http.Request) {
	chosen := r.FormValue("language")
	if !slices.Contains(languages, chosen) {
		http.Error(w, s.phrase(r, "error_language"), http.StatusBadRequest)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: chosen, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// phrase is one of the page's texts in the visitor's language.
func (s *site) phrase(r *http.Request, id string) string { return s.text.Text(lang(r), id, nil) }

func (s *site) funcs(lang string) template.FuncMap {
	return template.FuncMap{
		"live": func(name string, data any) (template.HTML, error) {
			html, version, err := s.part(lang, name, data)
			return versioned(name, html, version), err
		},
		"t":     func(id string) string { return s.text.Text(lang, id, nil) },
		"count": func(id string, n int) string { return s.text.Text(lang, id, map[string]any{"Count": n}) },
		"vals":  vals,
		"dict":  dict,
		"clock": func(t time.Time) string { return t.In(s.cfg.Zone).Format("15:04") },
		"size":  size,
	}
}

// vals writes hx-vals: names and values alternate.
func vals(pairs ...any) (string, error) {
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("vals wants pairs, got %d values", len(pairs))
	}
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = fmt.Sprint(pairs[i+1])
	}
	b, err := json.Marshal(m)
	return string(b), err
}

func size(bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64) + " MB"
	case bytes >= 1<<10:
		return strconv.FormatInt(bytes>>10, 10) + " kB"
	}
	return strconv.FormatInt(bytes, 10) + " B"
}

// part draws a template that follows the fakes, and names its version, which
// goes into the page with it.
func (s *site) part(lang, name string, data any) (html template.HTML, version string, err error) {
	var b bytes.Buffer
	err = s.pages[lang].ExecuteTemplate(&b, name, data)
	sum := sha256.Sum256(b.Bytes())
	version = hex.EncodeToString(sum[:8])
	return template.HTML(b.String()), version, err // a template made it
}

func versioned(name string, html template.HTML, version string) template.HTML {
	return html + template.HTML(fmt.Sprintf(`<input type="hidden" id="v-%s" name="v-%s" value="%s">`, name, name, version))
}

// draw writes a template whole.
func (s *site) draw(w http.ResponseWriter, r *http.Request, name string, data any) {
	var b bytes.Buffer
	if err := s.pages[lang(r)].ExecuteTemplate(&b, name, data); err != nil {
		s.broken(w, name, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // the client may have left; nobody else to tell
}

// live writes a part of the page that follows the fakes. A window that has
// this version already gets 204: nothing is redrawn under the visitor's hands,
// and nothing is read to him twice.
func (s *site) live(w http.ResponseWriter, r *http.Request, name string, data any) {
	html, version, err := s.part(lang(r), name, data)
	switch {
	case err != nil:
		s.broken(w, name, err)
	case r.FormValue("v-"+name) == version:
		w.WriteHeader(http.StatusNoContent)
	default:
		writeHTML(w, versioned(name, html, version))
	}
}

func writeHTML(w http.ResponseWriter, html template.HTML) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, string(html)) // the client may have left; nobody else to tell
}

func (s *site) broken(w http.ResponseWriter, name string, err error) {
	s.log.Error("draw the demo page", "template", name, "err", err)
	http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
}

// settle answers a form: what it changed shows in the live parts, which the
// header tells to look again. An error is the visitor's to read.
func settle(w http.ResponseWriter, side string, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("HX-Trigger", "poruch-"+side)
	w.WriteHeader(http.StatusNoContent)
}

// initial is the first letter of a name, for the round picture.
func initial(name string) string {
	for _, r := range strings.ToUpper(name) {
		return string(r)
	}
	return "?"
}

// hues is how many colours the round pictures have (c0 to c7 in demo.css).
const hues = 8

// hue picks one of them, always the same for the same key.
func hue(key string) int {
	sum := sha256.Sum256([]byte(key))
	return int(sum[0] % hues)
}

// dict gives a template several values by name; names and values alternate.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict wants pairs, got %d values", len(pairs))
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m, nil
}
