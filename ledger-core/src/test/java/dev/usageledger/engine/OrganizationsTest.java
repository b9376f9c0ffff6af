package dev.usageledger.engine;

import static dev.usageledger.engine.Organizations.MOST_NEWER;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.testing.TestDatabase;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrganizationsTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final OrganizationId GLOBEX = new OrganizationId("globex");
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final Origin ORIGIN = new Origin("test", "request-1", null);

    private final HikariDataSource database = TestDatabase.create();
    private final Organizations organizations =
            new Organizations(new JdbcTransactions(database), 100, (id, before, now) -> {});
    private KnownOrganization opened = KnownOrganization.NOTHING;

    @BeforeEach
    void open() {
        opened = open(ACME);
    }

    private KnownOrganization open(OrganizationId id) {
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            ledger.send(
                            new OpenOrganization(
                                    id,
                                    NOW,
                                    "Acme",
                                    new Plan("team", Minutes.of(600), Plan.Limit.HARD),
                                    ZoneOffset.UTC,
                                    LocalDateTime.parse("2026-01-31T00:00:00")),
                            ORIGIN)
                    .join();
        }
        return organizations.current(id);
    }

    @AfterEach
    void close() {
        organizations.close();
        database.close();
    }

    @Test
    void what_has_been_decided_is_expected_until_it_is_committed_or_not() {
        organizations.expect(ACME, at(1));
        assertThat(expectedSequence()).isEqualTo(1);

        organizations.disappoint(ACME);
        assertThat(expectedSequence()).isZero();

        organizations.expect(ACME, at(1));
        organizations.expect(ACME, at(2));
        organizations.remember(ACME, at(1));
        assertThat(expectedSequence()).isEqualTo(2);
    }

    /** A batch is noted after the next one has been let through to its commit. */
    @Test
    void what_is_noted_late_takes_nothing_back() {
        organizations.expect(ACME, at(1));
        organizations.expect(ACME, at(2));

        organizations.remember(ACME, at(2));
        organizations.remember(ACME, at(1));
        assertThat(expectedSequence()).isEqualTo(2);

        organizations.expect(ACME, at(3));
        organizations.expect(ACME, at(4));
        organizations.disappoint(ACME);
        organizations.remember(ACME, at(3));
        assertThat(expectedSequence()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, MOST_NEWER - 1, MOST_NEWER, MOST_NEWER + 1, 2 * MOST_NEWER})
    void whatever_another_node_has_recorded_meanwhile_is_caught_up_with(long newer) {
        recordElsewhere(ACME, newer);

        KnownOrganization current = organizations.current(ACME);

        assertThat(current.sequence()).isEqualTo(opened.sequence() + newer);
        try (Organizations afresh = new Organizations(new JdbcTransactions(database), 100, (id, before, now) -> {})) {
            assertThat(current.organization()).isEqualTo(afresh.current(ACME).organization());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, MOST_NEWER})
    void what_is_recalled_is_as_new_as_its_organization(long newer) {
        TranscriptionId first = recordElsewhere(ACME, newer);
        TranscriptionId later = new TranscriptionId("later");
        Set<UUID> recalled = Stream.of(first, later)
                .map(id -> EventId.of(ACME, EventIdentity.transcription(id)))
                .collect(Collectors.toSet());
        Set<UUID> found = new HashSet<>();

        KnownOrganization current = organizations
                .current(Set.of(ACME), recalled, event -> {
                    if (found.add(event.eventId()) && found.size() == 1) {
                        recordElsewhere(ACME, List.of(later));
                    }
                })
                .get(ACME);

        boolean laterIsKnown = current.sequence() > opened.sequence() + newer;
        assertThat(found.equals(recalled)).isEqualTo(laterIsKnown);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void what_is_known_of_an_organization_is_kept_where_only_others_are_far_behind(long newer) {
        open(GLOBEX);
        recordElsewhere(GLOBEX, 250);
        KnownOrganization before = organizations.current(GLOBEX);
        recordElsewhere(ACME, MOST_NEWER);
        recordElsewhere(
                GLOBEX,
                LongStream.range(0, newer)
                        .mapToObj(i -> new TranscriptionId("later-" + i))
                        .toList());

        KnownOrganization now =
                organizations.current(Set.of(ACME, GLOBEX)).getOrDefault(GLOBEX, KnownOrganization.NOTHING);

        assertThat(before.draft().whole()).isTrue();
        assertThat(now.sequence()).isEqualTo(before.sequence() + newer);
        assertThat(now.draft().whole()).isTrue();
    }

    /** @return the first of them */
    private TranscriptionId recordElsewhere(OrganizationId id, long transcriptions) {
        List<TranscriptionId> ids = LongStream.range(0, transcriptions)
                .mapToObj(i -> new TranscriptionId("t" + i))
                .toList();
        recordElsewhere(id, ids);
        return ids.getFirst();
    }

    private void recordElsewhere(OrganizationId organizationId, List<TranscriptionId> ids) {
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            ids.stream()
                    .map(id -> ledger.send(
                            new RecordTranscription(
                                    organizationId,
                                    NOW,
                                    id,
                                    Minutes.ZERO,
                                    null,
                                    null,
                                    null,
                                    null,
                                    OnInsufficient.RECORD),
                            ORIGIN))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    @Test
    void an_organization_that_is_not_in_memory_is_not_made_up() {
        assertThat(organizations.expected(Set.of(ACME, GLOBEX))).isEmpty();
    }

    @Test
    void what_has_been_decided_is_seen_before_during_and_after_its_commit() throws Exception {
        Set<OrganizationId> many = IntStream.range(0, 200)
                .mapToObj(i -> new OrganizationId("other-" + i))
                .peek(id -> organizations.expect(id, at(0)))
                .collect(Collectors.toSet());
        many.add(ACME);
        try (ExecutorService committing = Executors.newSingleThreadExecutor()) {
            for (long sequence = 1; sequence <= 10_000; sequence++) {
                KnownOrganization decided = at(sequence);
                organizations.expect(ACME, decided);
                Future<?> commit = committing.submit(() -> organizations.remember(ACME, decided));

                KnownOrganization expected =
                        organizations.expected(many).orElseThrow().get(ACME);

                assertThat(expected.sequence()).isEqualTo(sequence);
                commit.get();
            }
        }
    }

    private KnownOrganization at(long sequence) {
        return new KnownOrganization(opened.organization(), sequence, sequence + 1);
    }

    private long expectedSequence() {
        return organizations.expected(Set.of(ACME)).orElseThrow().get(ACME).sequence();
    }
}
