package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.usageledger.organization.Balance;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.WhatIf;
import dev.usageledger.testing.RandomHistory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories, looked back at from random moments. Their seeds are in the names of the tests. */
class TimeTravelTest extends StoredHistoryTest {
    private static final OrganizationDecider DECIDER = new OrganizationDecider(LedgerPolicy.STANDARD);
    private static final int LOOKS = 150;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void what_was_known_at_a_moment_is_what_was_answered_then(long seed) {
        History history = history(seed, 2_500);

        history.looks()
                .forEach(at -> assertThat(ledger.standing(ACME, at, at))
                        .as("seed %d at %s", seed, at)
                        .contains(history.liveAt(at)));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void what_is_known_now_of_now_is_the_usage_of_now(long seed) {
        History history = history(seed, 1_500);
        Instant now = history.end().plus(Duration.ofDays(3));

        assertThat(ledger.standing(ACME, now, now)).isPresent().isEqualTo(ledger.standing(ACME, now));
        assertThat(ledger.standing(ACME, history.end(), history.end()))
                .isPresent()
                .isEqualTo(ledger.standing(ACME, history.end()));
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void used_minutes_are_the_costs_as_known_then_of_what_had_taken_effect(long seed) {
        History history = history(seed, 2_500);
        SplittableRandom random = new SplittableRandom(seed);
        int moved = 0;

        for (Instant at : history.looks()) {
            Instant knownAt = at.plus(Duration.ofMinutes(random.nextInt(40 * 24 * 60)));
            Balance balance = balance(at, knownAt);

            assertThat(balance.used().value())
                    .as("seed %d at %s known at %s", seed, at, knownAt)
                    .isEqualTo(history.costs(balance.period().index(), at, knownAt));
            assertThat(balance.used())
                    .isEqualTo(balance.baseUsed().plus(balance.overageUsed()).plus(balance.uncovered()));
            moved += balance.used().equals(balance(at, at).used()) ? 0 : 1;
        }
        assertThat(moved).as("moments that look different afterwards").isGreaterThan(LOOKS / 10);
    }

    /** Where chapters are short, most of what becomes known of a moment is in chapters that are all about the time before. */
    @ParameterizedTest
    @ValueSource(longs = {25, 26, 27, 28})
    void used_minutes_are_those_costs_also_where_much_becomes_known_at_once(long seed) {
        History history = new History(seed, stored(RandomHistory.of(imports(seed))));
        SplittableRandom random = new SplittableRandom(seed);
        long summed = 0;

        for (Instant at : history.looks()) {
            Instant knownAt = at.plusSeconds(random.nextInt(2 * 24 * 3600));
            Balance balance = balance(at, knownAt);

            assertThat(balance.used().value())
                    .as("seed %d at %s known at %s", seed, at, knownAt)
                    .isEqualTo(history.costs(balance.period().index(), at, knownAt));
            summed += count(
                    "SELECT count(*) FROM ledger.chapters WHERE all_since <= '%s' AND chapter > %d AND chapter < %d"
                            .formatted(
                                    at,
                                    Chapter.of(history.recordedBy(at) - 1),
                                    Chapter.completeAfter(history.recordedBy(knownAt) - 1)));
        }
        assertThat(summed).as("chapters that were summed up").isGreaterThan(LOOKS / 2);
    }

    /** Three times, thousands of reports of usage and corrections within minutes; some of it soon after, some days. */
    private static List<OrganizationCommand> imports(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Instant now = Instant.parse("2026-01-20T08:00:00Z");
        List<OrganizationCommand> commands = new ArrayList<>();
        commands.add(new OpenOrganization(
                ACME,
                now,
                "Acme",
                new Plan("standard", Minutes.of(5_000), Plan.Limit.SOFT),
                ZoneOffset.UTC,
                LocalDateTime.parse("2026-01-01T00:00:00")));
        for (int round = 1; round <= 3; round++) {
            now = now.plus(Duration.ofDays(6));
            boolean soon = random.nextBoolean();
            int already = commands.size();
            for (int i = 0; i < 2_000; i++) {
                now = now.plusMillis(random.nextInt(200));
                boolean corrects = !soon && round > 1 && i % 4 == 0;
                TranscriptionId id = new TranscriptionId("t" + (corrects ? 1 + random.nextInt(2_000) : already + i));
                Instant occurredAt = now.minusMillis(
                        soon ? 300_000 + random.nextInt(60_000) : 3_600_000L * (1 + random.nextInt(24 * 5)));
                Minutes minutes = Minutes.of(random.nextInt(60));
                commands.add(
                        corrects
                                ? new CorrectTranscription(
                                        ACME, now, new CorrectionId("c" + already + i), id, minutes, "measured again")
                                : new RecordTranscription(
                                        ACME, now, id, minutes, null, occurredAt, null, null, OnInsufficient.RECORD));
            }
        }
        return commands;
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32})
    void as_long_as_nothing_becomes_known_late_nothing_changes(long seed) {
        History history = history(seed, 1_500);
        int compared = 0;

        for (Instant at : history.looks()) {
            Instant next = history.nextLate(at);
            Instant knownAt = next == null ? history.end() : next.minus(1, ChronoUnit.MICROS);
            if (knownAt.isAfter(at)) {
                assertThat(ledger.standing(ACME, at, knownAt))
                        .as("seed %d at %s known at %s", seed, at, knownAt)
                        .isPresent()
                        .isEqualTo(ledger.standing(ACME, at, at));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(LOOKS / 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {41, 42})
    void what_was_known_before_that_moment_knows_only_what_falls_due(long seed) {
        History history = history(seed, 1_500);
        SplittableRandom random = new SplittableRandom(seed);

        for (Instant knownAt : history.looks()) {
            Instant at = knownAt.plus(Duration.ofMinutes(random.nextInt(60 * 24 * 60)));
            Open then = history.openAt(knownAt);
            assertThat(balance(at, knownAt))
                    .as("seed %d at %s known at %s", seed, at, knownAt)
                    .isEqualTo(Balance.of(DECIDER.advanced(then, at), LedgerPolicy.STANDARD));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRUNCATE ledger.chapters",
                "DELETE FROM ledger.chapters WHERE chapter = 0",
                "DELETE FROM ledger.chapters WHERE chapter % 2 = 1",
                "UPDATE ledger.chapters SET format = format + 1, state = '{}', late = '{}'",
                "UPDATE ledger.chapters SET state = '{\"shape\": \"nobody knows\"}'",
                "UPDATE ledger.chapters SET late = '[{\"shape\": \"nobody knows\"}]'",
                "UPDATE ledger.chapters SET minutes = '[\"nobody knows\"]'",
                "UPDATE ledger.chapters SET all_since = NULL, minutes = '{}'",
            })
    void chapters_that_cannot_be_used_change_no_answer(String sql) {
        History history = new History(51, stored(RandomHistory.of(imports(51))));
        List<Instant> looks = history.looks();
        List<Balance> answers =
                looks.stream().map(at -> balance(at, history.end())).toList();
        assertThat(chapters())
                .isEqualTo(Chapter.completeAfter(history.events.size() - 1))
                .isGreaterThan(2);

        execute(sql);

        assertThat(looks.stream().map(at -> balance(at, history.end())).toList())
                .isEqualTo(answers);
        assertThat(chapters()).isEqualTo(Chapter.completeAfter(history.events.size() - 1));
    }

    @Test
    @Timeout(60)
    void chapters_that_go_while_somebody_looks_change_no_answer() throws Exception {
        History history = new History(52, stored(RandomHistory.of(imports(52))));
        List<Instant> looks = history.looks();
        List<Balance> answers =
                looks.stream().map(at -> balance(at, history.end())).toList();

        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            AtomicBoolean looking = new AtomicBoolean(true);
            Future<?> vandal = threads.submit(() -> {
                SplittableRandom random = new SplittableRandom(52);
                while (looking.get()) {
                    execute("DELETE FROM ledger.chapters WHERE chapter = " + random.nextInt(12));
                }
            });
            List<Balance> disturbed;
            try {
                disturbed = looks.stream().map(at -> balance(at, history.end())).toList();
            } finally {
                looking.set(false);
            }
            assertThat(disturbed).isEqualTo(answers);
            vandal.get();
        }
    }

    @Test
    @Timeout(60)
    void chapters_that_a_stop_left_unwritten_are_written_after_the_next_start() throws InterruptedException {
        History history = history(81, 2_500);
        try (Ledger stopped = new Ledger(database, LedgerPolicy.STANDARD)) {
            assertThat(stopped.standing(ACME, history.end())).isPresent();
        }
        execute("DELETE FROM ledger.chapters WHERE chapter >= 2");

        try (Ledger started = new Ledger(database, LedgerPolicy.STANDARD)) {
            assertThat(started.head()).isPositive();
            while (chapters() < Chapter.completeAfter(history.events.size() - 1)) {
                Thread.sleep(10);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {71, 72})
    void a_history_is_told_again_from_the_period_that_is_asked_for(long seed) {
        History history = history(seed, 1_500);
        WhatIf.Alternative alternative =
                new WhatIf.Alternative(new Plan("other", Minutes.of(70), Plan.Limit.SOFT), Minutes.of(25));

        for (Instant from : history.looks().subList(0, LOOKS / 10)) {
            assertThat(ledger.whatIf(ACME, from, history.end(), alternative))
                    .as("seed %d from %s", seed, from)
                    .contains(history.whatIf(from, alternative));
        }
        assertThat(ledger.whatIf(new OrganizationId("globex"), history.end(), history.end(), alternative))
                .isEmpty();
    }

    @Test
    void there_was_nothing_before_the_opening_and_never_of_an_unknown_organization() {
        History history = history(61, 50);
        Instant opened = history.events.getFirst().recordedAt();
        Instant before = opened.minus(1, ChronoUnit.MICROS);

        assertThat(ledger.standing(ACME, opened, opened)).isPresent();
        assertThatExceptionOfType(BeforeOpeningException.class)
                .isThrownBy(() -> ledger.standing(ACME, before, opened))
                .satisfies(e -> assertThat(e.openedAt()).isEqualTo(opened))
                .satisfies(e -> assertThat(e.asked()).isEqualTo(before));
        assertThatExceptionOfType(BeforeOpeningException.class).isThrownBy(() -> ledger.standing(ACME, opened, before));
        assertThat(ledger.standing(new OrganizationId("globex"), opened, opened))
                .isEmpty();
    }

    private Balance balance(Instant at, Instant knownAt) {
        return ledger.standing(ACME, at, knownAt).orElseThrow().balance();
    }

    private History history(long seed, int commands) {
        return new History(seed, stored(seed, commands));
    }

    private long chapters() {
        return count("SELECT count(*) FROM ledger.chapters WHERE format = " + OrganizationCodec.FORMAT);
    }

    private long count(String sql) {
        try (var connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        transactions.run(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }

    /** The same questions, answered from all events in memory. */
    private record History(long seed, List<OrganizationEvent> events) {
        Instant end() {
            return events.getLast().recordedAt();
        }

        /** Moments between events, of events, and a little before them. */
        List<Instant> looks() {
            SplittableRandom random = new SplittableRandom(seed);
            return IntStream.range(0, LOOKS)
                    .mapToObj(i -> {
                        Instant event =
                                events.get(random.nextInt(1, events.size())).recordedAt();
                        return switch (random.nextInt(3)) {
                            case 0 -> event;
                            case 1 -> event.plus(Duration.ofSeconds(random.nextInt(40 * 3600)));
                            default ->
                                latest(
                                        event.minus(1, ChronoUnit.MICROS),
                                        events.getFirst().recordedAt());
                        };
                    })
                    .toList();
        }

        Standing liveAt(Instant at) {
            return new Standing(
                    Balance.of(DECIDER.advanced(openAt(at), at), LedgerPolicy.STANDARD), at, recordedBy(at));
        }

        long recordedBy(Instant at) {
            return events.stream()
                    .filter(event -> !event.recordedAt().isAfter(at))
                    .count();
        }

        Open openAt(Instant at) {
            Organization organization = Organization.NOT_OPENED;
            for (OrganizationEvent event : events) {
                if (!event.recordedAt().isAfter(at)) {
                    organization = OrganizationDecider.evolve(organization, event);
                }
            }
            return (Open) organization;
        }

        List<WhatIf.Comparison> whatIf(Instant from, WhatIf.Alternative alternative) {
            long period = openAt(from).periods().current().period().index();
            Organization organization = Organization.NOT_OPENED;
            WhatIf whatIf = null;
            for (OrganizationEvent event : events) {
                organization = OrganizationDecider.evolve(organization, event);
                if (whatIf != null) {
                    whatIf.happened(event);
                } else if (((Open) organization).periods().current().period().index() == period) {
                    whatIf = new WhatIf(DECIDER, (Open) organization, alternative);
                }
            }
            return Objects.requireNonNull(whatIf).periods(end());
        }

        long costs(long period, Instant at, Instant knownAt) {
            Map<TranscriptionId, Long> costs = new HashMap<>();
            for (OrganizationEvent event : events) {
                if (event.recordedAt().isAfter(knownAt)) {
                    break;
                }
                if (event instanceof TranscriptionRecorded e && e.period() == period && countsBy(e, at)) {
                    costs.put(e.transcriptionId(), e.minutes().value());
                } else if (event instanceof TranscriptionCorrected e) {
                    costs.computeIfPresent(
                            e.transcriptionId(), (id, before) -> e.minutes().value());
                }
            }
            return costs.values().stream().mapToLong(Long::longValue).sum();
        }

        /** When the first event after {@code at} was recorded that is about usage before it. */
        @Nullable
        Instant nextLate(Instant at) {
            Map<TranscriptionId, TranscriptionRecorded> recordings = new HashMap<>();
            for (OrganizationEvent event : events) {
                if (event instanceof TranscriptionRecorded e) {
                    recordings.put(e.transcriptionId(), e);
                }
                TranscriptionRecorded about = event instanceof TranscriptionCorrected e
                        ? recordings.get(e.transcriptionId())
                        : event instanceof TranscriptionRecorded e ? e : null;
                if (about != null && event.recordedAt().isAfter(at) && countsBy(about, at)) {
                    return event.recordedAt();
                }
            }
            return null;
        }

        private static boolean countsBy(TranscriptionRecorded e, Instant at) {
            boolean late = e.counted() == TranscriptionRecorded.Counted.LATE_IN_CURRENT_PERIOD;
            return !e.recordedAt().isAfter(at) || (!late && !e.occurredAt().isAfter(at));
        }

        private static Instant latest(Instant a, Instant b) {
            return a.isAfter(b) ? a : b;
        }
    }
}
