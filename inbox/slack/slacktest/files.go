package slacktest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// maxUpload bounds one file, in bytes.
const maxUpload = 128 << 20

// uploadURL promises a place for a file:
// https://docs.slack.dev/reference/methods/files.getUploadURLExternal
func (s *Server) uploadURL(a args) answer {
	size, err := strconv.ParseInt(a["length"], 10, 64)
	if err != nil || size <= 0 || a["filename"] == "" {
		return failure("invalid_arguments")
	}
	f := &File{ID: s.id("F"), Name: a["filename"], Size: size, MIME: mime.TypeByExtension(path.Ext(a["filename"]))}
	if f.MIME == "" {
		f.MIME = "application/octet-stream"
	}
	s.uploads[f.ID] = f
	return answer{"upload_url": "http://" + s.host + "/upload/" + f.ID, "file_id": f.ID}
}

// upload takes the bytes, as a form's file or as they are.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	var in io.Reader = r.Body
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		parts, err := r.MultipartReader()
		if err != nil {
			http.Error(w, "not a form", http.StatusBadRequest)
			return
		}
		for {
			p, err := parts.NextPart()
			if err != nil {
				http.Error(w, "no file", http.StatusBadRequest)
				return
			}
			if p.FileName() != "" {
				in = p
				break
			}
		}
	}
	data, err := io.ReadAll(io.LimitReader(in, maxUpload))
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.uploads[r.PathValue("id")]
	if err != nil || f == nil || int64(len(data)) != f.Size {
		http.Error(w, "unknown upload, or another length than promised", http.StatusBadRequest)
		return
	}
	f.Data = data
	_, _ = io.WriteString(w, "OK - "+strconv.Itoa(len(data))) // the client left
}

// completeUpload shares uploaded files as one message:
// https://docs.slack.dev/reference/methods/files.completeUploadExternal
func (s *Server) completeUpload(a args) answer {
	var given []struct{ ID, Title string }
	if json.Unmarshal([]byte(a["files"]), &given) != nil || len(given) == 0 {
		return failure("invalid_arguments")
	}
	m := &Message{Channel: a["channel_id"], ThreadTS: a["thread_ts"], User: s.cfg.BotUser.ID, IsBot: true, Text: a["initial_comment"]}
	if m.Text == "" && a["blocks"] != "" {
		m.Blocks = json.RawMessage(a["blocks"])
		if checkBlocks(m.Blocks) != "" || words(m.Blocks) > maxWords {
			return failure("invalid_blocks")
		}
	}
	var out []map[string]any
	for _, g := range given {
		f := s.uploads[g.ID]
		if f == nil || f.Data == nil {
			return failure("file_not_found")
		}
		f.Title = g.Title
		m.Files = append(m.Files, *f)
		out = append(out, map[string]any{"id": f.ID, "title": f.Title})
	}
	if m.Channel != "" {
		if bad := s.place(m.Channel); bad != nil {
			return bad
		}
		if m.ThreadTS != "" && s.message(m.Channel, m.ThreadTS) == nil {
			return failure("thread_not_found")
		}
		s.add(m)
	}
	for _, g := range given {
		delete(s.uploads, g.ID)
	}
	return answer{"files": out}
}

func (s *Server) file(id string) *File {
	for _, m := range s.messages {
		for i := range m.Files {
			if m.Files[i].ID == id && !m.Deleted {
				return &m.Files[i]
			}
		}
	}
	return nil
}

func (s *Server) fileInfo(a args) answer {
	f := s.file(a["file"])
	if f == nil {
		return failure("file_not_found")
	}
	return answer{"file": s.fileObject(f)}
}

// download serves a file to the bot token; anybody else is sent to sign in, as
// a browser would be.
func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	f := s.file(r.PathValue("id"))
	s.mu.Unlock()
	switch {
	case s.refuse(token, "files:read") != nil:
		w.Header().Set("Content-Type", "text/html")
		http.Redirect(w, r, "/signin?redir="+r.URL.EscapedPath(), http.StatusFound)
	case f == nil:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", f.MIME)
		_, _ = w.Write(f.Data) // the client left
	}
}
