-- +goose Up

-- The message that the head of the ticket's thread shows; 0: not brought to
-- people. message_id stays what the last decision was about.
ALTER TABLE tickets ADD COLUMN subject_id bigint NOT NULL DEFAULT 0;
UPDATE tickets SET subject_id = message_id WHERE handed_off OR thread_ts <> '';

-- +goose Down
ALTER TABLE tickets DROP COLUMN subject_id;
