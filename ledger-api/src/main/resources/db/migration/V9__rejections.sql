-- What was refused leaves no event. Support is asked about it all the same, so it is kept for a while, in bounds.
CREATE SCHEMA support;

COMMENT ON SCHEMA support IS 'What helps to answer a customer. No balance needs it, and it may be emptied at any time.';

CREATE TABLE support.rejections (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id text        COLLATE "C",
    user_id         text        COLLATE "C",
    rejected_at     timestamptz NOT NULL,
    command         text        COLLATE "C" NOT NULL,
    command_id      text        COLLATE "C" NOT NULL,
    code            text        COLLATE "C" NOT NULL,
    numbers         json        NOT NULL,
    actor           text        NOT NULL,
    correlation_id  text        NOT NULL,
    CHECK (organization_id IS NOT NULL OR user_id IS NOT NULL)
);

-- Newest first, of an organization or of a person; an organization's surplus is found at the end of the first.
CREATE INDEX rejections_by_organization ON support.rejections (organization_id, id);
CREATE INDEX rejections_by_user ON support.rejections (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX rejections_by_time ON support.rejections (rejected_at);

COMMENT ON TABLE support.rejections IS
    'The newest commands that were refused, for support: no events, bounded in number and age, and not a full record.';
COMMENT ON COLUMN support.rejections.id IS 'Ascending in the order of storing.';
COMMENT ON COLUMN support.rejections.organization_id IS
    'Who would have been charged; null when the person belonged to no organization or to several.';
COMMENT ON COLUMN support.rejections.user_id IS 'The opaque identifier of the person, where the command named one.';
COMMENT ON COLUMN support.rejections.rejected_at IS 'When the command was received, by the ledger''s clock.';
COMMENT ON COLUMN support.rejections.command IS 'What was asked for, such as reserve-minutes.';
COMMENT ON COLUMN support.rejections.command_id IS 'The command''s own identifier, such as a reservationId.';
COMMENT ON COLUMN support.rejections.code IS 'Why it was refused: the code that the caller was given.';
COMMENT ON COLUMN support.rejections.numbers IS
    'The numbers and identifiers that the caller was given with it. No text of a caller''s, which might name a person.';
COMMENT ON COLUMN support.rejections.actor IS 'The name of the API key that sent it.';
COMMENT ON COLUMN support.rejections.correlation_id IS 'What ties it to the caller''s request.';
