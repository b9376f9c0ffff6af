package dev.usageledger.projections.transcriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Settlement.Outcome;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Page;
import dev.usageledger.projections.processing.ProjectionTest;
import org.junit.jupiter.api.Test;

class TranscriptionsTest extends ProjectionTest {
    private static final OrganizationId ACME = new OrganizationId("acme");

    private final TranscriptionQuery query = new TranscriptionQuery(database);

    @Test
    void what_paid_for_a_transcription_is_told_as_it_was_recorded() {
        history.opens("acme", 100).buys("acme", "p1", 50).records("acme", "t1", 170);
        project();

        TranscriptionRow t1 = newest();
        assertThat(t1.minutes()).isEqualTo(170);
        assertThat(t1.recordedMinutes()).isEqualTo(170);
        assertThat(t1.baseMinutes()).isEqualTo(100);
        assertThat(t1.overageMinutes()).isEqualTo(50);
        assertThat(t1.uncoveredMinutes()).isEqualTo(20);
        assertThat(t1.userId()).isEqualTo("ann");
        assertThat(t1.occurredAt()).isEqualTo(history.now());
        assertThat(t1.counted()).isEqualTo(Counted.CURRENT_PERIOD);
        assertThat(t1.correctedAt()).isNull();
        assertThat(t1.reservationId()).isNull();
    }

    @Test
    void a_correction_changes_what_it_costs_now_and_not_what_was_recorded() {
        history.opens("acme", 100).records("acme", "t1", 60);
        project();
        history.at("2026-02-05T00:00:00Z").corrects("acme", "c1", "t1", 50);
        project();

        TranscriptionRow t1 = newest();
        assertThat(t1.minutes()).isEqualTo(50);
        assertThat(t1.recordedMinutes()).isEqualTo(60);
        assertThat(t1.baseMinutes()).isEqualTo(60);
        assertThat(t1.correctedAt()).isEqualTo("2026-02-05T00:00:00Z");
        assertThat(t1.correctionReason()).isEqualTo("heard twice");
        assertThat(t1.voided()).isFalse();
    }

    @Test
    void a_correction_to_nothing_voids_it_and_a_later_one_revives_it() {
        history.opens("acme", 100).records("acme", "t1", 60).corrects("acme", "c1", "t1", 0);
        project();
        assertThat(newest().voided()).isTrue();
        assertThat(newest().minutes()).isZero();

        history.corrects("acme", "c2", "t1", 10);
        project();
        assertThat(newest().voided()).isFalse();
        assertThat(newest().minutes()).isEqualTo(10);
    }

    @Test
    void a_transcription_that_cost_nothing_is_not_a_voided_one() {
        history.opens("acme", 100).records("acme", "t1", 0);
        project();

        assertThat(newest().voided()).isFalse();
    }

    @Test
    void late_usage_tells_where_it_is_counted() {
        history.opens("acme", 100).at("2026-03-01T00:00:00Z");
        history.records("acme", "just-closed", 20, "2026-02-27T23:50:00Z", null);
        history.records("acme", "long-ago", 10, "2025-12-24T00:00:00Z", null);
        project();

        TranscriptionRow longAgo = newest();
        TranscriptionRow justClosed = page(null, 2).items().getLast();
        assertThat(justClosed.counted()).isEqualTo(Counted.CLOSED_PERIOD);
        assertThat(justClosed.periodIndex()).isEqualTo(0);
        assertThat(longAgo.counted()).isEqualTo(Counted.LATE_IN_CURRENT_PERIOD);
        assertThat(longAgo.periodIndex()).isEqualTo(1);
        assertThat(longAgo.occurredAt()).isEqualTo("2025-12-24T00:00:00Z");
    }

    @Test
    void naming_a_hold_tells_what_came_of_it() {
        history.opens("acme", 100)
                .reserves("acme", "r1", 30)
                .reserves("acme", "r2", 30)
                .releases("acme", "r2");
        history.records("acme", "t1", 10, null, "r1").records("acme", "t2", 10, null, "r2");
        project();

        assertThat(page(null, 2).items())
                .extracting(TranscriptionRow::reservationId, TranscriptionRow::settlement)
                .containsExactly(tuple("r2", Outcome.ALREADY_RELEASED), tuple("r1", Outcome.SETTLED));
    }

    @Test
    void the_list_is_cut_into_pages_newest_first_and_shows_one_organization() {
        history.opens("acme", 100).opens("other", 100);
        history.records("acme", "t1", 1)
                .records("other", "x1", 1)
                .records("acme", "t2", 1)
                .records("acme", "t3", 1);
        project();

        Page<TranscriptionRow> first = page(null, 2);
        Page<TranscriptionRow> second = page(first.next(), 2);
        assertThat(first.items()).extracting(TranscriptionRow::transcriptionId).containsExactly("t3", "t2");
        assertThat(second.items()).extracting(TranscriptionRow::transcriptionId).containsExactly("t1");
        assertThat(second.next()).isNull();
    }

    private TranscriptionRow newest() {
        return page(null, 1).items().getFirst();
    }

    private Page<TranscriptionRow> page(String cursor, int limit) {
        return query.newestFirst(ACME, cursor, limit);
    }
}
