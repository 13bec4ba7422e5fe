package telegramtest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// File is a file in a chat.
type File struct {
	Kind string `json:"kind"` // photo, document, voice, video, audio or sticker
	Name string `json:"name,omitempty"`
	MIME string `json:"mime,omitempty"`
	Size int64  `json:"size,omitempty"` // bytes; len(Data) when 0
	Data []byte `json:"-"`
}

// storedFile is a File with its addresses on the server.
type storedFile struct {
	File
	id, path string
}

var kinds = []string{"photo", "document", "voice", "video", "audio", "sticker"}

// The real server's limit for getFile: https://core.telegram.org/bots/api#getfile
const maxDownload = 20 << 20

// keep stores a file; s.mu is held.
func (s *Server) keep(f File) (*storedFile, error) {
	if !slices.Contains(kinds, f.Kind) {
		return nil, fmt.Errorf("unknown kind of file %q", f.Kind)
	}
	if f.Size == 0 {
		f.Size = int64(len(f.Data))
	}
	s.nextFile++
	n := strconv.Itoa(s.nextFile)
	k := &storedFile{File: f, id: "FILE" + n + "-" + f.Kind, path: f.Kind + "s/file_" + n}
	s.files[k.id] = k
	return k, nil
}

// wire returns the field of a message that shows the file, and its value.
func (k *storedFile) wire() (string, any) {
	o := obj{"file_id": k.id, "file_unique_id": "u" + k.id, "file_size": k.Size}
	named := func() obj {
		if k.Name != "" {
			o["file_name"] = k.Name
		}
		if k.MIME != "" {
			o["mime_type"] = k.MIME
		}
		return o
	}
	switch k.Kind {
	case "photo": // in two sizes, the larger last
		o["width"], o["height"] = 1280, 960
		small := obj{"file_id": k.id + "-small", "file_unique_id": "us" + k.id, "width": 320, "height": 240, "file_size": max(1, k.Size/10)}
		return "photo", []obj{small, o}
	case "voice":
		o["duration"] = 7
		if k.MIME != "" {
			o["mime_type"] = k.MIME
		}
		return "voice", o
	case "sticker":
		o["type"], o["width"], o["height"], o["emoji"] = "regular", 512, 512, "👍"
		o["is_animated"], o["is_video"] = false, false
		return "sticker", o
	case "video":
		named()
		o["width"], o["height"], o["duration"] = 640, 360, 12
		return "video", o
	case "audio":
		named()
		o["duration"] = 180
		return "audio", o
	default:
		return "document", named()
	}
}

func (s *Server) getFile(c *call) (any, *apiError) {
	id := strings.TrimSuffix(c.params["file_id"], "-small")
	k, ok := s.files[id]
	switch {
	case !ok:
		return nil, badRequest("invalid file_id")
	case k.Size > maxDownload:
		return nil, badRequest("file is too big")
	}
	return obj{"file_id": k.id, "file_unique_id": "u" + k.id, "file_size": k.Size, "file_path": k.path}, nil
}

func (s *Server) serveFile(w http.ResponseWriter, rest string) {
	token, path, _ := strings.Cut(rest, "/")
	if token != s.cfg.Token {
		refuse(w, &apiError{code: http.StatusUnauthorized, what: "Unauthorized"})
		return
	}
	s.mu.Lock()
	var data []byte
	ok := false
	for _, k := range s.files {
		if k.path == path {
			data, ok = k.Data, true
		}
	}
	s.mu.Unlock()
	if !ok {
		refuse(w, &apiError{code: http.StatusNotFound, what: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) // the client may have left
}
