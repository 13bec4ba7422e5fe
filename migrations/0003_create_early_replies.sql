-- +goose Up

-- What staff wrote in threads that belong to no ticket. A reply can be faster
-- than the record of its thread (a crash may lie between the two); it waits
-- here until the thread is recorded. Ordinary talk is deleted after a day.
CREATE TABLE early_replies (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel    text        NOT NULL,
    thread_ts  text        NOT NULL,
    reply      jsonb       NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX early_replies_thread ON early_replies (channel, thread_ts, id);
CREATE INDEX early_replies_created ON early_replies (created_at);

-- +goose Down
DROP TABLE early_replies;
