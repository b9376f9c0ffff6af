-- Whoever remembers rows has to know that it is not those any more which stand there.
ALTER TABLE reporting.token ADD COLUMN generation bigint NOT NULL DEFAULT 0;

COMMENT ON COLUMN reporting.token.generation IS 'How often tables have been emptied or replaced by rebuilt ones.';
