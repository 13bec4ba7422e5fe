package slack

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
)

// callback is an event as the Events API wraps it; only what we read. The
// library's own types are stricter than Slack is.
// https://docs.slack.dev/reference/events/message
type callback struct {
	EventID string `json:"event_id"`
	Event   struct {
		said
		Channel         string `json:"channel"`
		DeletedTS       string `json:"deleted_ts"`
		Message         *said  `json:"message"`
		PreviousMessage *said  `json:"previous_message"`
	} `json:"event"`
	// Authorizations name our own bot user: files that it shares come without
	// a bot_id.
	Authorizations []struct {
		UserID string `json:"user_id"`
		IsBot  bool   `json:"is_bot"`
	} `json:"authorizations"`
}

// isOurs says whether a user is our own bot.
func (c callback) isOurs(user string) bool {
	for _, a := range c.Authorizations {
		if a.IsBot && a.UserID == user {
			return true
		}
	}
	return false
}

// said is one message in Slack.
type said struct {
	Type     string          `json:"type"`
	Subtype  string          `json:"subtype"`
	User     string          `json:"user"`
	BotID    string          `json:"bot_id"`
	TS       string          `json:"ts"`
	ThreadTS string          `json:"thread_ts"`
	Text     string          `json:"text"`
	Blocks   json.RawMessage `json:"blocks"`
	Files    []slackFile     `json:"files"`
}

// slackFile is a file under a message:
// https://docs.slack.dev/reference/objects/file-object
type slackFile struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Title       string `json:"title"`
	MIME        string `json:"mimetype"`
	Size        int64  `json:"size"`
	Mode        string `json:"mode"`
	IsExternal  bool   `json:"is_external"`
	URL         string `json:"url_private"`
	DownloadURL string `json:"url_private_download"`
}

// event is what a person said, changed or took back in a thread.
type event struct {
	id      string
	kind    bots.Kind
	thread  inbox.ThreadRef
	message said
	at      time.Time
	raw     []byte
}

// readEvent picks what people write in threads out of all that Slack tells:
// apps' messages (ours among them), heads of threads, joins, pins and unknown
// kinds are none of it.
func readEvent(raw []byte) (event, bool) {
	var c callback
	if err := json.Unmarshal(raw, &c); err != nil || c.Event.Type != "message" || c.EventID == "" {
		return event{}, false
	}
	e := event{id: c.EventID, raw: raw}
	switch c.Event.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		e.kind, e.message = bots.New, c.Event.said
	case "message_changed":
		if c.Event.Message == nil {
			return event{}, false
		}
		e.kind, e.message = bots.Edited, *c.Event.Message
		switch e.message.Subtype {
		case "", "file_share", "thread_broadcast", "me_message":
		case "tombstone": // deleted, but its place in the thread stays
			e.kind = bots.Deleted
			if c.Event.PreviousMessage != nil {
				e.message = *c.Event.PreviousMessage
			}
		default:
			return event{}, false
		}
	case "message_deleted":
		if c.Event.PreviousMessage == nil {
			return event{}, false
		}
		e.kind, e.message = bots.Deleted, *c.Event.PreviousMessage
	default:
		return event{}, false
	}
	m := e.message
	if m.BotID != "" || c.isOurs(m.User) || m.User == "" || m.User == "USLACKBOT" || m.TS == "" || m.ThreadTS == "" || m.ThreadTS == m.TS {
		return event{}, false
	}
	e.thread = inbox.ThreadRef{Channel: c.Event.Channel, TS: m.ThreadTS}
	e.at = timeOf(m.TS)
	return e, e.thread.Channel != ""
}

// timeOf reads a ts: seconds, a dot, and six digits that make it unique.
func timeOf(ts string) time.Time {
	seconds, rest, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || s < 0 || s > 1<<36 {
		return time.Time{}
	}
	micro, err := strconv.ParseInt(rest, 10, 64)
	if err != nil || micro < 0 || micro > 999_999 {
		micro = 0
	}
	return time.Unix(s, micro*1000).UTC()
}

// reply is an event as the desk understands it.
func (c *Console) reply(ctx context.Context, e event) inbox.Reply {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	r := inbox.Reply{
		EventID: e.id, Kind: e.kind, Thread: e.thread, Post: inbox.PostRef{Channel: e.thread.Channel, TS: e.message.TS},
		Agent: c.people.agent(ctx, e.message.User), At: e.at, Raw: e.raw,
	}
	if e.kind == bots.Deleted {
		return r
	}
	r.Text = agentText(e.message.Blocks, e.message.Text, func(id string) string {
		if name := c.people.agent(ctx, id).Name; name != "" {
			return name
		}
		return c.words.say(c.cfg.StaffLang, "someone")
	})
	for _, f := range e.message.Files {
		switch {
		case f.Mode == "tombstone" || f.Mode == "hidden_by_limit" || f.ID == "":
		case f.IsExternal || f.Mode == "external":
			// A link to another house, such as a shared document: its bytes are
			// not Slack's to give.
			r.Text.Plain = strings.TrimSpace(r.Text.Plain + "\n" + f.URL)
		default:
			r.Files = append(r.Files, f.staffFile())
		}
	}
	return r
}

func (f slackFile) staffFile() inbox.StaffFile {
	s := inbox.StaffFile{ID: f.ID, URL: f.DownloadURL, Name: cleanLine(f.Name), MIME: f.MIME, Size: f.Size}
	if s.URL == "" {
		s.URL = f.URL
	}
	if s.Name == "" {
		s.Name = cleanLine(f.Title)
	}
	return s
}
