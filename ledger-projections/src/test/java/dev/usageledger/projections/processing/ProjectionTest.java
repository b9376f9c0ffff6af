package dev.usageledger.projections.processing;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.PlantedEvents;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A history of organizations, and the read models that it makes on a real PostgreSQL. */
public abstract class ProjectionTest {
    protected final HikariDataSource database = TestDatabase.create();
    protected final History history = new History(LedgerPolicy.STANDARD);
    private Projector projector = new Projector(LedgerPolicy.STANDARD);
    private int delivered;

    protected ProjectionTest() {
        restart();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    /** As after a start of the service: nothing is remembered but what the tables hold. */
    protected final void restart() {
        projector = new Projector(LedgerPolicy.STANDARD);
        inTransaction(projector::prepare);
    }

    /** Delivers everything that has happened since the last call, as one batch. */
    protected final void project() {
        List<RecordedEvent> all = history.events();
        deliver(all.subList(delivered, all.size()));
        delivered = all.size();
    }

    /** Delivers everything that has happened since the last call, each event by itself. */
    protected final void projectOneByOne() {
        List<RecordedEvent> all = history.events();
        all.subList(delivered, all.size()).forEach(event -> deliver(List.of(event)));
        delivered = all.size();
    }

    protected final void deliver(List<RecordedEvent> batch) {
        if (!batch.isEmpty()) {
            inTransaction(connection -> {
                PlantedEvents.add(connection, batch);
                projector.apply(batch, connection);
            });
        }
    }

    protected final long position() {
        long[] position = {0};
        inTransaction(connection -> position[0] = new Token(Projector.LIVE).position(connection));
        return position[0];
    }

    protected final void inTransaction(Work work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            work.with(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    protected final void assertContainsEverything() {
        assertThat(position()).isEqualTo(history.events().getLast().position());
    }

    /** Work on a connection. */
    @FunctionalInterface
    public interface Work {
        void with(Connection connection) throws SQLException;
    }
}
