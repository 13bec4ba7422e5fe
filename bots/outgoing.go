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

// Button is a choice under a message. Pressing it comes back as Pressed.
type Button struct {
	Label string
	Data  string // at most 64 bytes (Telegram's limit, the smallest)
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
