package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/poruch/poruch/bots"
	"github.com/poruch/poruch/inbox"
	"github.com/poruch/poruch/knowledge"
)

// selectConversation joins the contact, as conversationRow reads it.
const selectConversation = `SELECT c.*, k.user_id, k.name, k.username, k.lang, k.blocked
	FROM conversations c JOIN contacts k ON k.id = c.contact_id `

// ConversationFor finds or makes the contact and the conversation in one
// statement, and locks the conversation: the upsert touches its row.
func (t *tx) ConversationFor(ctx context.Context, brand string, m bots.Message) (inbox.Conversation, error) {
	c := inbox.Conversation{Brand: brand, At: m.From, Private: m.Chat.Private, Title: m.Chat.Title}
	k := inbox.Contact{Bot: m.From.Bot, User: m.Author.ID, Name: m.Author.Name, Username: m.Author.Username}
	var lang string
	err := t.pgx.QueryRow(ctx, `
		WITH contact AS (
			INSERT INTO contacts (bot, user_id, name, username, lang, created_at)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (bot, user_id) DO UPDATE SET name = excluded.name, username = excluded.username
			RETURNING id, lang, blocked
		), conversation AS (
			INSERT INTO conversations (brand, bot, chat, topic, contact_id, private, title, created_at)
			SELECT $7, $1, $8, $9, contact.id, $10, $11, $6 FROM contact
			ON CONFLICT (bot, chat, topic, contact_id) DO UPDATE SET title = excluded.title
			RETURNING id, brand
		)
		SELECT conversation.id, conversation.brand, contact.id, contact.lang, contact.blocked FROM conversation, contact`,
		k.Bot, string(k.User), k.Name, k.Username, platformLang(m.Author.Language), t.now(),
		brand, string(m.From.Chat), m.From.Topic, c.Private, c.Title,
	).Scan(&c.ID, &c.Brand, &k.ID, &lang, &k.Blocked)
	if err != nil {
		return inbox.Conversation{}, fmt.Errorf("find or make conversation: %w", err)
	}
	k.Lang = knowledge.Lang(lang)
	c.Contact = k
	return c, nil
}

// platformLang is the first guess at a contact's language, until they are heard.
func platformLang(code string) string {
	if len(code) > 2 {
		code = code[:2]
	}
	switch l := knowledge.Lang(code); l {
	case knowledge.Ukrainian, knowledge.Russian, knowledge.English:
		return code
	}
	return ""
}

// Conversation reads a conversation without a lock.
func (t *tx) Conversation(ctx context.Context, id int64) (inbox.Conversation, error) {
	return t.conversation(ctx, id, `WHERE c.id = $1`)
}

// LockConversation reads a conversation and holds it until the end.
func (t *tx) LockConversation(ctx context.Context, id int64) (inbox.Conversation, error) {
	return t.conversation(ctx, id, `WHERE c.id = $1 FOR UPDATE OF c`)
}

func (t *tx) conversation(ctx context.Context, id int64, where string) (inbox.Conversation, error) {
	cs, err := t.conversations(ctx, selectConversation+where, id)
	if err != nil {
		return inbox.Conversation{}, err
	}
	if len(cs) == 0 {
		return inbox.Conversation{}, fmt.Errorf("conversation %d: %w", id, inbox.ErrNotFound)
	}
	return cs[0], nil
}

func (t *tx) conversations(ctx context.Context, query string, args ...any) ([]inbox.Conversation, error) {
	rows, err := t.pgx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read conversations: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[conversationRow])
	if err != nil {
		return nil, fmt.Errorf("read conversations: %w", err)
	}
	cs := make([]inbox.Conversation, len(found))
	for i, r := range found {
		cs[i] = r.conversation()
	}
	return cs, nil
}

// MoveChat gives all conversations and messages of a chat its new id. What the
// new chat already holds stays as it is.
func (t *tx) MoveChat(ctx context.Context, bot string, from, to bots.ChatID) error {
	_, err := t.pgx.Exec(ctx, `
		UPDATE conversations c SET chat = $3 WHERE bot = $1 AND chat = $2 AND NOT EXISTS (
			SELECT 1 FROM conversations n
			WHERE n.bot = $1 AND n.chat = $3 AND n.topic = c.topic AND n.contact_id = c.contact_id)`,
		bot, string(from), string(to))
	if err != nil {
		return fmt.Errorf("move chat: %w", err)
	}
	return nil
}

// SetBlocked remembers whether a contact can be reached.
func (t *tx) SetBlocked(ctx context.Context, bot string, user bots.UserID, blocked bool) ([]inbox.Conversation, error) {
	if _, err := t.pgx.Exec(ctx, `UPDATE contacts SET blocked = $3 WHERE bot = $1 AND user_id = $2`, bot, string(user), blocked); err != nil {
		return nil, fmt.Errorf("set blocked: %w", err)
	}
	return t.conversations(ctx, selectConversation+`WHERE k.bot = $1 AND k.user_id = $2 ORDER BY c.id FOR UPDATE OF c`, bot, string(user))
}

// SetLang remembers the language a contact was last heard in.
func (t *tx) SetLang(ctx context.Context, contact int64, lang knowledge.Lang) error {
	if _, err := t.pgx.Exec(ctx, `UPDATE contacts SET lang = $2 WHERE id = $1`, contact, string(lang)); err != nil {
		return fmt.Errorf("set language: %w", err)
	}
	return nil
}
