-- +goose Up
-- One row per brand. The version grows with each import that changed
-- something, so that replicas see by one number that theirs is old.
CREATE TABLE knowledge_books (
    brand       text        PRIMARY KEY,
    version     bigint      NOT NULL,
    source      text        NOT NULL, -- the file that the last import read
    imported_at timestamptz NOT NULL
);

CREATE TABLE knowledge_entries (
    brand      text        NOT NULL REFERENCES knowledge_books ON DELETE CASCADE,
    id         text        NOT NULL,
    title      text        NOT NULL,
    phrasings  jsonb       NOT NULL CHECK (jsonb_typeof(phrasings) = 'array'),
    answers    jsonb       NOT NULL CHECK (jsonb_typeof(answers) = 'object'), -- text by language
    tags       jsonb       NOT NULL CHECK (jsonb_typeof(tags) = 'array'),
    lang       text        NOT NULL CHECK (lang IN ('uk', 'ru', 'en')),
    position   integer     NOT NULL, -- the order of the file
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (brand, id)
);
CREATE INDEX knowledge_entries_position ON knowledge_entries (brand, position);

-- +goose Down
DROP TABLE knowledge_entries, knowledge_books;
