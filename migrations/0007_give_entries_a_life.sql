-- +goose Up

-- What an entry said, each time that it was saved.
CREATE TABLE knowledge_revisions (
    brand      text        NOT NULL,
    entry      text        NOT NULL,
    number     integer     NOT NULL, -- from 1
    content    jsonb       NOT NULL,
    author     text        NOT NULL,
    reason     text        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (brand, entry, number),
    FOREIGN KEY (brand, entry) REFERENCES knowledge_entries ON DELETE CASCADE
);
INSERT INTO knowledge_revisions
SELECT brand, id, 1, jsonb_build_object('title', title, 'phrasings', phrasings, 'answers', answers, 'tags', tags, 'lang', lang),
    'poruch', 'kept from before revisions', updated_at
FROM knowledge_entries;

-- head is the newest revision, live the one that answers.
ALTER TABLE knowledge_entries
    ADD COLUMN head         integer     NOT NULL DEFAULT 1,
    ADD COLUMN live         integer     NOT NULL DEFAULT 1, -- 0: none
    ADD COLUMN archived     boolean     NOT NULL DEFAULT false,
    ADD COLUMN trust        text        NOT NULL DEFAULT 'auto' CHECK (trust IN ('off', 'suggest', 'shadow', 'auto')),
    ADD COLUMN earned       boolean     NOT NULL DEFAULT false, -- the trust: by verdicts, not by hand
    ADD COLUMN judged_since timestamptz NOT NULL DEFAULT now(),
    DROP COLUMN title, DROP COLUMN phrasings, DROP COLUMN answers, DROP COLUMN tags, DROP COLUMN lang;
ALTER TABLE knowledge_entries ALTER COLUMN head DROP DEFAULT, ALTER COLUMN live DROP DEFAULT;
ALTER TABLE knowledge_books DROP COLUMN source, DROP COLUMN imported_at,
    ADD COLUMN threshold double precision NOT NULL DEFAULT 0, -- that verdicts found; 0: the shipped one
    ADD COLUMN target    double precision NOT NULL DEFAULT 0; -- the precision that it was found for

-- What else happened to entries. Append-only.
CREATE TABLE knowledge_events (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand      text        NOT NULL,
    entry      text        NOT NULL,
    kind       text        NOT NULL,
    revision   integer     NOT NULL,
    detail     text        NOT NULL,
    author     text        NOT NULL,
    reason     text        NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX knowledge_events_entry ON knowledge_events (brand, entry, id);
-- +goose StatementBegin
CREATE FUNCTION knowledge_history_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
-- +goose StatementEnd
CREATE TRIGGER knowledge_events_append_only BEFORE UPDATE ON knowledge_events
    FOR EACH ROW EXECUTE FUNCTION knowledge_history_append_only();
CREATE TRIGGER knowledge_revisions_append_only BEFORE UPDATE ON knowledge_revisions
    FOR EACH ROW EXECUTE FUNCTION knowledge_history_append_only();

-- Attachments of answers, once per content.
CREATE TABLE knowledge_files (
    brand      text        NOT NULL REFERENCES knowledge_books ON DELETE CASCADE,
    sum        text        NOT NULL, -- SHA-256, hexadecimal
    data       bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (brand, sum)
);
ALTER TABLE knowledge_files ALTER COLUMN data SET STORAGE EXTERNAL; -- pictures do not shrink

-- Feedback on its way to an entry.
CREATE TABLE knowledge_proposals (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand       text        NOT NULL REFERENCES knowledge_books ON DELETE CASCADE,
    kind        text        NOT NULL CHECK (kind IN ('phrasing', 'entry')),
    entry       text        NOT NULL,
    body        text        NOT NULL, -- personal data taken out
    answer      text        NOT NULL,
    lang        text        NOT NULL,
    message_id  bigint      NOT NULL,
    near        jsonb       NOT NULL,
    author      text        NOT NULL,
    reason      text        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected')),
    decided_by  text        NOT NULL DEFAULT '',
    decided_why text        NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL
);
CREATE INDEX knowledge_proposals_state ON knowledge_proposals (brand, state, id DESC);
CREATE UNIQUE INDEX knowledge_proposals_waiting ON knowledge_proposals (brand, message_id, kind, entry) WHERE state = 'waiting';

-- +goose Down
DROP TABLE knowledge_proposals, knowledge_files, knowledge_events;
ALTER TABLE knowledge_books DROP COLUMN threshold, DROP COLUMN target, ADD COLUMN source text NOT NULL DEFAULT '', ADD COLUMN imported_at timestamptz NOT NULL DEFAULT now();
DELETE FROM knowledge_entries WHERE live = 0; -- what never answered has no place in the old tables
ALTER TABLE knowledge_entries
    ADD COLUMN title text NOT NULL DEFAULT '', ADD COLUMN phrasings jsonb NOT NULL DEFAULT '[]', ADD COLUMN answers jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN tags jsonb NOT NULL DEFAULT '[]', ADD COLUMN lang text NOT NULL DEFAULT 'uk' CHECK (lang IN ('uk', 'ru', 'en'));
UPDATE knowledge_entries e SET title = r.content->>'title', phrasings = COALESCE(r.content->'phrasings', '[]'), answers = r.content->'answers',
    tags = COALESCE(r.content->'tags', '[]'), lang = r.content->>'lang'
FROM knowledge_revisions r WHERE r.brand = e.brand AND r.entry = e.id AND r.number = e.live;
DROP TABLE knowledge_revisions;
DROP FUNCTION knowledge_history_append_only;
ALTER TABLE knowledge_entries DROP COLUMN head, DROP COLUMN live, DROP COLUMN archived, DROP COLUMN trust, DROP COLUMN earned, DROP COLUMN judged_since;
