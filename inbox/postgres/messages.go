package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
)

// AddMessage stores a new message. False: its platform id or post is known.
func (t *tx) AddMessage(ctx context.Context, c inbox.Conversation, m *inbox.Message) (bool, error) {
	row := rowOfMessage(c.At, *m)
	row.CreatedAt = t.now()
	done := t.db(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if done.Error != nil {
		return false, fmt.Errorf("store message: %w", done.Error)
	}
	m.ID = row.ID
	return done.RowsAffected == 1, nil
}

// JoinAlbum adds the files of a later part to the message that began the album.
func (t *tx) JoinAlbum(ctx context.Context, m bots.Message) (inbox.Message, bool, error) {
	files, err := json.Marshal(orEmpty(m.Files))
	if err != nil {
		return inbox.Message{}, false, fmt.Errorf("join album: %w", err)
	}
	var id int64
	// A part that has the caption gives it to the album.
	caption, err := json.Marshal(m.Text)
	if err != nil {
		return inbox.Message{}, false, fmt.Errorf("join album: %w", err)
	}
	err = t.db(ctx).Raw(`
		UPDATE messages SET files = files || ?::jsonb,
			body = CASE WHEN body->>'plain' = '' THEN ?::jsonb ELSE body END
		WHERE bot = ? AND chat = ? AND album = ? RETURNING id`,
		string(files), string(caption), m.From.Bot, string(m.From.Chat), m.Album).Scan(&id).Error
	if err != nil || id == 0 {
		return inbox.Message{}, false, wrapped("join album", err)
	}
	err = t.db(ctx).Exec(`INSERT INTO album_parts (bot, chat, external_id, message_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		m.From.Bot, string(m.From.Chat), string(m.ID), id).Error
	if err != nil {
		return inbox.Message{}, false, wrapped("join album", err)
	}
	first, err := t.Message(ctx, id)
	return first, err == nil, err
}

func wrapped(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// Message reads a message.
func (t *tx) Message(ctx context.Context, id int64) (inbox.Message, error) {
	var row messageRow
	err := take(t.db(ctx).Where("id = ?", id), &row, fmt.Sprintf("message %d", id))
	return row.message(), err
}

// MessageByExternal finds a message, or the album of which it is a part.
func (t *tx) MessageByExternal(ctx context.Context, at bots.Address, id bots.MessageID) (inbox.Message, error) {
	var row messageRow
	err := take(t.db(ctx).Where(`bot = ? AND chat = ? AND external_id = ? AND external_id <> '' OR id = (
			SELECT message_id FROM album_parts WHERE bot = ? AND chat = ? AND external_id = ?)`,
		at.Bot, string(at.Chat), string(id), at.Bot, string(at.Chat), string(id)), &row, "message by platform id")
	return row.message(), err
}

// MessageByPost finds a message by its place in the console.
func (t *tx) MessageByPost(ctx context.Context, at inbox.PostRef) (inbox.Message, error) {
	var row messageRow
	err := take(t.db(ctx).Where("post_channel = ? AND post_ts = ? AND post_ts <> ''", at.Channel, at.TS), &row, "message by post")
	return row.message(), err
}

// SaveMessage writes what can change of a message, but its delivery.
func (t *tx) SaveMessage(ctx context.Context, m inbox.Message) error {
	row := rowOfMessage(bots.Address{}, m)
	err := t.db(ctx).Model(&messageRow{}).Where("id = ?", m.ID).
		Select("TicketID", "Body", "Files", "Buttons", "PostChannel", "PostTS", "Edited", "Deleted").
		Updates(&row).Error
	return wrapped(fmt.Sprintf("save message %d", m.ID), err)
}

// SetDelivery writes how far a message has come.
func (t *tx) SetDelivery(ctx context.Context, message int64, to inbox.Delivered) error {
	_, err := t.pgx.Exec(ctx, `UPDATE messages SET delivery = $2, external_id = $3, possible_duplicate = $4 WHERE id = $1`,
		message, string(to.Delivery), string(to.ExternalID), to.PossibleDuplicate)
	return wrapped(fmt.Sprintf("set delivery of message %d", message), err)
}

// KeepEdit keeps what a message said before.
func (t *tx) KeepEdit(ctx context.Context, message int64, before bots.Text, at time.Time) error {
	body, err := json.Marshal(before)
	if err != nil {
		return wrapped("keep edit", err)
	}
	return wrapped("keep edit", t.db(ctx).Exec(
		`INSERT INTO message_edits (message_id, before, edited_at) VALUES (?, ?::jsonb, ?)`, message, string(body), at).Error)
}

// Before returns the last messages before one, oldest first.
func (t *tx) Before(ctx context.Context, conversation, message int64, limit int) ([]inbox.Message, error) {
	var rows []messageRow
	err := t.db(ctx).Where("conversation_id = ? AND id < ? AND direction <> 'internal'", conversation, message).
		Order("id DESC").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, wrapped("read history", err)
	}
	slices.Reverse(rows)
	ms := make([]inbox.Message, len(rows))
	for i, r := range rows {
		ms[i] = r.message()
	}
	return ms, nil
}

// DecidedUpTo is the last message before the first undecided one.
func (t *tx) DecidedUpTo(ctx context.Context, conversation int64) (id int64, err error) {
	err = t.db(ctx).Raw(`
		SELECT coalesce(
			(SELECT min(message_id) - 1 FROM jobs WHERE lane = 'd' || ?::bigint AND kind = ? AND state IN ('pending', 'running')),
			(SELECT max(id) FROM messages WHERE conversation_id = ?), 0)`,
		conversation, string(inbox.JobDecide), conversation).Scan(&id).Error
	return id, wrapped("find the decided messages", err)
}

// Undecided says whether a decide job for the message still waits.
func (t *tx) Undecided(ctx context.Context, message int64) (bool, error) {
	var waits bool
	err := t.db(ctx).Raw(`SELECT EXISTS (
		SELECT 1 FROM jobs j JOIN messages m ON m.id = j.message_id
		WHERE m.id = ? AND j.lane = 'd' || m.conversation_id AND j.kind = ? AND j.state <> 'dead')`,
		message, string(inbox.JobDecide)).Scan(&waits).Error
	return waits, wrapped("look for a decide job", err)
}
