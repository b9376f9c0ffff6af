-- What became known afterwards, summed up: a look at a moment after all of that need not go through it one by one. Chapters
-- from before have no sums; they are written anew.
TRUNCATE ledger.chapters;

ALTER TABLE ledger.chapters
    ADD COLUMN all_since timestamptz,
    ADD COLUMN minutes   json NOT NULL;

COMMENT ON COLUMN ledger.chapters.format IS
    'Version of the shape of state, late and minutes; a chapter in another format is written anew.';
COMMENT ON COLUMN ledger.chapters.all_since IS
    'The moment from which everything in it counts that was recorded after it took effect, soon or late; null when there is none.';
COMMENT ON COLUMN ledger.chapters.minutes IS
    'How many minutes more were used than had been known, by the index of the period: everything in it that was recorded after it took effect, in one sum.';
