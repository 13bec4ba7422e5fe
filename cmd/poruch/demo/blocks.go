package demo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"github.com/poruch/poruch/inbox/slack/slacktest"
)

// block is a Block Kit block as the page draws it
// (https://docs.slack.dev/reference/block-kit/blocks). A kind the page does not
// know is drawn as its name, so that nobody takes it for missing.
type block struct {
	Kind      string
	ID        string
	HTML      template.HTML
	Fields    []template.HTML
	Elements  []element
	Accessory *element
	Picture   *blockPicture
	Label     template.HTML // of an input
	Hint      template.HTML
	Optional  bool
	Input     *element
	Error     string
}

type blockPicture struct{ URL, Alt, Title string }

// element is something inside a block. Kind: button, select, overflow, text,
// image, or an input's type.
type element struct {
	Kind, Key, Action string
	HTML              template.HTML
	Text, Value       string
	Style, Link       string
	Confirm           string
	Placeholder       string
	Initial           string
	Options           []choice
	Multiline         bool
	Max               int
	Vals              string // hx-vals of a press
	Picture           *blockPicture
}

type choice struct {
	Text, Value string
	Selected    bool
}

// blockContext is where blocks stand.
type blockContext struct {
	names       names
	channel, ts string
	files       []slacktest.File
}

type rawText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type rawOption struct {
	Text  rawText `json:"text"`
	Value string  `json:"value"`
}

type rawElement struct {
	rawText2
	ActionID       string          `json:"action_id"`
	Value          string          `json:"value"`
	Style          json.RawMessage `json:"style"`
	URL            string          `json:"url"`
	ImageURL       string          `json:"image_url"`
	AltText        string          `json:"alt_text"`
	SlackFile      *rawSlackFile   `json:"slack_file"`
	Confirm        *rawConfirm     `json:"confirm"`
	Placeholder    *rawText        `json:"placeholder"`
	Options        []rawOption     `json:"options"`
	OptionGroups   []rawGroup      `json:"option_groups"`
	InitialOption  *rawOption      `json:"initial_option"`
	InitialOptions []rawOption     `json:"initial_options"`
	InitialValue   string          `json:"initial_value"`
	InitialDate    string          `json:"initial_date"`
	InitialTime    string          `json:"initial_time"`
	Multiline      bool            `json:"multiline"`
	MaxLength      int             `json:"max_length"`
}

// rawText2 is the type of an element and its text, which is an object in
// buttons and a plain string in the context's text elements.
type rawText2 struct {
	Type string          `json:"type"`
	Text json.RawMessage `json:"text"`
}

type rawGroup struct {
	Options []rawOption `json:"options"`
}

type rawConfirm struct {
	Title rawText `json:"title"`
	Text  rawText `json:"text"`
}

type rawSlackFile struct {
	ID string `json:"id"`
}

type rawBlock struct {
	Type      string            `json:"type"`
	BlockID   string            `json:"block_id"`
	Text      json.RawMessage   `json:"text"`
	Fields    []rawText         `json:"fields"`
	Accessory *rawElement       `json:"accessory"`
	Elements  []json.RawMessage `json:"elements"`
	Element   *rawElement       `json:"element"`
	Label     rawText           `json:"label"`
	Hint      rawText           `json:"hint"`
	Optional  bool              `json:"optional"`
	ImageURL  string            `json:"image_url"`
	AltText   string            `json:"alt_text"`
	Title     rawText           `json:"title"`
	SlackFile *rawSlackFile     `json:"slack_file"`
}

// readBlocks never fails: what is not blocks is shown as nothing.
func readBlocks(raw json.RawMessage, at blockContext) []block {
	var in []rawBlock
	if len(raw) == 0 || json.Unmarshal(raw, &in) != nil {
		return nil
	}
	var out []block
	for i, b := range in {
		out = append(out, at.block(i, b))
	}
	return out
}

func (at blockContext) block(i int, b rawBlock) block {
	out := block{Kind: b.Type, ID: cmp.Or(b.BlockID, "b"+strconv.Itoa(i))}
	key := strings.ReplaceAll(at.ts, ".", "-") + "-" + strconv.Itoa(i)
	switch b.Type {
	case "header", "section":
		out.HTML = at.text(asText(b.Text))
		for _, f := range b.Fields {
			out.Fields = append(out.Fields, at.text(f))
		}
		if b.Accessory != nil {
			e := at.element(key+"-a", *b.Accessory)
			out.Accessory = &e
		}
	case "divider":
	case "context", "actions":
		for n, raw := range b.Elements {
			var e rawElement
			if json.Unmarshal(raw, &e) == nil {
				out.Elements = append(out.Elements, at.element(key+"-"+strconv.Itoa(n), e))
			}
		}
	case "image":
		out.Picture = at.picture(b.ImageURL, b.AltText, b.SlackFile)
		out.Picture.Title = b.Title.Text
	case "rich_text":
		out.HTML = richText(b.Elements, at.names)
	case "markdown":
		out.HTML = template.HTML(template.HTMLEscapeString(asText(b.Text).Text))
	case "input":
		out.Label, out.Hint, out.Optional = at.text(b.Label), at.text(b.Hint), b.Optional
		if b.Element != nil {
			e := at.element(key, *b.Element)
			out.Input = &e
		}
	default:
		out.Kind, out.HTML = "unknown", template.HTML(template.HTMLEscapeString(b.Type))
	}
	return out
}

// asText reads a text object, or the plain string that some blocks have.
func asText(raw json.RawMessage) rawText {
	var t rawText
	if json.Unmarshal(raw, &t) != nil {
		_ = json.Unmarshal(raw, &t.Text) // neither: no text
	}
	return t
}

func (at blockContext) text(t rawText) template.HTML {
	if t.Type == "mrkdwn" {
		return mrkdwn(t.Text, at.names)
	}
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(emojis(t.Text)), "\n", "<br>"))
}

func (at blockContext) element(key string, e rawElement) element {
	t := asText(e.Text)
	out := element{
		Kind: e.Type, Key: key, Action: e.ActionID, Text: emojis(t.Text), Value: e.Value, Link: webLink(e.URL),
		Multiline: e.Multiline, Max: e.MaxLength, Initial: cmp.Or(e.InitialValue, e.InitialDate, e.InitialTime),
	}
	_ = json.Unmarshal(e.Style, &out.Style) // rich text has an object here, a button a string or nothing
	if e.Placeholder != nil {
		out.Placeholder = e.Placeholder.Text
	}
	if e.Confirm != nil {
		out.Confirm = strings.TrimSpace(e.Confirm.Title.Text + "\n" + e.Confirm.Text.Text)
	}
	chosen := map[string]bool{}
	if e.InitialOption != nil {
		chosen[e.InitialOption.Value] = true
	}
	for _, o := range e.InitialOptions {
		chosen[o.Value] = true
	}
	all := e.Options
	for _, g := range e.OptionGroups {
		all = append(all, g.Options...)
	}
	for _, o := range all {
		out.Options = append(out.Options, choice{emojis(o.Text.Text), o.Value, chosen[o.Value]})
	}
	switch e.Type {
	case "mrkdwn", "plain_text":
		out.Kind = "text"
		out.HTML = at.text(rawText{e.Type, t.Text})
	case "image":
		out.Picture = at.picture(e.ImageURL, e.AltText, e.SlackFile)
	}
	if e.ActionID != "" {
		v, err := vals("ts", at.ts, "action", e.ActionID)
		if e.Type == "button" && err == nil {
			v, err = vals("ts", at.ts, "action", e.ActionID, "value", e.Value)
		}
		if err == nil {
			out.Vals = v
		}
	}
	return out
}

// picture shows only files of the same message: the page loads nothing from
// other hosts, so of any other image it shows the description.
func (at blockContext) picture(_, alt string, f *rawSlackFile) *blockPicture {
	p := &blockPicture{Alt: alt}
	for i, have := range at.files {
		if f != nil && have.ID == f.ID && picture(have.MIME) {
			p.URL = fmt.Sprintf("/media/slack/%s/%s/%d", at.channel, at.ts, i)
		}
	}
	return p
}

// webLink lets only addresses of the web through; anything else becomes "".
func webLink(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "tg" && u.Scheme != "mailto" {
		return ""
	}
	return raw
}
