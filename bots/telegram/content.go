package telegram

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"github.com/poruch/poruch/bots"
)

// contentOf lists a message's files, and says in words what is neither text nor
// file, so that nothing a customer sends is dropped.
func contentOf(tg *models.Message) (files []bots.File, spoken string) {
	add := func(kind bots.FileKind, f bots.File) {
		f.ID, f.Kind, f.Name, f.MIME = bots.FileID(clean(string(f.ID))), kind, clean(f.Name), clean(f.MIME)
		files = append(files, f)
	}
	if n := len(tg.Photo); n > 0 {
		largest := tg.Photo[0]
		for _, p := range tg.Photo {
			if p.Width*p.Height > largest.Width*largest.Height {
				largest = p
			}
		}
		add(bots.Photo, bots.File{ID: bots.FileID(largest.FileID), Name: "photo.jpg", MIME: "image/jpeg", Size: int64(largest.FileSize)})
	}
	switch {
	case tg.Animation != nil: // comes with Document set to the same file
		a := tg.Animation
		add(bots.Video, bots.File{ID: bots.FileID(a.FileID), Name: or(a.FileName, "animation.mp4"), MIME: a.MimeType, Size: int64(a.FileSize)})
	case tg.Document != nil:
		d := tg.Document
		add(bots.Document, bots.File{ID: bots.FileID(d.FileID), Name: or(d.FileName, "file"), MIME: d.MimeType, Size: int64(d.FileSize)})
	}
	if v := tg.Voice; v != nil {
		add(bots.Voice, bots.File{ID: bots.FileID(v.FileID), Name: "voice.ogg", MIME: or(v.MimeType, "audio/ogg"), Size: int64(v.FileSize), Note: length(v.Duration)})
	}
	if a := tg.Audio; a != nil {
		add(bots.Audio, bots.File{ID: bots.FileID(a.FileID), Name: or(a.FileName, "audio.mp3"), MIME: a.MimeType, Size: int64(a.FileSize), Note: length(a.Duration)})
	}
	if v := tg.Video; v != nil {
		add(bots.Video, bots.File{ID: bots.FileID(v.FileID), Name: or(v.FileName, "video.mp4"), MIME: or(v.MimeType, "video/mp4"), Size: int64(v.FileSize), Note: length(v.Duration)})
	}
	if v := tg.LivePhoto; v != nil && len(tg.Photo) == 0 {
		add(bots.Video, bots.File{ID: bots.FileID(v.FileID), Name: "live-photo.mp4", MIME: or(v.MimeType, "video/mp4"), Size: int64(v.FileSize), Note: length(v.Duration)})
	}
	if v := tg.VideoNote; v != nil {
		add(bots.Video, bots.File{ID: bots.FileID(v.FileID), Name: "video-note.mp4", MIME: "video/mp4", Size: int64(v.FileSize), Note: length(v.Duration)})
	}
	if s := tg.Sticker; s != nil {
		name, mime := "sticker.webp", "image/webp"
		switch {
		case s.IsVideo:
			name, mime = "sticker.webm", "video/webm"
		case s.IsAnimated:
			name, mime = "sticker.tgs", "application/gzip"
		}
		add(bots.Sticker, bots.File{ID: bots.FileID(s.FileID), Name: name, MIME: mime, Size: int64(s.FileSize), Note: clean(s.Emoji)})
	}
	return files, spokenOf(tg)
}

// spokenOf words what has no file: a place, a contact, a poll, a die.
func spokenOf(tg *models.Message) string {
	switch {
	case tg.Venue != nil:
		return fmt.Sprintf("📍 %s, %s\n%s", clean(tg.Venue.Title), clean(tg.Venue.Address), mapLink(tg.Venue.Location))
	case tg.Location != nil:
		return "📍 " + mapLink(*tg.Location)
	case tg.Contact != nil:
		name := strings.TrimSpace(clean(tg.Contact.FirstName) + " " + clean(tg.Contact.LastName))
		return fmt.Sprintf("👤 %s %s", name, clean(tg.Contact.PhoneNumber))
	case tg.Poll != nil:
		lines := []string{"📊 " + clean(tg.Poll.Question)}
		for _, o := range tg.Poll.Options {
			lines = append(lines, "• "+clean(o.Text))
		}
		return strings.Join(lines, "\n")
	case tg.Dice != nil:
		return fmt.Sprintf("%s %d", clean(tg.Dice.Emoji), tg.Dice.Value)
	case tg.Story != nil:
		return "📖"
	case tg.Game != nil:
		return "🎮 " + clean(tg.Game.Title)
	case tg.Checklist != nil:
		return "☑️ " + clean(tg.Checklist.Title)
	}
	return ""
}

func mapLink(l models.Location) string {
	return fmt.Sprintf("https://maps.google.com/?q=%.6f,%.6f", l.Latitude, l.Longitude)
}

func length(seconds int) string { return (time.Duration(seconds) * time.Second).String() }

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// isService: Telegram tells of something (a join, a pin, a new title); nobody
// said anything.
func isService(tg *models.Message) bool {
	return tg.Text == "" && tg.Caption == ""
}
