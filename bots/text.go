package bots

// Text is what people read: plain characters with spans that lie over them.
// Adapters and consoles render it in their own way, so nothing is ever escaped
// twice and hostile characters stay characters.
type Text struct {
	Plain string `json:"plain"`
	Spans []Span `json:"spans,omitempty"` // ordered by Start; nested or disjoint, never crossing
}

// SpanKind is a way to show a piece of text.
type SpanKind string

// The spans that every adapter can show or leave out.
const (
	Bold    SpanKind = "bold"
	Italic  SpanKind = "italic"
	Strike  SpanKind = "strike"
	Code    SpanKind = "code"
	Block   SpanKind = "block" // preformatted block
	Quote   SpanKind = "quote"
	Link    SpanKind = "link" // URL holds an http, https, tel or mailto address
	Mention SpanKind = "mention"
)

// Span covers Plain[Start:End] (bytes, on rune borders).
type Span struct {
	Kind  SpanKind `json:"kind"`
	Start int      `json:"start"`
	End   int      `json:"end"`
	URL   string   `json:"url,omitempty"`
}

// Plain is a text without spans.
func Plain(s string) Text { return Text{Plain: s} }
