package dev.usageledger.projections.rebuild;

import dev.usageledger.projections.rebuild.Difference.Column;
import dev.usageledger.projections.rebuild.Difference.Kind;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Every kind of drift, planted into a history of acme and globex in which nothing is wrong otherwise. */
enum PlantedDrift {
    CHANGED_NUMBER(
            sql(
                    "UPDATE reporting.transcriptions SET minutes = minutes + 1 WHERE (organization_id, transcription_id) ="
                            + " (SELECT 'acme', min(transcription_id) FROM reporting.transcriptions WHERE organization_id = 'acme')"),
            difference("reporting.transcriptions", Kind.CHANGED, "minutes")),
    CHANGED_TIME(
            sql("UPDATE reporting.organization_usage SET next_due_at = next_due_at + interval '1 microsecond'"
                    + " WHERE organization_id = 'acme'"),
            difference("reporting.organization_usage", Kind.CHANGED, "next_due_at")),
    CHANGED_TO_NOTHING(
            sql(
                    "UPDATE reporting.organization_usage SET remaining_minutes = CASE WHEN remaining_minutes IS NULL THEN 1 END"
                            + " WHERE organization_id = 'acme'"),
            difference("reporting.organization_usage", Kind.CHANGED, "remaining_minutes")),
    CHANGED_STATE(sql("""
                UPDATE reporting.organization_usage SET state = jsonb_set(state::jsonb, '{name}', '"Wrong"')::text
                WHERE organization_id = 'acme'
                """), difference("reporting.organization_usage", Kind.CHANGED, "state")),
    UNREADABLE_STATE(
            sql("UPDATE reporting.organization_usage SET state = 'gibberish' WHERE organization_id = 'acme'"),
            difference("reporting.organization_usage", Kind.CHANGED, "state")),
    MISSING_ROW(
            sql("DELETE FROM reporting.billing_periods WHERE organization_id = 'acme' AND status = 'open'"),
            difference("reporting.billing_periods", Kind.MISSING, "used_minutes")),
    EXTRA_ROW(
            sql("INSERT INTO reporting.members (organization_id, user_id, position, since)"
                    + " VALUES ('acme', 'nobody', 1, now())"),
            difference("reporting.members", Kind.EXTRA, "since")),
    ROW_OF_AN_UNKNOWN_ORGANIZATION(
            sql("INSERT INTO reporting.members (organization_id, user_id, position, since)"
                    + " VALUES ('aardvark', 'nobody', 1, now())"),
            difference("reporting.members", Kind.EXTRA, "since")),
    LOST_EVENT(
            history -> {
                history.record("acme", "lost");
                long lost = history.ledger.head();
                history.record("globex", "not-lost");
                history.project(event -> event.position() != lost);
            },
            difference("reporting.organization_usage", Kind.CHANGED, "last_sequence")),
    WRONG_SNAPSHOT(sql("""
                UPDATE ledger.snapshots
                SET state = jsonb_set(state::jsonb, '{name}', '"Wrong"')::json WHERE organization_id = 'acme'
                """), difference("ledger.snapshots", Kind.CHANGED, "state")),
    SNAPSHOT_OF_WHAT_NEVER_HAPPENED(
            sql("UPDATE ledger.snapshots SET sequence = 1000000 WHERE organization_id = 'acme'"),
            difference("ledger.snapshots", Kind.EXTRA, "sequence"));

    private final Consumer<StoredHistory> plant;
    private final Predicate<Difference> found;

    PlantedDrift(Consumer<StoredHistory> plant, Predicate<Difference> found) {
        this.plant = plant;
        this.found = found;
    }

    void plant(StoredHistory history) {
        plant.accept(history);
    }

    boolean isFoundIn(Difference difference) {
        return found.test(difference);
    }

    private static Consumer<StoredHistory> sql(String sql) {
        return history -> {
            if (history.jdbc.sql(sql).update() != 1) {
                throw new IllegalStateException("planted nothing: " + sql);
            }
        };
    }

    private static Predicate<Difference> difference(String table, Kind kind, String column) {
        return difference -> difference.table().equals(table)
                && difference.kind() == kind
                && difference.columns().stream().map(Column::name).anyMatch(column::equals);
    }
}
