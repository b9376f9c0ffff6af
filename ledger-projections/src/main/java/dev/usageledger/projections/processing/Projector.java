package dev.usageledger.projections.processing;

import dev.usageledger.engine.OrganizationCodec;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.Step;
import dev.usageledger.projections.members.Members;
import dev.usageledger.projections.packs.OveragePacks;
import dev.usageledger.projections.periods.BillingPeriods;
import dev.usageledger.projections.reservations.Reservations;
import dev.usageledger.projections.transcriptions.Transcriptions;
import dev.usageledger.projections.usage.OrganizationUsage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Takes batches of events into all read models, in the caller's transaction: the tables and the token change together
 * or not at all. The token is locked first, and what it has passed is dropped, so an event counts once however often
 * and by however many nodes it is delivered. For one thread at a time.
 */
public final class Projector {
    /** The schema that everybody reads. */
    public static final String LIVE = "reporting";

    /** Goes up when the read models would hold other rows for the same events: then they are built anew. */
    private static final int VERSION = 3;

    private final String schema;
    private final Token token;
    private final String definition;
    private final List<ReadModel> readModels;
    private final Organizations organizations;

    /** Events are delivered from behind this position on. */
    private volatile long deliveredUpTo;

    /** All read models, where everybody reads them. */
    public Projector(LedgerPolicy policy) {
        this(LIVE, policy);
    }

    /** All read models in {@code schema}. */
    public Projector(String schema, LedgerPolicy policy) {
        this(schema, policy, table -> true);
    }

    /**
     * Some read models in {@code schema}; that of usage is always among them, since the states of organizations are there.
     *
     * @param chosen whether a table is
     */
    public Projector(String schema, LedgerPolicy policy, Predicate<String> chosen) {
        OrganizationUsage usage = new OrganizationUsage(schema, policy);
        this.schema = schema;
        this.token = new Token(schema);
        this.definition = "read models %d, state %d, thresholds %s"
                .formatted(VERSION, OrganizationCodec.FORMAT, policy.thresholds());
        this.organizations = new Organizations(usage);
        this.readModels = Stream.of(
                        usage,
                        new Transcriptions(schema),
                        new BillingPeriods(schema),
                        new OveragePacks(schema),
                        new Reservations(schema),
                        new Members(schema))
                .filter(readModel -> readModel == usage || chosen.test(readModel.table()))
                .toList();
    }

    /** What the tables hold: they are worth nothing to a service with another definition. */
    public String definition() {
        return definition;
    }

    /** How far they have come. */
    public Token token() {
        return token;
    }

    public List<ReadModel> readModels() {
        return readModels;
    }

    /**
     * Makes the tables ready for this definition. If they hold another, they are emptied, to be replayed from the first
     * event.
     *
     * @return the other definition they held, if they did
     */
    Optional<String> prepare(Connection connection) throws SQLException {
        Optional<String> other = token.define(connection, definition).filter(held -> !held.equals(definition));
        if (other.isPresent()) {
            empty(connection);
            token.replace(connection, definition, 0);
        }
        return other;
    }

    private void empty(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (ReadModel readModel : readModels) {
                statement.execute("TRUNCATE %s.%s".formatted(schema, readModel.table()));
            }
        }
    }

    /** Tells up to where events need not be delivered again: what is read anew starts there, or they are committed. */
    void deliveredUpTo(long position) {
        deliveredUpTo = position;
    }

    /**
     * Takes events into the read models, which come in order of position; some may have been delivered before.
     *
     * @throws IllegalStateException when events between the token and this batch would be passed over
     */
    public void apply(List<RecordedEvent> batch, Connection connection) throws SQLException {
        Token.Place place = token.lock(connection, definition);
        long position = place.position();
        requireNothingLost(position);
        List<RecordedEvent> fresh =
                batch.stream().filter(event -> event.position() > position).toList();
        if (fresh.isEmpty()) {
            return;
        }
        List<Step> steps = organizations.steps(fresh, place, connection);
        // What tables and indexes hold of one organization stands together, and so it is found at once.
        steps.sort(Comparator.comparing(step -> step.organizationId().value()));
        for (ReadModel readModel : readModels) {
            readModel.apply(steps, connection);
        }
        token.moveTo(connection, fresh.getLast().position());
    }

    /**
     * Fails where a crash of the database has taken back commits, since they had not waited for the disk. Whoever read
     * on as if nothing had happened would pass their events over; whoever fails reads again from where the token stands.
     */
    void requireNothingLost(long position) {
        if (position < deliveredUpTo) {
            throw new IllegalStateException(
                    "the read models had come to position %d and are back at %d".formatted(deliveredUpTo, position));
        }
    }
}
