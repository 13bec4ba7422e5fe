-- +goose Up

-- What the matcher decided on each message, and what came of it. One row per message; the words stay in messages.
CREATE TABLE decisions (
    message_id      bigint      PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
    brand           text        NOT NULL,
    conversation_id bigint      NOT NULL,
    ticket_id       bigint      NOT NULL DEFAULT 0,  -- 0: no ticket (ignored)
    lang            text        NOT NULL,
    action          text        NOT NULL,            -- answer, clarify, handoff, ignore
    reason          text        NOT NULL,
    entries         text[]      NOT NULL DEFAULT '{}', -- answered with, or offered
    suggested       text        NOT NULL DEFAULT '', -- for a hand-off: what people were shown (shadow)
    top             text        NOT NULL DEFAULT '', -- the first candidate
    confidence      real        NOT NULL,
    threshold       real        NOT NULL,
    decided_at      timestamptz NOT NULL,
    -- What came of it:
    verdict         text        NOT NULL DEFAULT '' CHECK (verdict IN ('', 'confirmed', 'assumed', 'unhelpful', 'wrong', 'missed')),
    right_entry     text        NOT NULL DEFAULT '', -- the entry that a person named as the right one
    judged_by       text        NOT NULL DEFAULT '', -- 'contact', 'silence', or an agent's or trainer's id
    judged_at       timestamptz
);
CREATE INDEX decisions_brand ON decisions (brand, decided_at);
CREATE INDEX decisions_conversation ON decisions (conversation_id, decided_at);
CREATE INDEX decisions_judged ON decisions (brand, judged_at) WHERE verdict <> '';

-- Of the bot's: the message that it answers (0: none), and the entries that its
-- buttons offer, in their order.
ALTER TABLE messages ADD COLUMN about_id bigint NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN choices jsonb NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE messages DROP COLUMN choices, DROP COLUMN about_id;
DROP TABLE decisions;
