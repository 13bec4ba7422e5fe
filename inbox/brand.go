package inbox

import (
	"time"

	"github.com/poruch/poruch/knowledge"
)

// Brand is one company or product line as the desk needs it: its languages,
// hours, policies and staff channel. It comes from brand.yaml
// (internal/config reads it) and is read-only once built.
type Brand struct {
	ID        string
	Name      string
	Lang      knowledge.Lang // for customers whose language has no text
	StaffLang knowledge.Lang // what agents read: uk or en
	Hours     Hours
	// ReplyWithin is how soon people usually answer in working hours; it is
	// told to a customer who waits.
	ReplyWithin time.Duration
	Channel     string // the console channel where tickets are threads
	Groups      GroupPolicy
	ReopenFor   time.Duration // a reply this soon after resolution reopens the ticket
	SettleAfter time.Duration // an answered ticket whose customer stays silent is resolved
	KeepRaw     time.Duration // how long raw payloads are kept
	SignReplies bool          // agents' replies carry their public name
	// Precision is the share of the bot's answers that should be right, between
	// 0 and 1; 0 means knowledge.DefaultPrecision.
	Precision float64
	// Agents maps console user ids to public names, where they differ from
	// the console's own.
	Agents map[string]string
	// Greeting is the brand's own hello by language, in the small Markdown of
	// package bots/markdown; a language without one has Poruch's.
	Greeting map[knowledge.Lang]string
}

// GroupPolicy says when the bot may speak in a group without being addressed.
type GroupPolicy string

// The policies. Chatter is never answered, and addressed messages always count.
const (
	GroupAddressed GroupPolicy = "addressed" // never speaks uninvited
	GroupConfident GroupPolicy = "confident" // answers a question it is sure of (default)
	GroupAll       GroupPolicy = "all"       // also brings unanswered questions to staff, silently
)
