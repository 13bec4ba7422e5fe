-- +goose Up

-- Vectors that an embeddings endpoint gave, so that no text is asked for twice.
-- hash is SHA-256 of the endpoint, the model and the text; the text itself is
-- not here. Old rows are deleted; see Vectors.Prune in knowledge/postgres.
CREATE TABLE vectors (
    hash     bytea       PRIMARY KEY CHECK (octet_length(hash) = 32),
    vector   bytea       NOT NULL, -- float32, little-endian
    question boolean     NOT NULL, -- a customer's words, and no text of a book
    used_at  timestamptz NOT NULL  -- to the day
);
CREATE INDEX vectors_used ON vectors (question, used_at);

-- +goose Down
DROP TABLE vectors;
