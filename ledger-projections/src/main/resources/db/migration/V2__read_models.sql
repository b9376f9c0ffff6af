-- Everything in this schema is derived from ledger.events and can be rebuilt at any time. It is made to be read by
-- people and dashboards: plain columns, plain joins, comments on all of it. No view and no foreign key on purpose, so
-- that a table which was rebuilt beside the live one can take its place.
CREATE SCHEMA reporting;

COMMENT ON SCHEMA reporting IS
    'Read models of the usage ledger: derived from its events, updated within moments of them, and safe to query.';

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE reporting.token (
    processor     text        COLLATE "C" PRIMARY KEY,
    definition    text        NOT NULL,
    position      bigint      NOT NULL DEFAULT 0,
    owner         text,
    claimed_until timestamptz,
    moved_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE reporting.token IS
    'How far the read models have come. It moves in the transaction that changes them, so no two tables ever disagree.';
COMMENT ON COLUMN reporting.token.processor IS 'Whose progress this is: read-models, for all tables of this schema.';
COMMENT ON COLUMN reporting.token.definition IS
    'Which definition of the read models the tables hold; the service replays all events when its own is another.';
COMMENT ON COLUMN reporting.token.position IS 'Position of the last event that the tables contain; 0 before the first.';
COMMENT ON COLUMN reporting.token.owner IS 'The running service that updates the tables at present; null when none does.';
COMMENT ON COLUMN reporting.token.claimed_until IS 'When another service may take over, unless the owner renews its claim.';
COMMENT ON COLUMN reporting.token.moved_at IS 'When the position last moved, by the clock of the database.';

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE reporting.organization_usage (
    organization_id           text        COLLATE "C" PRIMARY KEY,
    name                      text        NOT NULL,
    status                    text        COLLATE "C" NOT NULL
        CHECK (status IN ('ok', 'low', 'exhausted', 'unlimited')),
    plan_code                 text        NOT NULL,
    plan_included_minutes     bigint,
    plan_limit                text        COLLATE "C" NOT NULL CHECK (plan_limit IN ('HARD', 'SOFT')),
    next_plan_code            text,
    zone                      text        NOT NULL,
    period_anchor             timestamp   NOT NULL,
    period_index              bigint      NOT NULL,
    period_start              timestamptz NOT NULL,
    period_end                timestamptz NOT NULL CHECK (period_end > period_start),
    used_minutes              bigint      NOT NULL CHECK (used_minutes >= 0),
    remaining_minutes         bigint      CHECK (remaining_minutes >= 0),
    held_minutes              bigint      NOT NULL CHECK (held_minutes >= 0),
    uncovered_minutes         bigint      NOT NULL CHECK (uncovered_minutes >= 0),
    capacity_minutes          bigint      CHECK (capacity_minutes >= 0),
    base_used_minutes         bigint      NOT NULL CHECK (base_used_minutes >= 0),
    base_remaining_minutes    bigint      CHECK (base_remaining_minutes >= 0),
    overage_used_minutes      bigint      NOT NULL CHECK (overage_used_minutes >= 0),
    overage_remaining_minutes bigint      NOT NULL CHECK (overage_remaining_minutes >= 0),
    used_share                double precision GENERATED ALWAYS AS (
        CASE
            WHEN capacity_minutes > 0 THEN used_minutes::double precision / capacity_minutes::double precision
            WHEN capacity_minutes = 0 THEN CASE WHEN used_minutes > 0 THEN 1 ELSE 0 END
        END) STORED,
    members                   bigint      NOT NULL CHECK (members >= 0),
    next_due_at               timestamptz NOT NULL,
    opened_at                 timestamptz NOT NULL,
    opened_position           bigint      NOT NULL,
    last_sequence             bigint      NOT NULL,
    last_position             bigint      NOT NULL,
    updated_at                timestamptz NOT NULL,
    state                     jsonb       NOT NULL,
    CHECK (used_minutes = base_used_minutes + overage_used_minutes + uncovered_minutes)
) WITH (fillfactor = 80);

COMMENT ON TABLE reporting.organization_usage IS
    'One row per organization: its plan, its current billing period, and what it has used and has left in it.';
COMMENT ON COLUMN reporting.organization_usage.organization_id IS 'The caller''s identifier of the organization.';
COMMENT ON COLUMN reporting.organization_usage.name IS 'Name of the organization.';
COMMENT ON COLUMN reporting.organization_usage.status IS
    'ok; low: at or past the first threshold (80 % unless configured); exhausted: nothing remains; unlimited.';
COMMENT ON COLUMN reporting.organization_usage.plan_code IS 'The product''s name for the plan in force.';
COMMENT ON COLUMN reporting.organization_usage.plan_included_minutes IS
    'Base minutes per billing period under the plan in force; null means unlimited.';
COMMENT ON COLUMN reporting.organization_usage.plan_limit IS
    'HARD: uploads are refused when too little remains. SOFT: they are counted and go on.';
COMMENT ON COLUMN reporting.organization_usage.next_plan_code IS
    'The plan that takes force with the next period; null when the present one stays.';
COMMENT ON COLUMN reporting.organization_usage.zone IS 'Time zone that billing periods are computed in.';
COMMENT ON COLUMN reporting.organization_usage.period_anchor IS
    'Local date and time that every billing period is computed from, a month apart.';
COMMENT ON COLUMN reporting.organization_usage.period_index IS
    'Number of the current period, counted from the anchor; joins billing_periods.';
COMMENT ON COLUMN reporting.organization_usage.period_start IS 'When the current period began (inclusive).';
COMMENT ON COLUMN reporting.organization_usage.period_end IS
    'When the current period ends (exclusive) and base minutes renew. In the past only for the moments a roll takes.';
COMMENT ON COLUMN reporting.organization_usage.used_minutes IS
    'Minutes counted in the current period: base_used + overage_used + uncovered.';
COMMENT ON COLUMN reporting.organization_usage.remaining_minutes IS
    'What can still be spent: base_remaining + overage_remaining - held, never below 0; null when unlimited.';
COMMENT ON COLUMN reporting.organization_usage.held_minutes IS 'Minutes reserved by uploads in flight.';
COMMENT ON COLUMN reporting.organization_usage.uncovered_minutes IS
    'Usage of the current period that nothing paid for.';
COMMENT ON COLUMN reporting.organization_usage.capacity_minutes IS
    'What there is to spend in the current period, spent or not: used - uncovered + base_remaining + overage_remaining; null when unlimited.';
COMMENT ON COLUMN reporting.organization_usage.base_used_minutes IS 'Base minutes spent in the current period.';
COMMENT ON COLUMN reporting.organization_usage.base_remaining_minutes IS
    'Base minutes left in the current period; they lapse at its end. Null when unlimited.';
COMMENT ON COLUMN reporting.organization_usage.overage_used_minutes IS
    'Overage minutes spent in the current period.';
COMMENT ON COLUMN reporting.organization_usage.overage_remaining_minutes IS
    'Overage minutes left over all packs; the end of a period does not touch them.';
COMMENT ON COLUMN reporting.organization_usage.used_share IS
    'used / capacity, 0.8 meaning 80 %; past 1 when there is uncovered usage. Null when unlimited; 1 when there is usage but no capacity.';
COMMENT ON COLUMN reporting.organization_usage.members IS 'How many members it has now.';
COMMENT ON COLUMN reporting.organization_usage.next_due_at IS
    'When something next happens by itself: a hold or a pack expires, or the period ends.';
COMMENT ON COLUMN reporting.organization_usage.opened_at IS 'When its ledger was opened.';
COMMENT ON COLUMN reporting.organization_usage.opened_position IS 'Position of the event that opened its ledger.';
COMMENT ON COLUMN reporting.organization_usage.last_sequence IS
    'Sequence of the organization''s last event that is in this row: 0, 1, 2 and so on.';
COMMENT ON COLUMN reporting.organization_usage.last_position IS 'Position of that event among all events.';
COMMENT ON COLUMN reporting.organization_usage.updated_at IS 'When that event was recorded.';
COMMENT ON COLUMN reporting.organization_usage.state IS
    'All of the organization''s state, for the service itself; its form may change from version to version.';

-- None on what every event changes, such as the minutes that remain: sorting a hundred thousand organizations when
-- somebody asks takes tens of milliseconds, and an update that touches no index is a good deal cheaper.
CREATE INDEX organization_usage_newest ON reporting.organization_usage (opened_position DESC);
CREATE INDEX organization_usage_due ON reporting.organization_usage (next_due_at);

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE reporting.transcriptions (
    organization_id   text        COLLATE "C" NOT NULL,
    transcription_id  text        COLLATE "C" NOT NULL,
    position          bigint      NOT NULL,
    occurred_at       timestamptz NOT NULL,
    recorded_at       timestamptz NOT NULL,
    user_id           text        COLLATE "C",
    minutes           bigint      NOT NULL CHECK (minutes >= 0),
    recorded_minutes  bigint      NOT NULL CHECK (recorded_minutes >= 0),
    duration_seconds  bigint,
    base_minutes      bigint      NOT NULL CHECK (base_minutes >= 0),
    overage_minutes   bigint      NOT NULL CHECK (overage_minutes >= 0),
    uncovered_minutes bigint      NOT NULL CHECK (uncovered_minutes >= 0),
    period_index      bigint      NOT NULL,
    counted           text        COLLATE "C" NOT NULL
        CHECK (counted IN ('current-period', 'closed-period', 'late-in-current-period')),
    reservation_id    text        COLLATE "C",
    settlement        text        COLLATE "C"
        CHECK (settlement IN ('settled', 'already-settled', 'already-released', 'already-expired')),
    corrected_at      timestamptz,
    correction_reason text,
    voided            boolean     NOT NULL GENERATED ALWAYS AS (corrected_at IS NOT NULL AND minutes = 0) STORED,
    PRIMARY KEY (organization_id, transcription_id),
    CHECK (recorded_minutes = base_minutes + overage_minutes + uncovered_minutes)
);

COMMENT ON TABLE reporting.transcriptions IS
    'One row per transcription: what it costs now, what paid for it, and which billing period counts it.';
COMMENT ON COLUMN reporting.transcriptions.organization_id IS 'The organization that is charged; never missing.';
COMMENT ON COLUMN reporting.transcriptions.transcription_id IS 'The caller''s identifier, unique in its organization.';
COMMENT ON COLUMN reporting.transcriptions.position IS 'Position of the event that recorded it; higher is newer.';
COMMENT ON COLUMN reporting.transcriptions.occurred_at IS 'When the transcription happened, by the caller''s word.';
COMMENT ON COLUMN reporting.transcriptions.recorded_at IS 'When the ledger recorded it.';
COMMENT ON COLUMN reporting.transcriptions.user_id IS 'Who used the minutes, as the caller knows them; null when not said.';
COMMENT ON COLUMN reporting.transcriptions.minutes IS
    'What it costs now, after all corrections. Their sum per period_index is that period''s used minutes.';
COMMENT ON COLUMN reporting.transcriptions.recorded_minutes IS
    'What it cost when it was recorded: base_minutes + overage_minutes + uncovered_minutes.';
COMMENT ON COLUMN reporting.transcriptions.duration_seconds IS
    'The recording''s length where the caller reported seconds; each minute begun counts.';
COMMENT ON COLUMN reporting.transcriptions.base_minutes IS 'Minutes that the period''s base paid when it was recorded.';
COMMENT ON COLUMN reporting.transcriptions.overage_minutes IS 'Minutes that overage packs paid when it was recorded.';
COMMENT ON COLUMN reporting.transcriptions.uncovered_minutes IS 'Minutes that nothing paid when it was recorded.';
COMMENT ON COLUMN reporting.transcriptions.period_index IS 'The billing period that counts it; joins billing_periods.';
COMMENT ON COLUMN reporting.transcriptions.counted IS
    'current-period; closed-period: late, in the statement of the period just closed; late-in-current-period: too late for its own, so in the one that was current.';
COMMENT ON COLUMN reporting.transcriptions.reservation_id IS 'The reservation that the caller named for it.';
COMMENT ON COLUMN reporting.transcriptions.settlement IS
    'What naming the reservation came to: settled, or how it had ended before.';
COMMENT ON COLUMN reporting.transcriptions.corrected_at IS 'When its cost was last corrected; null when never.';
COMMENT ON COLUMN reporting.transcriptions.correction_reason IS 'Why its cost was last corrected.';
COMMENT ON COLUMN reporting.transcriptions.voided IS 'Whether a correction has taken its whole cost back.';

CREATE INDEX transcriptions_newest ON reporting.transcriptions (organization_id, position DESC);

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE reporting.billing_periods (
    organization_id       text        COLLATE "C" NOT NULL,
    period_index          bigint      NOT NULL,
    status                text        COLLATE "C" NOT NULL CHECK (status IN ('open', 'closed')),
    period_start          timestamptz NOT NULL,
    period_end            timestamptz NOT NULL CHECK (period_end > period_start),
    plan_code             text        NOT NULL,
    included_minutes      bigint,
    used_minutes          bigint      NOT NULL CHECK (used_minutes >= 0),
    base_minutes          bigint      NOT NULL CHECK (base_minutes >= 0),
    overage_minutes       bigint      NOT NULL CHECK (overage_minutes >= 0),
    uncovered_minutes     bigint      NOT NULL CHECK (uncovered_minutes >= 0),
    lapsed_minutes        bigint      CHECK (lapsed_minutes >= 0),
    late_minutes          bigint      NOT NULL CHECK (late_minutes >= 0),
    earlier_minutes       bigint      NOT NULL CHECK (earlier_minutes >= 0),
    corrections           bigint      NOT NULL CHECK (corrections >= 0),
    corrected_minutes     bigint      NOT NULL,
    opened_at             timestamptz NOT NULL,
    closed_at             timestamptz,
    amended_at            timestamptz,
    PRIMARY KEY (organization_id, period_index),
    CHECK (used_minutes = base_minutes + overage_minutes + uncovered_minutes),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);

COMMENT ON TABLE reporting.billing_periods IS
    'One statement per organization and billing period; a closed one is amended by late usage for a while, then final.';
COMMENT ON COLUMN reporting.billing_periods.organization_id IS 'Whose statement this is.';
COMMENT ON COLUMN reporting.billing_periods.period_index IS
    'Number of the period, counted from the organization''s anchor; may be negative.';
COMMENT ON COLUMN reporting.billing_periods.status IS 'open: the current period; closed: it has ended.';
COMMENT ON COLUMN reporting.billing_periods.period_start IS 'When the period begins (inclusive).';
COMMENT ON COLUMN reporting.billing_periods.period_end IS 'When it ends (exclusive).';
COMMENT ON COLUMN reporting.billing_periods.plan_code IS 'The plan in force, for a closed period the last one in it.';
COMMENT ON COLUMN reporting.billing_periods.included_minutes IS
    'Base minutes of that plan for the period; null means unlimited.';
COMMENT ON COLUMN reporting.billing_periods.used_minutes IS
    'Minutes counted in the period: base_minutes + overage_minutes + uncovered_minutes.';
COMMENT ON COLUMN reporting.billing_periods.base_minutes IS
    'Paid by the base. More than included_minutes only after a change to a smaller plan: base spent stays spent.';
COMMENT ON COLUMN reporting.billing_periods.overage_minutes IS 'Paid by overage packs.';
COMMENT ON COLUMN reporting.billing_periods.uncovered_minutes IS
    'Paid by nothing; what is left of it at the end stays here and is not carried over.';
COMMENT ON COLUMN reporting.billing_periods.lapsed_minutes IS
    'Base minutes that nobody spent, after late usage; null while the period is open.';
COMMENT ON COLUMN reporting.billing_periods.late_minutes IS
    'Minutes that were recorded after the period had closed and still went into this statement.';
COMMENT ON COLUMN reporting.billing_periods.earlier_minutes IS
    'Minutes that occurred in an earlier period and came too late for its statement, so they are counted here.';
COMMENT ON COLUMN reporting.billing_periods.corrections IS 'How many corrections have changed this statement.';
COMMENT ON COLUMN reporting.billing_periods.corrected_minutes IS
    'What the corrections changed in all; negative when they gave minutes back.';
COMMENT ON COLUMN reporting.billing_periods.opened_at IS
    'When the statement was opened: when the roll into the period was recorded, or the organization opened.';
COMMENT ON COLUMN reporting.billing_periods.closed_at IS
    'When the roll out of the period was recorded, at or after period_end; null while it is open.';
COMMENT ON COLUMN reporting.billing_periods.amended_at IS
    'When late usage or a correction last changed the statement after it had closed; null when nothing did.';

CREATE UNIQUE INDEX billing_periods_open ON reporting.billing_periods (organization_id) WHERE status = 'open';

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE reporting.overage_packs (
    organization_id   text        COLLATE "C" NOT NULL,
    purchase_id       text        COLLATE "C" NOT NULL,
    position          bigint      NOT NULL,
    purchased_at      timestamptz NOT NULL,
    bought_minutes    bigint      NOT NULL CHECK (bought_minutes >= 0),
    spent_minutes     bigint      NOT NULL CHECK (spent_minutes >= 0),
    refunded_minutes  bigint      NOT NULL CHECK (refunded_minutes >= 0),
    expired_minutes   bigint      NOT NULL CHECK (expired_minutes >= 0),
    remaining_minutes bigint      NOT NULL CHECK (remaining_minutes >= 0),
    expires_at        timestamptz,
    price_amount      numeric,
    price_currency    text        COLLATE "C",
    updated_at        timestamptz NOT NULL,
    PRIMARY KEY (organization_id, purchase_id),
    CHECK (bought_minutes = spent_minutes + refunded_minutes + expired_minutes + remaining_minutes)
);

COMMENT ON TABLE reporting.overage_packs IS
    'One row per pack of overage minutes. Each of its minutes is in one of four places: spent, refunded, expired, remaining.';
COMMENT ON COLUMN reporting.overage_packs.organization_id IS 'Who bought it.';
COMMENT ON COLUMN reporting.overage_packs.purchase_id IS 'The caller''s identifier, unique in its organization.';
COMMENT ON COLUMN reporting.overage_packs.position IS 'Position of the event that added it; higher is newer.';
COMMENT ON COLUMN reporting.overage_packs.purchased_at IS 'When it was bought.';
COMMENT ON COLUMN reporting.overage_packs.bought_minutes IS 'Minutes bought.';
COMMENT ON COLUMN reporting.overage_packs.spent_minutes IS 'Minutes that usage has spent.';
COMMENT ON COLUMN reporting.overage_packs.refunded_minutes IS 'Minutes that were taken back.';
COMMENT ON COLUMN reporting.overage_packs.expired_minutes IS 'Minutes that lapsed with the pack.';
COMMENT ON COLUMN reporting.overage_packs.remaining_minutes IS 'Minutes that can still be spent.';
COMMENT ON COLUMN reporting.overage_packs.expires_at IS 'When what remains lapses; null means never.';
COMMENT ON COLUMN reporting.overage_packs.price_amount IS 'What it was sold for; 0 for goodwill, null when not said.';
COMMENT ON COLUMN reporting.overage_packs.price_currency IS 'Currency of the price, three letters as in ISO 4217.';
COMMENT ON COLUMN reporting.overage_packs.updated_at IS 'When the event that last changed it was recorded.';

CREATE INDEX overage_packs_newest ON reporting.overage_packs (organization_id, position DESC);

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE reporting.reservations (
    organization_id  text        COLLATE "C" NOT NULL,
    reservation_id   text        COLLATE "C" NOT NULL,
    position         bigint      NOT NULL,
    status           text        COLLATE "C" NOT NULL CHECK (status IN ('open', 'settled', 'released', 'expired')),
    minutes          bigint      NOT NULL CHECK (minutes >= 0),
    user_id          text        COLLATE "C",
    reserved_at      timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    ended_at         timestamptz,
    transcription_id text        COLLATE "C",
    PRIMARY KEY (organization_id, reservation_id),
    CHECK ((status = 'open') = (ended_at IS NULL)),
    CHECK ((status = 'settled') = (transcription_id IS NOT NULL))
);

COMMENT ON TABLE reporting.reservations IS
    'One row per reservation: minutes held for an upload in flight, and how the hold ended.';
COMMENT ON COLUMN reporting.reservations.organization_id IS 'Whose minutes are held.';
COMMENT ON COLUMN reporting.reservations.reservation_id IS 'The caller''s identifier, unique in its organization.';
COMMENT ON COLUMN reporting.reservations.position IS 'Position of the event that reserved them; higher is newer.';
COMMENT ON COLUMN reporting.reservations.status IS
    'open; settled: the usage has been recorded; released: given back; expired: its time ran out.';
COMMENT ON COLUMN reporting.reservations.minutes IS 'Minutes held, or that were held.';
COMMENT ON COLUMN reporting.reservations.user_id IS 'Who reserved them, as the caller knows them; null when not said.';
COMMENT ON COLUMN reporting.reservations.reserved_at IS 'When the hold began.';
COMMENT ON COLUMN reporting.reservations.expires_at IS 'When the hold ends by itself.';
COMMENT ON COLUMN reporting.reservations.ended_at IS 'When it ended, for an expired one when it expired; null while open.';
COMMENT ON COLUMN reporting.reservations.transcription_id IS 'The transcription that settled it; null when none did.';

CREATE INDEX reservations_newest ON reporting.reservations (organization_id, position DESC);
CREATE INDEX reservations_open ON reporting.reservations (expires_at) WHERE status = 'open';

-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE reporting.members (
    organization_id text        COLLATE "C" NOT NULL,
    user_id         text        COLLATE "C" NOT NULL,
    position        bigint      NOT NULL,
    since           timestamptz NOT NULL,
    removed_at      timestamptz,
    PRIMARY KEY (organization_id, user_id)
);

COMMENT ON TABLE reporting.members IS
    'One row per organization and person that is or has been a member; no names, no e-mail addresses.';
COMMENT ON COLUMN reporting.members.organization_id IS 'The organization.';
COMMENT ON COLUMN reporting.members.user_id IS 'The person, as the caller knows them.';
COMMENT ON COLUMN reporting.members.position IS 'Position of the event that last added the person; higher is newer.';
COMMENT ON COLUMN reporting.members.since IS 'When the person was last added.';
COMMENT ON COLUMN reporting.members.removed_at IS 'When the person was removed; null for a member.';

CREATE INDEX members_newest ON reporting.members (organization_id, position DESC);
CREATE INDEX members_of_user ON reporting.members (user_id, organization_id);

-- ---------------------------------------------------------------------------------------------------------------------

-- The embedded server has the role before migrations run. On a server of your own, create it first or grant the same.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ledger_readonly') THEN
        GRANT USAGE ON SCHEMA reporting TO ledger_readonly;
        GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO ledger_readonly;
        ALTER DEFAULT PRIVILEGES IN SCHEMA reporting GRANT SELECT ON TABLES TO ledger_readonly;
    END IF;
END
$$;
