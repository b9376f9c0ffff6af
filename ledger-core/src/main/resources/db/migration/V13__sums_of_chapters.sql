-- What became known afterwards, summed up: a look at a moment after all of that need not go through it one by one.
ALTER TABLE ledger.chapters
    ADD COLUMN all_since timestamptz,
    ADD COLUMN minutes   json NOT NULL DEFAULT '{}';

COMMENT ON COLUMN ledger.chapters.all_since IS
    'The moment from which all of that counts, delayed and late; null when there is none, or when the chapter was written before this was noted.';
COMMENT ON COLUMN ledger.chapters.minutes IS
    'How many minutes more were used than had been known, by the index of the period, in all of that together.';
