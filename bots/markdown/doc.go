// Package markdown reads the small Markdown that trainers write answers in:
// bold, italic, strike, code, links, lists and paragraphs become spans of a
// bots.Text. Whatever else is typed stays as the characters that were typed.
package markdown
