package dev.usageledger.engine;

import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Past;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Looks up by identifier what the decision of a command needs of the past. */
final class Recollection {
    private final JdbcTransactions transactions;

    Recollection(JdbcTransactions transactions) {
        this.transactions = transactions;
    }

    /** What the store holds as of now, in the thread's transaction. */
    Past of(OrganizationCommand command) {
        if (command.recalls().isEmpty()) {
            return Past.NOTHING;
        }
        return transactions.call(
                connection -> new Past(events(connection, command), lastCorrection(connection, command)));
    }

    private static Map<EventIdentity, OrganizationEvent> events(Connection connection, OrganizationCommand command)
            throws SQLException {
        OrganizationId organizationId = command.organizationId();
        List<UUID> ids = command.recalls().stream()
                .map(identity -> EventId.of(organizationId, identity))
                .toList();
        Map<EventIdentity, OrganizationEvent> found = new HashMap<>();
        for (RecordedEvent recorded : EventTable.byIds(connection, ids)) {
            EventIdentity identity = recorded.event().identity();
            if (identity != null && recorded.organizationId().equals(organizationId)) {
                found.put(identity, recorded.event());
            }
        }
        return found;
    }

    private static @Nullable TranscriptionCorrected lastCorrection(Connection connection, OrganizationCommand command)
            throws SQLException {
        RecordedEvent last = command instanceof CorrectTranscription correct
                ? EventTable.lastCorrection(connection, correct.organizationId(), correct.transcriptionId())
                : null;
        return last == null ? null : (TranscriptionCorrected) last.event();
    }
}
