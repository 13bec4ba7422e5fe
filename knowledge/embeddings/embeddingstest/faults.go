package embeddingstest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// Fault is a way to fail.
type Fault string

// The ways to fail. Working is none.
const (
	Working       Fault = ""
	Unauthorized  Fault = "401"
	NotFound      Fault = "404"
	TooMany       Fault = "429, come again in a minute"
	ServerError   Fault = "500"
	Slow          Fault = "no answer before the caller gives up"
	HalfClosed    Fault = "the connection ends after half of the answer"
	Dropped       Fault = "the connection ends before an answer"
	Truncated     Fault = "JSON that ends in the middle"
	WrongCount    Fault = "a vector is missing"
	WrongIndex    Fault = "a number that no text has"
	SameIndex     Fault = "one number twice"
	NoIndex       Fault = "vectors without numbers"
	WrongSize     Fault = "vectors of another size"
	UnevenSizes   Fault = "vectors of different sizes"
	NaN           Fault = "NaN in a vector"
	Null          Fault = "null in a vector"
	TooLarge      Fault = "a number that no float holds"
	Zero          Fault = "a vector of zeros"
	Base64        Fault = "vectors as base64"
	NoData        Fault = "200 without data"
	Huge          Fault = "a body without end"
	HTML          Fault = "a page instead of JSON"
	RedirectHost  Fault = "a redirect to another host"
	RedirectPlain Fault = "a redirect that turns the request into a GET"
)

// Faults lists all ways to fail.
func Faults() []Fault {
	return []Fault{
		Unauthorized, NotFound, TooMany, ServerError, Slow, HalfClosed, Dropped, Truncated, WrongCount, WrongIndex, SameIndex,
		NoIndex, WrongSize, UnevenSizes, NaN, Null, TooLarge, Zero, Base64, NoData, Huge, HTML, RedirectHost, RedirectPlain,
	}
}

// RetryAfter is what TooMany asks for, in seconds.
const RetryAfter = 60

// elsewhere is where redirects lead.
const elsewhere = "/elsewhere/embeddings"

// happen fails before there are vectors; false when it does not.
func (f Fault) happen(w http.ResponseWriter, r *http.Request) bool {
	switch f {
	case Unauthorized:
		refuse(w, http.StatusUnauthorized, "invalid_api_key", "Incorrect API key provided: "+Key)
	case NotFound:
		refuse(w, http.StatusNotFound, "model_not_found", "The model does not exist")
	case TooMany:
		w.Header().Set("Retry-After", strconv.Itoa(RetryAfter))
		refuse(w, http.StatusTooManyRequests, "rate_limit_exceeded", "Slow down, "+Key)
	case ServerError:
		refuse(w, http.StatusInternalServerError, "server_error", "It broke with "+Key)
	case Slow:
		<-r.Context().Done()
	case Dropped:
		panic(http.ErrAbortHandler)
	case Huge:
		chunk := bytes.Repeat([]byte(" "), 64<<10)
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				break
			}
		}
	case HTML:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>Sign in</title><p>" + Key))
	case NoData:
		_, _ = w.Write([]byte(`{"object":"list"}`))
	case RedirectHost:
		w.Header().Set("Location", "http://elsewhere.test"+elsewhere)
		w.WriteHeader(http.StatusPermanentRedirect)
	case RedirectPlain:
		w.Header().Set("Location", elsewhere)
		w.WriteHeader(http.StatusFound)
	default:
		return false
	}
	return true
}

// write sends an answer, or spoils it.
func (f Fault) write(w http.ResponseWriter, body []byte, data []item) {
	w.Header().Set("Content-Type", "application/json")
	switch f {
	case HalfClosed:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		panic(http.ErrAbortHandler)
	case Truncated:
		body = body[:len(body)/2]
	case WrongCount:
		body = marshal(data[1:])
	case WrongIndex:
		data[0].Index = len(data)
		body = marshal(data)
	case SameIndex:
		body = marshal(append(data, data[0]))
	case NoIndex:
		body = bytes.ReplaceAll(body, []byte(`"index":`), []byte(`"place":`))
	case WrongSize:
		for i := range data {
			data[i].Embedding = data[i].Embedding[1:]
		}
		body = marshal(data)
	case UnevenSizes:
		// One text alone cannot be uneven; its vector is then of another size.
		data[0].Embedding = data[0].Embedding[1:]
		body = marshal(data)
	case NaN:
		body = []byte(withFirst(body, "NaN"))
	case Null:
		body = []byte(withFirst(body, "null"))
	case TooLarge:
		body = []byte(withFirst(body, "1e300"))
	case Zero:
		clear(data[0].Embedding)
		body = marshal(data)
	case Base64:
		body = []byte(`{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAgD8="}]}`)
	}
	_, _ = w.Write(body)
}

func marshal(data []item) []byte {
	body, _ := json.Marshal(answer{Object: "list", Data: data, Model: Model})
	return body
}

// withFirst replaces the first number of the first vector.
func withFirst(body []byte, by string) string {
	before, rest, _ := strings.Cut(string(body), `"embedding":[`)
	_, after, _ := strings.Cut(rest, ",")
	return before + `"embedding":[` + by + "," + after
}
