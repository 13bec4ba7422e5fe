package markdown

import (
	"fmt"
	"net/url"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/poruch/poruch/bots"
)

// small is goldmark with the blocks and inlines that chats can show; headings,
// HTML, images and references are not parsed, so they stay plain characters.
var small = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
	),
)

// Parse turns Markdown into text with spans. It never fails.
func Parse(source string) bots.Text {
	source = strings.ToValidUTF8(strings.ReplaceAll(source, "\x00", ""), "\uFFFD")
	src := []byte(source)
	w := &writer{src: src}
	w.blocks(small.Parse(text.NewReader(src)), "")
	plain := strings.TrimRight(w.out.String(), "\n ")
	spans := w.spans[:0]
	for _, s := range w.spans {
		s.End = min(s.End, len(plain))
		if s.Start < s.End {
			spans = append(spans, s)
		}
	}
	// Outer spans come first, so that renderers can nest them.
	sort.SliceStable(spans, func(i, j int) bool {
		if spans[i].Start != spans[j].Start {
			return spans[i].Start < spans[j].Start
		}
		return spans[i].End > spans[j].End
	})
	return bots.Text{Plain: plain, Spans: spans}
}

type writer struct {
	src   []byte
	out   strings.Builder
	spans []bots.Span
}

// span covers what do writes.
func (w *writer) span(kind bots.SpanKind, address string, do func()) {
	start := w.out.Len()
	do()
	if end := w.out.Len(); end > start {
		w.spans = append(w.spans, bots.Span{Kind: kind, Start: start, End: end, URL: address})
	}
}

// blocks writes the children of a block, each on lines of its own; indent goes
// before every line after the first of a list item.
func (w *writer) blocks(parent ast.Node, indent string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n.PreviousSibling() != nil {
			w.between(parent, n, indent)
		}
		switch n := n.(type) {
		case *ast.List:
			w.blocks(n, indent)
		case *ast.ListItem:
			mark := bullet(n)
			w.out.WriteString(mark)
			w.blocks(n, indent+strings.Repeat(" ", len([]rune(mark))))
		case *ast.FencedCodeBlock:
			w.span(bots.Block, "", func() { w.lines(n) })
		case *ast.Blockquote:
			w.span(bots.Quote, "", func() { w.blocks(n, indent) })
		default:
			w.inlines(n)
		}
	}
}

// between separates two blocks: an empty line between paragraphs, a new line
// between list items.
func (w *writer) between(parent, n ast.Node, indent string) {
	w.out.WriteString("\n")
	list, inList := parent.(*ast.List)
	_, nested := n.(*ast.List)
	if !(inList && list.IsTight) && !nested || n.HasBlankPreviousLines() && !inList {
		w.out.WriteString("\n")
	}
	w.out.WriteString(indent)
}

func bullet(item *ast.ListItem) string {
	list := item.Parent().(*ast.List)
	if !list.IsOrdered() {
		return "• "
	}
	n := list.Start
	for prev := item.PreviousSibling(); prev != nil; prev = prev.PreviousSibling() {
		n++
	}
	return fmt.Sprintf("%d. ", n)
}

func (w *writer) lines(n ast.Node) {
	var code strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		code.Write(line.Value(w.src))
	}
	w.out.WriteString(strings.TrimRight(code.String(), "\n"))
}

func (w *writer) inlines(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.inline(n)
	}
}

func (w *writer) inline(n ast.Node) {
	inner := func() { w.inlines(n) }
	switch n := n.(type) {
	case *ast.Text:
		w.out.Write(util.UnescapePunctuations(n.Segment.Value(w.src)))
		if n.SoftLineBreak() || n.HardLineBreak() {
			w.out.WriteString("\n")
		}
	case *ast.String:
		w.out.Write(n.Value)
	case *ast.CodeSpan:
		w.span(bots.Code, "", func() { w.raw(n) })
	case *ast.Emphasis:
		kind := bots.Italic
		if n.Level == 2 {
			kind = bots.Bold
		}
		w.span(kind, "", inner)
	case *extast.Strikethrough:
		w.span(bots.Strike, "", inner)
	case *ast.Link:
		w.link(string(n.Destination), inner)
	default:
		inner()
	}
}

// raw writes the characters of a code span as they are.
func (w *writer) raw(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			w.out.Write(t.Segment.Value(w.src))
		}
	}
}

// link keeps an address that a chat may open; of any other the address stays
// readable beside its words.
func (w *writer) link(address string, inner func()) {
	if !opens(address) {
		inner()
		w.out.WriteString(" (" + address + ")")
		return
	}
	w.span(bots.Link, address, inner)
}

func opens(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "tel", "mailto":
		return u.Opaque != ""
	}
	return false
}
