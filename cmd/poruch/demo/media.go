package demo

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
)

// pictures are the kinds that a browser may draw; the rest is only downloaded.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

func picture(kind string) bool { return slices.Contains(pictures, kind) }

// serveFile sends a file of a fake. What people send is not to run as a page
// of ours, so everything but pictures is a download.
func serveFile(w http.ResponseWriter, name, kind string, data []byte) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Type", "application/octet-stream")
	if picture(kind) {
		h.Set("Content-Type", kind)
	} else {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	_, _ = w.Write(data) // the client may have left; nobody else to tell
}

func (s *site) telegramMedia(w http.ResponseWriter, r *http.Request) {
	chat, _ := strconv.ParseInt(r.PathValue("chat"), 10, 64) // a bad number finds nothing
	id, _ := strconv.Atoi(r.PathValue("message"))
	n, _ := strconv.Atoi(r.PathValue("n"))
	for _, m := range s.cfg.Telegram.Messages(chat) {
		if m.ID == id && !m.Deleted && n >= 0 && n < len(m.Files) {
			f := m.Files[n]
			kind := f.MIME
			if kind == "" && f.Kind == "photo" {
				kind = http.DetectContentType(f.Data)
			}
			serveFile(w, f.Name, kind, f.Data)
			return
		}
	}
	http.NotFound(w, r)
}

func (s *site) slackMedia(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	for _, m := range s.cfg.Slack.Messages(r.PathValue("channel")) {
		if m.TS == r.PathValue("ts") && !m.Deleted && n >= 0 && n < len(m.Files) {
			serveFile(w, m.Files[n].Name, m.Files[n].MIME, m.Files[n].Data)
			return
		}
	}
	http.NotFound(w, r)
}
