package bots

import (
	"context"
	"io"
)

// Outgoing is one message on its way to a platform.
type Outgoing struct {
	To      Address
	ReplyTo MessageID // answers this message where the platform can; ignored when it is gone
	Text    Text
	Buttons [][]Button // rows
	Files   []Upload
}

// Button is a choice under a message, or a link. Pressing a choice comes back as
// Pressed; a link opens and says nothing.
type Button struct {
	Label string
	Data  string // of a choice: at most 64 bytes (Telegram's limit, the smallest)
	// URL makes it a link: an address of https or http. An adapter leaves out
	// links that its platform would not open.
	URL string `json:",omitempty"`
}

// Upload is a file on its way out. Open begins it anew, as often as an attempt
// needs; the adapter closes what it returns. A permanent error of Open, or of
// reading, makes Send fail with it. Nothing is buffered whole in memory.
type Upload struct {
	Name string
	MIME string
	Size int64 // bytes; 0 when unknown
	Open func(context.Context) (io.ReadCloser, error)
}
