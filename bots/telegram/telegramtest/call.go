package telegramtest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// maxRequest bounds a request body: the real server's 50 MB upload limit
// (https://core.telegram.org/bots/api#sending-files) and room for a form.
const maxRequest = 55 << 20

// call is one request, whatever encoding it came in.
type call struct {
	method string
	params map[string]string // JSON values stay JSON
	files  map[string]File   // multipart parts by field name
}

func readCall(w http.ResponseWriter, r *http.Request, method string) (*call, error) {
	c := &call{method: method, params: map[string]string{}, files: map[string]File{}}
	for k, v := range r.URL.Query() {
		c.params[k] = v[0]
	}
	if r.Method != http.MethodPost {
		return c, nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "multipart/form-data":
		return c, c.readMultipart(r)
	case "application/json":
		return c, c.readJSON(r.Body)
	default:
		if err := r.ParseForm(); err != nil {
			return c, err
		}
		for k, v := range r.PostForm {
			c.params[k] = v[0]
		}
		return c, nil
	}
}

func (c *call) readMultipart(r *http.Request) error {
	form, err := r.MultipartReader()
	if err != nil {
		return err
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			// A call without parameters has an empty form, which has no end mark.
			if len(c.params)+len(c.files) == 0 && strings.Contains(err.Error(), "EOF") {
				return nil
			}
			return err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FileName() == "" {
			c.params[part.FormName()] = string(data)
			continue
		}
		c.files[part.FormName()] = File{Name: part.FileName(), Size: int64(len(data)), Data: data}
	}
}

func (c *call) readJSON(body io.Reader) error {
	var raw map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&raw); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for k, v := range raw {
		var s string
		if json.Unmarshal(v, &s) == nil {
			c.params[k] = s
		} else {
			c.params[k] = string(v)
		}
	}
	return nil
}

func (c *call) int(name string) int64 {
	n, _ := strconv.ParseInt(c.params[name], 10, 64)
	return n
}

// decode reads a JSON parameter; an absent one leaves into as it is.
func (c *call) decode(name string, into any) *apiError {
	if c.params[name] == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(c.params[name]), into); err != nil {
		return badRequest("can't parse " + name + " JSON object")
	}
	return nil
}
