CREATE SCHEMA access;

COMMENT ON SCHEMA access IS 'Who may call, and what is known of people. Nothing here is needed to compute a balance.';

CREATE TABLE access.api_keys (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL UNIQUE,
    hash       bytea       NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at timestamptz NOT NULL
);

COMMENT ON COLUMN access.api_keys.name IS 'Who acts with this key: the actor in the metadata of events.';
COMMENT ON COLUMN access.api_keys.hash IS
    'SHA-256 of the key. A fast hash is enough: a key is 256 random bits, so there is nothing to guess.';

CREATE TABLE access.member_emails (
    organization_id text COLLATE "C" NOT NULL,
    user_id         text COLLATE "C" NOT NULL,
    email           text NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);

CREATE INDEX member_emails_by_email ON access.member_emails (email);

COMMENT ON TABLE access.member_emails IS
    'E-mail addresses of members, in no event and no log, so that erasing a row erases them. Removing a member does.';
COMMENT ON COLUMN access.member_emails.email IS 'In lower case.';

CREATE TABLE access.test_clock (
    singleton boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    now       timestamptz NOT NULL
);

COMMENT ON TABLE access.test_clock IS
    'Where time stands in a ledger with a test clock. Empty in a ledger that runs in earnest, for good.';
