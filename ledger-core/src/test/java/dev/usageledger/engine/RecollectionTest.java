package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.Charge;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Past;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecollectionTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final OrganizationId GLOBEX = new OrganizationId("globex");

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);
    private final Recollection recollection = new Recollection(transactions);
    private UnitOfWork<Message<String>> unitOfWork;

    @BeforeEach
    void start() {
        unitOfWork = DefaultUnitOfWork.startAndGet(new GenericMessage<>("a batch"));
    }

    @AfterEach
    void end() {
        unitOfWork.rollback();
        database.close();
    }

    @Test
    void the_last_correction_is_the_last_one_even_when_an_earlier_one_is_sent_again_beside_it() {
        stored(ACME, recorded(), corrected("c1", 50), corrected("c2", 40));

        recollection.prepare(List.of(correct(ACME, "c3", 30), correct(ACME, "c1", 50)));

        assertThat(lastCorrection(correct(ACME, "c3", 30))).isEqualTo(corrected("c2", 40));
    }

    @Test
    void what_the_same_unit_of_work_has_decided_is_remembered_although_it_is_not_stored_yet() {
        stored(ACME, recorded(), corrected("c1", 50));
        recollection.prepare(List.of(correct(ACME, "c2", 40), correct(ACME, "c3", 30), correct(ACME, "c2", 40)));

        recollection.note(ACME, List.of(corrected("c2", 40)));

        assertThat(lastCorrection(correct(ACME, "c3", 30))).isEqualTo(corrected("c2", 40));
        assertThat(recollection.of(correct(ACME, "c2", 40)).events()).containsValue(corrected("c2", 40));
    }

    @Test
    void one_organization_never_remembers_what_happened_to_another_under_the_same_identifiers() {
        stored(ACME, recorded(), corrected("c1", 50));
        recollection.prepare(List.of(correct(ACME, "c1", 50), correct(GLOBEX, "c1", 50)));

        assertThat(recollection.of(correct(GLOBEX, "c1", 50))).isEqualTo(Past.NOTHING);
        assertThat(recollection.of(correct(ACME, "c1", 50)).events()).hasSize(2);
    }

    private TranscriptionCorrected lastCorrection(CorrectTranscription command) {
        return recollection.of(command).lastCorrection();
    }

    private void stored(OrganizationId organizationId, OrganizationEvent... events) {
        List<NewEvent> rows = new ArrayList<>();
        for (OrganizationEvent event : events) {
            rows.add(NewEvent.of(organizationId, rows.size(), event, Map.of()));
        }
        transactions.run(connection -> EventTable.append(connection, new HashChain(1).link(connection, rows)));
    }

    private static CorrectTranscription correct(OrganizationId organizationId, String id, long minutes) {
        return new CorrectTranscription(
                organizationId, NOW, new CorrectionId(id), new TranscriptionId("t1"), Minutes.of(minutes), "measured");
    }

    private static TranscriptionRecorded recorded() {
        return new TranscriptionRecorded(
                NOW,
                new TranscriptionId("t1"),
                Minutes.of(60),
                null,
                NOW,
                false,
                null,
                null,
                TranscriptionRecorded.Counted.CURRENT_PERIOD,
                0,
                new Charge(Minutes.of(60), List.of(), Minutes.ZERO));
    }

    private static TranscriptionCorrected corrected(String id, long minutes) {
        return new TranscriptionCorrected(
                NOW,
                new CorrectionId(id),
                new TranscriptionId("t1"),
                Minutes.of(60),
                Minutes.of(minutes),
                "measured",
                0,
                Charge.NOTHING,
                Charge.NOTHING,
                List.of(),
                List.of());
    }
}
