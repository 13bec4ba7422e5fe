-- +goose Up
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What platforms and the staff console handed over, as they said it. The key
-- makes a repeat a quiet success; the payload allows a bug to be replayed
-- until retention deletes it.
CREATE TABLE inbound (
    source      text        NOT NULL, -- a bot's name, or the console
    event_id    text        NOT NULL,
    raw         bytea       NOT NULL,
    state       text        NOT NULL CHECK (state IN ('handled', 'unread', 'failed')),
    why         text        NOT NULL DEFAULT '',
    received_at timestamptz NOT NULL,
    PRIMARY KEY (source, event_id)
);
CREATE INDEX inbound_received ON inbound (received_at);
CREATE INDEX inbound_failed ON inbound (received_at) WHERE state = 'failed';

-- Where each bot's intake continues; written with the batch it follows.
CREATE TABLE cursors (
    bot        text        PRIMARY KEY,
    cursor     text        NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE contacts (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bot        text        NOT NULL,
    user_id    text        NOT NULL,
    name       text        NOT NULL,
    username   text        NOT NULL,
    lang       text        NOT NULL DEFAULT '',
    blocked    boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    UNIQUE (bot, user_id)
);

-- A row is locked by whoever adds to its conversation, so that messages and
-- jobs get their ids in the order in which they are committed.
CREATE TABLE conversations (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand      text        NOT NULL,
    bot        text        NOT NULL,
    chat       text        NOT NULL,
    topic      text        NOT NULL,
    contact_id bigint      NOT NULL REFERENCES contacts,
    private    boolean     NOT NULL,
    title      text        NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (bot, chat, topic, contact_id)
);
CREATE INDEX conversations_contact ON conversations (contact_id);

CREATE TABLE tickets (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand           text        NOT NULL,
    conversation_id bigint      NOT NULL REFERENCES conversations,
    state           text        NOT NULL CHECK (state IN ('new', 'answered', 'open', 'pending', 'snoozed', 'resolved')),
    priority        text        NOT NULL CHECK (priority IN ('normal', 'high')),
    lang            text        NOT NULL,
    assignee_id     text        NOT NULL DEFAULT '',
    assignee_name   text        NOT NULL DEFAULT '',
    thread_channel  text        NOT NULL DEFAULT '',
    thread_ts       text        NOT NULL DEFAULT '',
    decision        jsonb       NOT NULL,
    message_id      bigint      NOT NULL,
    history_up_to   bigint      NOT NULL DEFAULT 0,
    handed_off      boolean     NOT NULL,
    told            boolean     NOT NULL,
    snoozed_until   timestamptz,
    opened_at       timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL,
    resolved_at     timestamptz
);
CREATE UNIQUE INDEX tickets_one_unresolved ON tickets (conversation_id) WHERE state <> 'resolved';
CREATE INDEX tickets_conversation ON tickets (conversation_id, id DESC);
CREATE UNIQUE INDEX tickets_thread ON tickets (thread_channel, thread_ts) WHERE thread_ts <> '';

CREATE TABLE messages (
    id                 bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id    bigint      NOT NULL REFERENCES conversations,
    ticket_id          bigint      REFERENCES tickets,
    direction          text        NOT NULL CHECK (direction IN ('contact', 'bot', 'agent', 'internal')),
    author             text        NOT NULL,
    bot                text        NOT NULL,
    chat               text        NOT NULL,
    external_id        text        NOT NULL DEFAULT '',
    album              text        NOT NULL DEFAULT '',
    reply_to           text        NOT NULL DEFAULT '',
    body               jsonb       NOT NULL,
    files              jsonb       NOT NULL DEFAULT '[]',
    staff_files        jsonb       NOT NULL DEFAULT '[]',
    buttons            jsonb       NOT NULL DEFAULT '[]',
    entry              text        NOT NULL DEFAULT '',
    link               text        NOT NULL DEFAULT '',
    post_channel       text        NOT NULL DEFAULT '',
    post_ts            text        NOT NULL DEFAULT '',
    agent_id           text        NOT NULL DEFAULT '',
    addressed          boolean     NOT NULL DEFAULT false,
    command            text        NOT NULL DEFAULT '',
    delivery           text        NOT NULL CHECK (delivery IN ('received', 'waiting', 'sent', 'failed', 'unsent')),
    possible_duplicate boolean     NOT NULL DEFAULT false,
    edited             boolean     NOT NULL DEFAULT false,
    deleted            boolean     NOT NULL DEFAULT false,
    sent_at            timestamptz NOT NULL,
    created_at         timestamptz NOT NULL
);
CREATE INDEX messages_conversation ON messages (conversation_id, id);
CREATE INDEX messages_ticket ON messages (ticket_id, id);
CREATE UNIQUE INDEX messages_external ON messages (bot, chat, external_id) WHERE external_id <> '';
CREATE UNIQUE INDEX messages_album ON messages (bot, chat, album) WHERE album <> '';
CREATE UNIQUE INDEX messages_post ON messages (post_channel, post_ts) WHERE post_ts <> '';

-- The later parts of an album: each has a platform id of its own.
CREATE TABLE album_parts (
    bot         text   NOT NULL,
    chat        text   NOT NULL,
    external_id text   NOT NULL,
    message_id  bigint NOT NULL REFERENCES messages ON DELETE CASCADE,
    PRIMARY KEY (bot, chat, external_id)
);

-- What a message said before it was edited.
CREATE TABLE message_edits (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint      NOT NULL REFERENCES messages ON DELETE CASCADE,
    before     jsonb       NOT NULL,
    edited_at  timestamptz NOT NULL
);
CREATE INDEX message_edits_message ON message_edits (message_id, id);

-- Append-only: who changed a ticket, when and why.
CREATE TABLE ticket_events (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id  bigint      NOT NULL REFERENCES tickets,
    kind       text        NOT NULL,
    actor_kind text        NOT NULL,
    actor_id   text        NOT NULL,
    from_state text        NOT NULL,
    to_state   text        NOT NULL,
    why        text        NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX ticket_events_ticket ON ticket_events (ticket_id, id);
-- +goose StatementBegin
CREATE FUNCTION ticket_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ticket_events is append-only';
END $$;
-- +goose StatementEnd
CREATE TRIGGER ticket_events_append_only BEFORE UPDATE ON ticket_events
    FOR EACH ROW EXECUTE FUNCTION ticket_events_append_only();

-- The outbox: work that is due. Within a lane jobs run one at a time in the
-- order of their ids. Finished jobs are deleted; dead ones stay to be seen.
CREATE TABLE jobs (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane         text        NOT NULL,
    kind         text        NOT NULL,
    brand        text        NOT NULL,
    ticket_id    bigint      NOT NULL DEFAULT 0,
    message_id   bigint      NOT NULL DEFAULT 0,
    payload      jsonb       NOT NULL DEFAULT '{}',
    state        text        NOT NULL CHECK (state IN ('pending', 'running', 'dead')),
    attempt      integer     NOT NULL DEFAULT 0,
    -- An earlier attempt ended without an answer: it may have had its effect.
    unsure       boolean     NOT NULL DEFAULT false,
    worker       integer     NOT NULL DEFAULT 0,
    run_at       timestamptz NOT NULL,
    leased_until timestamptz,
    last_error   text        NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
        autovacuum_analyze_scale_factor = 0.05, fillfactor = 70);
CREATE INDEX jobs_lane ON jobs (lane, id) WHERE state IN ('pending', 'running');
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE state = 'pending';
CREATE INDEX jobs_running ON jobs (leased_until) WHERE state = 'running';

-- +goose Down
DROP TABLE jobs, ticket_events, message_edits, album_parts, messages, tickets, conversations, contacts, cursors, inbound;
DROP FUNCTION ticket_events_append_only;
