-- Where time travel starts from: each organization's history, cut into chapters of as many events each.
CREATE TABLE ledger.chapters (
    organization_id text        COLLATE "C" NOT NULL,
    chapter         bigint      NOT NULL,
    position        bigint      NOT NULL,
    format          smallint    NOT NULL,
    state           json        NOT NULL,
    delayed_since   timestamptz,
    late_since      timestamptz,
    late            json        NOT NULL,
    PRIMARY KEY (organization_id, chapter)
);

COMMENT ON TABLE ledger.chapters IS
    'Organizations at the end of each 500 of their events, and what became known late within those, so that any moment of a long history is found fast. Derived from ledger.events in the background or, where something is missing, by whoever asks; may be emptied at any time.';
COMMENT ON COLUMN ledger.chapters.organization_id IS 'Whose history it is.';
COMMENT ON COLUMN ledger.chapters.chapter IS 'Chapter n holds the events with sequence 500 n to 500 n + 499.';
COMMENT ON COLUMN ledger.chapters.position IS 'Place of its last event among all events.';
COMMENT ON COLUMN ledger.chapters.format IS 'Version of the shape of state and late; a chapter in another format is written anew.';
COMMENT ON COLUMN ledger.chapters.state IS 'The organization after its last event.';
COMMENT ON COLUMN ledger.chapters.delayed_since IS
    'The earliest moment from which usage in it counts that was recorded within ten minutes after that; null when there is none.';
COMMENT ON COLUMN ledger.chapters.late_since IS 'The earliest moment from which something in late counts; null when that is empty.';
COMMENT ON COLUMN ledger.chapters.late IS
    'Corrections, and usage recorded more than ten minutes late: sequence of the event, from when the usage counts, the index of its period, and how many minutes more were used than had been known.';

-- The refunds of a purchase, for whoever looks for all that became of it. Only refunds pay for it.
CREATE INDEX events_refunds
    ON ledger.events (organization_id, (payload ->> 'purchaseId'), sequence)
    WHERE type = 'overage-refunded';
