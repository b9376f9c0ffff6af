package dev.usageledger.projections.reservations;

import dev.usageledger.organization.OrganizationEvent.MinutesReserved;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.Step;
import dev.usageledger.projections.reservations.ReservationRow.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps {@code reservations}. */
public final class Reservations implements ReadModel {
    private final ReservationTable table;

    public Reservations(String schema) {
        this.table = new ReservationTable(schema);
    }

    @Override
    public String table() {
        return ReservationTable.NAME;
    }

    @Override
    public void apply(List<Step> steps, Connection connection) throws SQLException {
        Map<Key, ReservationRow> reserved = new LinkedHashMap<>();
        Map<Key, ReservationEnd> ended = new LinkedHashMap<>();
        for (Step step : steps) {
            if (step.event() instanceof MinutesReserved e) {
                reserved.put(new Key(step, e.reservationId().value()), row(step, e));
            }
            ReservationEnd end = ReservationEnd.of(step.event());
            if (end != null) {
                Key key = new Key(step, end.reservationId());
                // A hold of this very batch is written once, as ended.
                @Nullable ReservationRow known = reserved.computeIfPresent(key, (any, row) -> row.ended(end));
                if (known == null) {
                    ended.put(key, end);
                }
            }
        }
        table.insert(connection, reserved.values());
        table.end(connection, ended);
    }

    private static ReservationRow row(Step step, MinutesReserved e) {
        return new ReservationRow(
                step.organizationId().value(),
                e.reservationId().value(),
                step.position(),
                Status.OPEN,
                e.minutes().value(),
                e.userId() == null ? null : e.userId().value(),
                e.recordedAt(),
                e.expiresAt(),
                null,
                null);
    }

    record Key(String organizationId, String reservationId) {
        Key(Step step, String reservationId) {
            this(step.organizationId().value(), reservationId);
        }
    }
}
