CREATE SCHEMA ledger;

CREATE TABLE ledger.events (
    position        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id text        COLLATE "C" NOT NULL,
    sequence        bigint      NOT NULL CHECK (sequence >= 0),
    event_id        uuid        NOT NULL UNIQUE,
    type            text        COLLATE "C" NOT NULL,
    revision        smallint    NOT NULL,
    recorded_at     timestamptz NOT NULL,
    payload         json        NOT NULL,
    metadata        json        NOT NULL,
    UNIQUE (organization_id, sequence)
);

COMMENT ON TABLE ledger.events IS
    'All that has ever happened, append only: the one source of truth. Everything else can be rebuilt from it.';
COMMENT ON COLUMN ledger.events.position IS 'Place among all events; ascending, with gaps where a commit failed.';
COMMENT ON COLUMN ledger.events.sequence IS
    'Place within the organization: 0, 1, 2 … Unique with it, so that of two writers only one can be next.';
COMMENT ON COLUMN ledger.events.event_id IS
    'Derived from what the event is the only one of, such as a transcription; so nothing is recorded twice, ever.';
COMMENT ON COLUMN ledger.events.type IS 'Stable name of the kind of event; names no class.';
COMMENT ON COLUMN ledger.events.revision IS 'Version of the payload''s shape.';
COMMENT ON COLUMN ledger.events.recorded_at IS
    'When the command was received; never earlier than the organization''s event before it.';
COMMENT ON COLUMN ledger.events.payload IS 'What happened. Kept to the letter (json, not jsonb), so that it can be hashed.';
COMMENT ON COLUMN ledger.events.metadata IS 'Who sent the command (actor), within which request (correlationId), and why (reason).';

-- The last correction of a transcription, which the next one starts from. Only corrections pay for it.
CREATE INDEX events_corrections
    ON ledger.events (organization_id, (payload ->> 'transcriptionId'), sequence)
    WHERE type = 'transcription-corrected';

-- Events are never changed or removed, by nobody's mistake either.
CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger.events is append only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER events_are_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TABLE ledger.snapshots (
    organization_id text     COLLATE "C" PRIMARY KEY,
    sequence        bigint   NOT NULL,
    position        bigint   NOT NULL,
    format          smallint NOT NULL,
    state           json     NOT NULL
);

COMMENT ON TABLE ledger.snapshots IS
    'Organizations as of an event, so that a long history loads fast. Never a source of truth: may be emptied at any time.';
