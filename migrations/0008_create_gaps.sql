-- +goose Up

-- How far the decisions of a brand are collected. Whoever collects, or changes
-- a gap's state, holds the row's lock, so that a brand has one writer.
CREATE TABLE gap_cursors (
    brand     text        PRIMARY KEY,
    secret    bytea       NOT NULL, -- what terms are hashed with
    decided   timestamptz NOT NULL, -- up to here unsure decisions are collected
    judged    timestamptz NOT NULL, -- and up to here verdicts
    questions bigint      NOT NULL DEFAULT 0
);

-- Questions that ask the same and that no entry answers. No words: terms are
-- hashes, and what was asked is read from messages when somebody looks.
CREATE TABLE gaps (
    id          bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand       text             NOT NULL,
    state       text             NOT NULL CHECK (state IN ('open', 'dismissed', 'answered')),
    centre      bytea            NOT NULL, -- the middle of its questions; see knowledge/postgres/gaprows.go
    asked       integer          NOT NULL,
    contacts    integer          NOT NULL, -- who asked, each once
    heat        double precision NOT NULL, -- log2 of the decayed count; see gaps.Heat
    first_at    timestamptz      NOT NULL,
    last_at     timestamptz      NOT NULL,
    langs       jsonb            NOT NULL, -- questions by language
    communities text[]           NOT NULL, -- titles of groups; '' is private chats
    changed_by  text             NOT NULL DEFAULT '', -- who dismissed or answered it
    changed_at  timestamptz,
    why         text             NOT NULL DEFAULT '',
    entry       text             NOT NULL DEFAULT '',
    since       integer          NOT NULL DEFAULT 0, -- asked since it was dismissed or answered
    bar         double precision NOT NULL DEFAULT 0  -- the decayed count at which it comes back
) WITH (fillfactor = 80);
CREATE INDEX gaps_ranked ON gaps (brand, heat DESC, id) WHERE state = 'open' OR state = 'answered' AND since >= 3;
CREATE INDEX gaps_brand ON gaps (brand, heat DESC, id);

-- How common a term is: among a brand's questions, and among its gaps.
CREATE TABLE gap_terms (
    brand     text    NOT NULL,
    term      integer NOT NULL,
    questions integer NOT NULL,
    gaps      integer NOT NULL,
    PRIMARY KEY (brand, term)
) WITH (fillfactor = 70);

-- Which gaps have a term.
CREATE TABLE gap_postings (
    brand  text    NOT NULL,
    term   integer NOT NULL,
    gap_id bigint  NOT NULL,
    PRIMARY KEY (brand, term, gap_id)
);

-- A question is collected once. Without a gap: it has no words to go by.
CREATE TABLE gap_questions (
    message_id bigint      PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
    gap_id     bigint      REFERENCES gaps ON DELETE CASCADE,
    contact_id bigint      NOT NULL,
    asked_at   timestamptz NOT NULL,
    closeness  real        NOT NULL -- to its gap when it joined
);
CREATE INDEX gap_questions_recent ON gap_questions (gap_id, asked_at DESC);
CREATE INDEX gap_questions_central ON gap_questions (gap_id, closeness DESC);
CREATE INDEX gap_questions_contact ON gap_questions (gap_id, contact_id);

-- +goose Down
DROP TABLE gap_questions, gap_postings, gap_terms, gaps, gap_cursors;
