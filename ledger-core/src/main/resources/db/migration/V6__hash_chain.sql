-- Every event is linked to the one before it in its organization, so that no row can be changed, left out or put
-- elsewhere unnoticed. These functions say how, to whoever wants to check it with SQL alone; the service computes the
-- same by itself.
CREATE FUNCTION ledger.hash_field(content bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN int4send(octet_length(content)) || content;

COMMENT ON FUNCTION ledger.hash_field IS 'A field of what is hashed: its length in four bytes, then its content.';

CREATE FUNCTION ledger.hash_field(content text) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ledger.hash_field(convert_to(content, 'UTF8'));

COMMENT ON FUNCTION ledger.hash_field(text) IS 'The same, of text in UTF-8.';

CREATE FUNCTION ledger.event_hash(event ledger.events, previous bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN sha256(
        ledger.hash_field('usage-ledger event 1'::text)
        || ledger.hash_field(event.organization_id)
        || ledger.hash_field(event.sequence::text)
        || ledger.hash_field(event.event_id::text)
        || ledger.hash_field(event.type)
        || ledger.hash_field(event.revision::text)
        || ledger.hash_field((extract(epoch FROM event.recorded_at) * 1000000)::bigint::text)
        || ledger.hash_field(sha256(convert_to(event.payload::text, 'UTF8')))
        || ledger.hash_field(sha256(convert_to(event.metadata::text, 'UTF8')))
        || ledger.hash_field(previous));

COMMENT ON FUNCTION ledger.event_hash IS
    'What the hash of an event must be, given that of the event before it: 32 zero bytes for an organization''s first.';

-- What was recorded before there was a chain is linked as it stands.
ALTER TABLE ledger.events ADD COLUMN hash bytea;
ALTER TABLE ledger.events DISABLE TRIGGER events_are_append_only;

DO $$
DECLARE
    event ledger.events;
    organization text COLLATE "C" := '';
    link bytea;
BEGIN
    FOR event IN SELECT * FROM ledger.events ORDER BY organization_id, sequence LOOP
        IF event.organization_id <> organization THEN
            organization := event.organization_id;
            link := decode(repeat('00', 32), 'hex');
        END IF;
        link := ledger.event_hash(event, link);
        UPDATE ledger.events SET hash = link WHERE position = event.position;
    END LOOP;
END
$$;

ALTER TABLE ledger.events ENABLE TRIGGER events_are_append_only;
ALTER TABLE ledger.events ALTER COLUMN hash SET NOT NULL;

COMMENT ON COLUMN ledger.events.hash IS
    'SHA-256 over all other columns but the position, and the hash of the organization''s event before: see ledger.event_hash.';
