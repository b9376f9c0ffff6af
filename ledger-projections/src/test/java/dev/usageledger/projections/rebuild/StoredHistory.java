package dev.usageledger.projections.rebuild;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.AddMember;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.processing.Projector;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A ledger with a random history, and read models that follow when they are told to, as a service's would. */
final class StoredHistory implements AutoCloseable {
    private static final Origin ORIGIN = new Origin("test", "request", null);
    private static final int COMMANDS = 120;
    private static final int EVENTS_PER_SNAPSHOT = 100;
    private static final int AT_ONCE = 5_000;
    private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");

    final HikariDataSource database = TestDatabase.create();
    final JdbcClient jdbc = JdbcClient.create(database);
    final Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);
    private Projector projector = new Projector(LedgerPolicy.STANDARD);

    /** What has happened to {@code organizations}, and is in the read models. */
    static StoredHistory of(long seed, String... organizations) {
        StoredHistory history = new StoredHistory();
        for (String organization : organizations) {
            history.happen(seed + organization.hashCode(), organization, COMMANDS);
        }
        return history.project();
    }

    StoredHistory happen(long seed, String organization, int commands) {
        for (RandomHistory.Step step : RandomHistory.of(seed, new OrganizationId(organization), commands)
                .steps()) {
            ledger.send(step.command(), ORIGIN).join();
        }
        return this;
    }

    StoredHistory record(String organization, String transcription) {
        send(organization, transcription).join();
        return this;
    }

    StoredHistory recordMany(String organization, int transcriptions) {
        for (int done = 0; done < transcriptions; done += AT_ONCE) {
            IntStream.range(done, Math.min(done + AT_ONCE, transcriptions))
                    .mapToObj(i -> send(organization, "many-" + i))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
        return this;
    }

    private CompletableFuture<?> send(String organization, String transcription) {
        var command = new RecordTranscription(
                new OrganizationId(organization),
                LATER,
                new TranscriptionId(transcription),
                Minutes.of(1),
                null,
                null,
                null,
                null,
                OnInsufficient.RECORD);
        return ledger.send(command, ORIGIN);
    }

    /** Lets something be recorded often enough that the write side has put a snapshot aside, and awaits the last of them. */
    StoredHistory withSnapshotOf(String organization) {
        for (int i = 0; i < EVENTS_PER_SNAPSHOT; i++) {
            ledger.send(new AddMember(new OrganizationId(organization), LATER, new UserId("member-" + i)), ORIGIN)
                    .join();
        }
        String outdated = """
                SELECT count(*) FROM (SELECT max(sequence) AS last FROM ledger.events WHERE organization_id = ?) AS event
                WHERE last / %1$d * %1$d > coalesce((SELECT sequence FROM ledger.snapshots WHERE organization_id = ?), -1)
                """.formatted(EVENTS_PER_SNAPSHOT);
        while (jdbc.sql(outdated)
                        .params(organization, organization)
                        .query(Integer.class)
                        .single()
                > 0) {
            Thread.onSpinWait();
        }
        return project();
    }

    /** Takes into the read models what has happened. */
    StoredHistory project() {
        return project(event -> true);
    }

    /** As {@link #project()}, but some events get lost on the way: the token passes them, and the tables never see them. */
    StoredHistory project(Predicate<RecordedEvent> delivered) {
        inTransaction(connection -> {
            projector.token().define(connection, projector.definition());
            long position = projector.token().position(connection);
            List<RecordedEvent> next = EventHistory.between(connection, position, Long.MAX_VALUE, Integer.MAX_VALUE);
            List<RecordedEvent> arriving = next.stream().filter(delivered).toList();
            if (!arriving.isEmpty()) {
                projector.apply(arriving, connection);
                projector.token().moveTo(connection, next.getLast().position());
            }
        });
        return this;
    }

    /** As after a start of the service: nothing is remembered but what the tables hold. */
    void restart() {
        projector = new Projector(LedgerPolicy.STANDARD);
    }

    List<String> tables() {
        return projector.readModels().stream().map(ReadModel::table).toList();
    }

    Map<String, List<String>> everyRow() {
        return tables().stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        table -> jdbc.sql("SELECT row::text FROM reporting.%s AS row ORDER BY 1".formatted(table))
                                .query(String.class)
                                .list()));
    }

    long position() {
        return jdbc.sql("SELECT position FROM reporting.token")
                .query(Long.class)
                .single();
    }

    void execute(String sql) {
        jdbc.sql(sql).update();
    }

    void inTransaction(Replay.Work work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            work.with(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        ledger.close();
        database.close();
    }
}
